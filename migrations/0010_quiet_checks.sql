-- A check that comes by itself, of a server whose list was read whole before, is no discovery to look
-- at: the server stays active meanwhile, unless the check has to wait.
DROP TRIGGER jobs_discovery_insert;
--> statement-breakpoint
CREATE TRIGGER jobs_discovery_insert AFTER INSERT ON jobs WHEN NEW.kind = 'discovery'
BEGIN
  UPDATE servers SET discovery_id = NEW.id, discovery_wait_reason = NEW.wait_reason,
    discovery_state = CASE WHEN NEW.requested_by = 'schedule' AND NEW.wait_reason IS NULL
      AND NEW.state IN ('queued', 'running') AND discovered_at IS NOT NULL
      THEN 'checking' ELSE NEW.state END
    WHERE id = NEW.server_id;
END;
--> statement-breakpoint
DROP TRIGGER jobs_discovery_update;
--> statement-breakpoint
CREATE TRIGGER jobs_discovery_update AFTER UPDATE ON jobs WHEN NEW.kind = 'discovery'
  AND (NEW.state <> OLD.state OR NEW.step <> OLD.step OR NEW.run_at <> OLD.run_at
    OR NEW.beat_at IS NOT OLD.beat_at OR NEW.wait_reason IS NOT OLD.wait_reason
    OR NEW.requested_by <> OLD.requested_by)
BEGIN
  UPDATE servers SET discovery_wait_reason = NEW.wait_reason,
    discovery_state = CASE WHEN NEW.requested_by = 'schedule' AND NEW.wait_reason IS NULL
      AND NEW.state IN ('queued', 'running') AND discovered_at IS NOT NULL
      THEN 'checking' ELSE NEW.state END
    WHERE id = NEW.server_id AND discovery_id = NEW.id;
END;
