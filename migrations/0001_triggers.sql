-- Mirrors, versions and counts: kept where the rows move, so that no caller can forget them.
INSERT INTO change_numbers (name, value) VALUES ('change', 1);
--> statement-breakpoint
CREATE TRIGGER repositories_version_insert AFTER INSERT ON repositories
BEGIN
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
  UPDATE repositories SET version = (SELECT value FROM change_numbers WHERE name = 'change') WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER repositories_version_update AFTER UPDATE ON repositories WHEN NEW.version = OLD.version
BEGIN
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
  UPDATE repositories SET version = (SELECT value FROM change_numbers WHERE name = 'change') WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER servers_version_insert AFTER INSERT ON servers
BEGIN
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
  UPDATE servers SET version = (SELECT value FROM change_numbers WHERE name = 'change') WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER servers_version_update AFTER UPDATE ON servers WHEN NEW.version = OLD.version
BEGIN
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
  UPDATE servers SET version = (SELECT value FROM change_numbers WHERE name = 'change') WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER repositories_count_insert AFTER INSERT ON repositories
BEGIN
  INSERT INTO state_counts (server_id, state, count) VALUES (NEW.server_id, NEW.state, 1)
    ON CONFLICT (server_id, state) DO UPDATE SET count = count + 1;
  UPDATE servers SET
    repository_count = repository_count + (NEW.gone_at IS NULL),
    selected_count = selected_count + (NEW.gone_at IS NULL AND NEW.selected),
    running_count = running_count + (NEW.state = 'scanning')
    WHERE id = NEW.server_id;
END;
--> statement-breakpoint
CREATE TRIGGER repositories_count_update AFTER UPDATE ON repositories WHEN NEW.state <> OLD.state
BEGIN
  INSERT INTO state_counts (server_id, state, count) VALUES (OLD.server_id, OLD.state, -1)
    ON CONFLICT (server_id, state) DO UPDATE SET count = count - 1;
  INSERT INTO state_counts (server_id, state, count) VALUES (NEW.server_id, NEW.state, 1)
    ON CONFLICT (server_id, state) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER repositories_server_update AFTER UPDATE ON repositories
  WHEN NEW.state <> OLD.state OR NEW.selected <> OLD.selected OR (NEW.gone_at IS NULL) <> (OLD.gone_at IS NULL)
BEGIN
  UPDATE servers SET
    repository_count = repository_count + (NEW.gone_at IS NULL) - (OLD.gone_at IS NULL),
    selected_count = selected_count + (NEW.gone_at IS NULL AND NEW.selected) - (OLD.gone_at IS NULL AND OLD.selected),
    running_count = running_count + (NEW.state = 'scanning') - (OLD.state = 'scanning')
    WHERE id = NEW.server_id;
END;
--> statement-breakpoint
CREATE TRIGGER repositories_count_delete AFTER DELETE ON repositories
BEGIN
  INSERT INTO state_counts (server_id, state, count) VALUES (OLD.server_id, OLD.state, -1)
    ON CONFLICT (server_id, state) DO UPDATE SET count = count - 1;
  UPDATE servers SET
    repository_count = repository_count - (OLD.gone_at IS NULL),
    selected_count = selected_count - (OLD.gone_at IS NULL AND OLD.selected),
    running_count = running_count - (OLD.state = 'scanning')
    WHERE id = OLD.server_id;
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
END;
--> statement-breakpoint
CREATE TRIGGER servers_counts_delete AFTER DELETE ON servers
BEGIN
  DELETE FROM state_counts WHERE server_id = OLD.id;
  DELETE FROM finding_counts WHERE server_id = OLD.id;
  UPDATE change_numbers SET value = value + 1 WHERE name = 'change';
END;
--> statement-breakpoint
CREATE TRIGGER jobs_scan_insert AFTER INSERT ON jobs WHEN NEW.kind = 'scan'
BEGIN
  UPDATE repositories SET scan_id = NEW.id, scan_state = NEW.state, scan_result = NEW.result,
    scan_wait_reason = NEW.wait_reason WHERE id = NEW.repository_id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_scan_update AFTER UPDATE ON jobs WHEN NEW.kind = 'scan'
  AND (NEW.state <> OLD.state OR NEW.step <> OLD.step OR NEW.run_at <> OLD.run_at
    OR NEW.beat_at IS NOT OLD.beat_at OR NEW.wait_reason IS NOT OLD.wait_reason)
BEGIN
  UPDATE repositories SET scan_state = NEW.state, scan_result = NEW.result,
    scan_wait_reason = NEW.wait_reason WHERE id = NEW.repository_id AND scan_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_discovery_insert AFTER INSERT ON jobs WHEN NEW.kind = 'discovery'
BEGIN
  UPDATE servers SET discovery_id = NEW.id, discovery_state = NEW.state,
    discovery_wait_reason = NEW.wait_reason WHERE id = NEW.server_id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_discovery_update AFTER UPDATE ON jobs WHEN NEW.kind = 'discovery'
  AND (NEW.state <> OLD.state OR NEW.step <> OLD.step OR NEW.run_at <> OLD.run_at
    OR NEW.beat_at IS NOT OLD.beat_at OR NEW.wait_reason IS NOT OLD.wait_reason)
BEGIN
  UPDATE servers SET discovery_state = NEW.state, discovery_wait_reason = NEW.wait_reason
    WHERE id = NEW.server_id AND discovery_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_claimed AFTER UPDATE ON jobs WHEN NEW.kind = 'scan' AND OLD.state <> 'running' AND NEW.state = 'running'
BEGIN
  UPDATE servers SET claimed_at = coalesce(NEW.beat_at, 0), waiting_until = NULL WHERE id = NEW.server_id;
END;
--> statement-breakpoint
CREATE TRIGGER findings_count_insert AFTER INSERT ON findings
BEGIN
  INSERT INTO finding_counts (server_id, state, severity, count)
    VALUES (NEW.server_id, NEW.state, NEW.severity, 1)
    ON CONFLICT (server_id, state, severity) DO UPDATE SET count = count + 1;
  UPDATE repositories SET
    critical = critical + (NEW.severity = 'critical' AND NEW.state IN ('open', 'to_fix')),
    high = high + (NEW.severity = 'high' AND NEW.state IN ('open', 'to_fix')),
    medium = medium + (NEW.severity = 'medium' AND NEW.state IN ('open', 'to_fix')),
    low = low + (NEW.severity = 'low' AND NEW.state IN ('open', 'to_fix'))
    WHERE id = NEW.repository_id;
END;
--> statement-breakpoint
CREATE TRIGGER findings_count_update AFTER UPDATE ON findings WHEN NEW.state <> OLD.state OR NEW.severity <> OLD.severity
BEGIN
  INSERT INTO finding_counts (server_id, state, severity, count)
    VALUES (OLD.server_id, OLD.state, OLD.severity, -1)
    ON CONFLICT (server_id, state, severity) DO UPDATE SET count = count - 1;
  INSERT INTO finding_counts (server_id, state, severity, count)
    VALUES (NEW.server_id, NEW.state, NEW.severity, 1)
    ON CONFLICT (server_id, state, severity) DO UPDATE SET count = count + 1;
  UPDATE repositories SET
    critical = critical + (NEW.severity = 'critical' AND NEW.state IN ('open', 'to_fix')) - (OLD.severity = 'critical' AND OLD.state IN ('open', 'to_fix')),
    high = high + (NEW.severity = 'high' AND NEW.state IN ('open', 'to_fix')) - (OLD.severity = 'high' AND OLD.state IN ('open', 'to_fix')),
    medium = medium + (NEW.severity = 'medium' AND NEW.state IN ('open', 'to_fix')) - (OLD.severity = 'medium' AND OLD.state IN ('open', 'to_fix')),
    low = low + (NEW.severity = 'low' AND NEW.state IN ('open', 'to_fix')) - (OLD.severity = 'low' AND OLD.state IN ('open', 'to_fix'))
    WHERE id = NEW.repository_id;
END;
--> statement-breakpoint
CREATE TRIGGER findings_count_delete AFTER DELETE ON findings
BEGIN
  INSERT INTO finding_counts (server_id, state, severity, count)
    VALUES (OLD.server_id, OLD.state, OLD.severity, -1)
    ON CONFLICT (server_id, state, severity) DO UPDATE SET count = count - 1;
  UPDATE repositories SET
    critical = critical - (OLD.severity = 'critical' AND OLD.state IN ('open', 'to_fix')),
    high = high - (OLD.severity = 'high' AND OLD.state IN ('open', 'to_fix')),
    medium = medium - (OLD.severity = 'medium' AND OLD.state IN ('open', 'to_fix')),
    low = low - (OLD.severity = 'low' AND OLD.state IN ('open', 'to_fix'))
    WHERE id = OLD.repository_id;
END;
