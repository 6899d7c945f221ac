/** The statements by which a scan writes what it found: findings, their places, and what the tip holds. */

import { newId } from "@/lib/id.ts";
import type { ReadScope, SecretToRecord } from "./scans.ts";

/** Whether the claim holds. */
export const FENCE =
  "EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND state = 'running')";

/**
 * A number for a scan that none of its slices sees change: when it was asked for is moved by a
 * clock that is set back, and its claim with each slice. An id ends in random signs of base 32.
 */
export function scanNumber(jobId: string): number {
  return Number.parseInt(jobId.slice(-10), 36);
}

/** A finding as the statements below read it. */
export function toRow(secret: SecretToRecord, scope: ReadScope, now: number) {
  const first = secret.occurrences[0]!;
  return {
    id: newId(now),
    ruleId: secret.ruleId,
    fingerprint: secret.fingerprint,
    preview: secret.preview,
    severity: secret.severity,
    confidence: secret.confidence,
    state: secret.suppressedBy === null ? "open" : "suppressed",
    reasons: JSON.stringify(secret.reasons),
    pathKind: secret.pathKind,
    suppressedBy: secret.suppressedBy,
    inlineOpen: secret.occurrences.some((place) => place.suppressedBy === null),
    atTip: secret.atTip,
    commit: first.commit,
    path: first.path,
    line: first.line,
    // The tip's own commit is not the one that brought the secret: the history tells that later.
    author: scope === "tip" ? null : first.authorName,
    email: scope === "tip" ? null : first.authorEmail,
    date: scope === "tip" ? null : first.date,
    occurrenceCount: secret.occurrenceCount,
  };
}

const get = (name: string) => `v.value ->> '$.${name}'`;

/** Whether the scan has just ended well, in the same batch. */
export const DONE = `EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND finished_at = ?3
  AND state = 'succeeded')`;

const PLACE_AT_TIP =
  "EXISTS (SELECT 1 FROM occurrences o WHERE o.finding_id = findings.id AND o.at_tip = 1)";

/**
 * Of an admin's rule that is off, or was changed or switched on after the scan knew it: where its
 * findings stand at the tip is not for this scan to say, else they would come back when it is on
 * again, and open what a person took for revoked.
 */
const UNSEEN_RULE = `(rule_id LIKE 'custom-%' AND EXISTS (SELECT 1 FROM custom_rules u
  WHERE u.id = substr(rule_id, 8) AND (u.enabled = 0
    OR u.updated_at > coalesce(?5, (SELECT started_at FROM jobs WHERE id = ?1)))))`;

/**
 * Whether a rule was edited since the scan began that the scan has findings of: which of them an
 * earlier step, slice or try wrote by the rule of before, nobody can tell.
 */
export const RULE_EDITED = `EXISTS (SELECT 1 FROM custom_rules u
  CROSS JOIN findings f ON f.repository_id = ?4 AND f.rule_id = 'custom-' || u.id
  WHERE u.updated_at > (SELECT started_at FROM jobs WHERE id = ?1) AND f.last_scan_id = ?1)`;

/** What a complete reading of the whole history did not meet. */
export const MARK_MISSING = `UPDATE findings SET
    at_tip = CASE WHEN ${UNSEEN_RULE} THEN at_tip ELSE 0 END,
    missing_at = CASE WHEN ${UNSEEN_RULE} THEN missing_at ELSE coalesce(missing_at, ?3) END
  WHERE repository_id = ?4 AND last_scan_id <> ?1 AND ${DONE}`;

/** The places of what has just been marked so. */
export const CLEAR_MISSING = `UPDATE occurrences SET at_tip = 0
  WHERE at_tip = 1 AND ${DONE} AND finding_id IN (SELECT id FROM findings
    WHERE repository_id = ?4 AND last_scan_id <> ?1 AND at_tip = 0)`;

/** Known places that left the tip or came back. */
export const MOVE_TIPS = `UPDATE occurrences SET at_tip = v.value ->> '$.atTip'
  FROM json_each(?4) v WHERE occurrences.id = v.value ->> '$.id'
    AND at_tip <> v.value ->> '$.atTip' AND ${DONE}`;

/** A finding stands at the tip when one of its occurrences does; one that comes back is open again. */
export const MOVE_FINDINGS = `UPDATE findings SET
    state = CASE WHEN state = 'revoked' AND at_tip = 0 THEN 'open' ELSE state END,
    at_tip = 1 - at_tip
  WHERE repository_id = ?4 AND ${DONE} AND at_tip <> ${PLACE_AT_TIP}`;

/** A tip gives no date, and what is new may come after the first occurrence that is known. */
const EARLIER =
  "(first_date IS NULL OR (excluded.first_date IS NOT NULL AND excluded.first_date <= first_date))";

/** Whether an earlier slice of the same scan met a finding: slices go oldest first, so that it was first. */
const met = (finding: string) =>
  `EXISTS (SELECT 1 FROM occurrences o WHERE o.finding_id = ${finding}.id AND o.read_in = ?8)`;

const FIRST = `(NOT ${met("findings")} AND ${EARLIER})`;

const rank = (severity: string) =>
  `CASE ${severity} WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END`;
const trust = (confidence: string) =>
  `CASE ${confidence} WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END`;

/** As one reading of the whole weighs places: the gravest speaks, of equally grave ones the first. */
const SPOKEN_FOR = `EXISTS (SELECT 1 FROM findings g WHERE g.repository_id = ?3
  AND g.rule_id = ${get("ruleId")} AND g.fingerprint = ${get("fingerprint")} AND ${met("g")}
  AND (EXISTS (SELECT 1 FROM occurrences o WHERE o.finding_id = g.id AND o.read_in = ?8
      AND o.suppressed_by IS NULL), g.rank, ${trust("g.confidence")})
    >= (${get("inlineOpen")}, ${rank(get("severity"))}, ${trust(get("confidence"))}))`;

/** Findings as a batch tells them. */
// What stays suppressed is settled by `suppressions.apply`, which knows files and rules as well.
export const UPSERT_FINDINGS = `
  INSERT INTO findings (id, server_id, repository_id, rule_id, fingerprint, preview, severity,
    confidence, state, reasons, path_kind, suppressed_by, at_tip, first_commit, first_path,
    first_line, first_author, first_email, first_date, occurrence_count, last_scan_id, created_at)
  SELECT ${get("id")}, ?6, ?3, ${get("ruleId")}, ${get("fingerprint")}, ${get("preview")},
    ${get("severity")}, ${get("confidence")}, ${get("state")}, ${get("reasons")},
    ${get("pathKind")}, ${get("suppressedBy")}, ${get("atTip")}, ${get("commit")},
    ${get("path")}, ${get("line")}, ${get("author")}, ${get("email")}, ${get("date")},
    ${get("occurrenceCount")}, ?1, ?4
  FROM json_each(?5) v WHERE ${FENCE} AND NOT (?8 IS NOT NULL AND ${SPOKEN_FOR})
  ON CONFLICT (repository_id, rule_id, fingerprint) DO UPDATE SET
    preview = excluded.preview, severity = excluded.severity, confidence = excluded.confidence,
    reasons = excluded.reasons, path_kind = excluded.path_kind,
    suppressed_by = coalesce(excluded.suppressed_by,
      CASE WHEN state = 'suppressed' THEN suppressed_by END),
    state = CASE
      WHEN state = 'open' AND excluded.suppressed_by IS NOT NULL THEN 'suppressed'
      WHEN state = 'revoked' AND excluded.at_tip = 1 AND at_tip = 0 THEN 'open'
      ELSE state END,
    first_commit = CASE WHEN ${FIRST} THEN excluded.first_commit ELSE first_commit END,
    first_path = CASE WHEN ${FIRST} THEN excluded.first_path ELSE first_path END,
    first_line = CASE WHEN ${FIRST} THEN excluded.first_line ELSE first_line END,
    first_author = CASE WHEN ${FIRST} THEN excluded.first_author ELSE first_author END,
    first_email = CASE WHEN ${FIRST} THEN excluded.first_email ELSE first_email END,
    first_date = CASE WHEN ${FIRST} THEN excluded.first_date ELSE first_date END,
    at_tip = max(excluded.at_tip, at_tip * ?7),
    missing_at = NULL, last_scan_id = excluded.last_scan_id,
    occurrence_count = max(excluded.occurrence_count, 1)`;

// CROSS JOIN keeps the order: else the planner reads every finding of the repository for each row.
const MATCHING = `SELECT f.id FROM json_each(?4) v CROSS JOIN findings f ON f.repository_id = ?3
  AND f.rule_id = ${get("ruleId")} AND f.fingerprint = ${get("fingerprint")}`;

/** What a whole reading meets stands at the tip only where it says so. */
export const CLEAR_TIPS = `UPDATE occurrences SET at_tip = 0
  WHERE at_tip = 1 AND ${FENCE} AND finding_id IN (${MATCHING})`;

/**
 * After a reading of a part: findings it met have places of before too, so that those kept are
 * counted, as nobody knows how many of the others are the same; and one that a graver place speaks
 * for may stand at the tip by another.
 */
export const RECOUNT = `UPDATE findings SET
    occurrence_count = (SELECT count(*) FROM occurrences o WHERE o.finding_id = findings.id),
    state = CASE WHEN state = 'revoked' AND at_tip = 0 AND ${PLACE_AT_TIP} THEN 'open'
      ELSE state END,
    at_tip = max(at_tip, ${PLACE_AT_TIP})
  WHERE ${FENCE} AND id IN (${MATCHING})`;

/**
 * A tree that is new lists old files too: of what is new only an earlier commit counts, and of a
 * slice only one that no slice before it gave.
 */
const LATER = "((?5 AND excluded.date > date) OR read_in = ?6)";

/** The places of findings that stand already. */
export const UPSERT_OCCURRENCES = `
  INSERT INTO occurrences (finding_id, "commit", path, line, "column", blob, author, email, date,
    at_tip, suppressed_by, read_in)
  SELECT f.id, ${get("commit")}, ${get("path")}, ${get("line")}, ${get("column")}, ${get("blob")},
    ${get("authorName")}, ${get("authorEmail")}, ${get("date")}, ${get("atTip")},
    ${get("suppressedBy")}, ?6
  FROM json_each(?4) v CROSS JOIN findings f ON f.repository_id = ?3 AND f.rule_id = ${
  get("ruleId")
}
    AND f.fingerprint = ${get("fingerprint")}
  WHERE ${FENCE}
  ON CONFLICT (finding_id, path, blob, line, "column") DO UPDATE SET
    "commit" = CASE WHEN ${LATER} THEN "commit" ELSE excluded."commit" END,
    author = CASE WHEN ${LATER} THEN author ELSE coalesce(excluded.author, author) END,
    email = CASE WHEN ${LATER} THEN email ELSE coalesce(excluded.email, email) END,
    date = CASE WHEN ${LATER} THEN date ELSE coalesce(excluded.date, date) END,
    at_tip = CASE WHEN ?6 IS NULL THEN excluded.at_tip ELSE max(at_tip, excluded.at_tip) END,
    suppressed_by = excluded.suppressed_by, read_in = ?6`;
