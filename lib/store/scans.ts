/** What a scan writes: findings in batches while its claim holds, then its end. */

import type { InStatement } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";
import { type ClaimedJob, LEASE_MS, PRIORITY, succeeded, type Success } from "./job_moves.ts";

/** One secret as it is recorded; see `workers/thread_messages.ts`, which it comes from. */
export interface SecretToRecord {
  ruleId: string;
  severity: string;
  confidence: string;
  preview: string;
  fingerprint: string;
  reasons: readonly string[];
  pathKind: string;
  atTip: boolean;
  suppressedBy: string | null;
  occurrenceCount: number;
  occurrences: readonly {
    commit: string;
    path: string;
    line: number;
    column: number;
    blob: string;
    authorName: string | null;
    authorEmail: string | null;
    date: number | null;
    atTip: boolean;
    /** The inline comment that suppresses it here. */
    suppressedBy: string | null;
  }[];
}

/** How a batch was read: of the tip alone, of the whole history, or only of what is new. */
export type ReadScope = "tip" | "history" | "new";

/** What a finished scan knows beside its findings. */
export interface ScanEnd extends Success {
  refs: readonly { name: string; oid: string }[];
  headCommit: string | null;
  rulesVersion: string;
  scope: ReadScope;
  /** Known occurrences by id and whether the tip still holds them; of a reading of what is new. */
  atTip?: readonly { id: number; atTip: boolean }[] | undefined;
}

const FENCE = "EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND state = 'running')";

/** A scan's writes: batches of findings under its claim, and the end with its ref tips. */
export function scanStore(db: Db, clock: Clock) {
  return {
    /**
     * Records a batch of secrets and renews the lease in one write; false when the claim was
     * lost, and then nothing was written. Safe to repeat.
     */
    async record(
      job: ClaimedJob,
      secrets: readonly SecretToRecord[],
      scope: ReadScope,
    ): Promise<boolean> {
      const now = clock.now();
      const rows = JSON.stringify(secrets.map((secret) => toRow(secret, scope, now)));
      const places = JSON.stringify(secrets.flatMap((secret) =>
        secret.occurrences.map((place) => ({
          ...place,
          ruleId: secret.ruleId,
          fingerprint: secret.fingerprint,
          ...(scope === "tip" ? { authorName: null, authorEmail: null, date: null } : {}),
        }))
      ));
      const args = [job.id, job.claim, job.repositoryId, now, rows];
      const statements: InStatement[] = [
        {
          sql: `UPDATE jobs SET beat_at = ?, lease_until = ?
            WHERE id = ? AND claim = ? AND state = 'running' RETURNING id`,
          args: [now, now + LEASE_MS, job.id, job.claim],
        },
        { sql: UPSERT_FINDINGS, args: [...args, job.serverId, scope === "new" ? 1 : 0] },
        { sql: CLEAR_TIPS, args: [job.id, job.claim, job.repositoryId, rows] },
        {
          sql: UPSERT_OCCURRENCES,
          args: [job.id, job.claim, job.repositoryId, places, scope === "new" ? 1 : 0],
        },
      ];
      if (scope === "new") {
        statements.splice(2, 1);
        statements.push({ sql: RECOUNT, args: [job.id, job.claim, job.repositoryId, rows] });
      }
      const [mine] = await db.batch(statements);
      return mine!.rows.length === 1;
    },

    /**
     * Ends a scan well: its state, the repository's last scan, and, only after a complete one, the
     * ref tips that the next starts from. After a complete reading of the whole history, findings
     * that it did not meet are marked as no longer there. False when the claim was lost.
     */
    async finish(job: ClaimedJob, end: ScanEnd): Promise<boolean> {
      const now = clock.now();
      // By its state too: a cancel in the same millisecond leaves the same claim and time.
      const args = [job.id, job.claim, now, job.repositoryId];
      const statements: InStatement[] = [
        succeeded(job, end, now),
        {
          sql: `UPDATE repositories SET scanned_at = ?3, scanned_commit = ?5, rules_version = ?6,
            outdated_reason = NULL WHERE id = ?4 AND ${DONE}`,
          args: [...args, end.headCommit, end.rulesVersion],
        },
      ];
      if (end.result === "complete") {
        statements.push({
          sql: `INSERT INTO ref_tips (repository_id, refs, scan_id) SELECT ?4, ?5, ?1 WHERE ${DONE}
            ON CONFLICT (repository_id) DO UPDATE SET refs = excluded.refs, scan_id = excluded.scan_id`,
          args: [...args, JSON.stringify(end.refs)],
        });
      }
      if (end.atTip) {
        const places = JSON.stringify(end.atTip.map(({ id, atTip }) => ({ id, atTip })));
        statements.push(
          { sql: MOVE_TIPS, args: [job.id, job.claim, now, places] },
          { sql: MOVE_FINDINGS, args },
        );
      }
      statements.push({
        // A push that a webhook told of while this scan ran may have come after it read the refs.
        sql: `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by,
            run_at, created_at)
          SELECT ?5, 'scan', server_id, id, 'history', ${PRIORITY.change}, 'webhook', ?3, ?3
          FROM repositories WHERE id = ?4 AND selected = 1 AND ${DONE}
            AND pushed_at >= (SELECT started_at FROM jobs WHERE id = ?1)
          ON CONFLICT DO NOTHING`,
        args: [...args, newId(now)],
      });
      if (end.result === "complete" && end.scope === "history") {
        statements.push({
          sql: `UPDATE findings SET at_tip = 0, missing_at = coalesce(missing_at, ?3)
            WHERE repository_id = ?4 AND last_scan_id <> ?1 AND ${DONE}`,
          args,
        }, {
          sql: `UPDATE occurrences SET at_tip = 0 WHERE at_tip = 1 AND ${DONE} AND finding_id IN
            (SELECT id FROM findings WHERE repository_id = ?4 AND last_scan_id <> ?1)`,
          args,
        });
      }
      const [mine] = await db.batch(statements);
      return mine!.rows.length === 1;
    },

    /** The ref tips of the last complete scan; empty before it. */
    async refTips(repositoryId: string): Promise<{ name: string; oid: string }[]> {
      const { rows } = await db.execute("SELECT refs FROM ref_tips WHERE repository_id = ?", [
        repositoryId,
      ]);
      return rows[0] ? JSON.parse(String(rows[0].refs)) : [];
    },

    /** Where the findings of a repository stand, for looking them up at the tip; at most `limit`. */
    async listPlaces(
      repositoryId: string,
      limit: number,
    ): Promise<{ id: number; path: string; blob: string; byName: boolean }[]> {
      const { rows } = await db.execute(
        `SELECT o.id, o.path, o.blob, f.rule_id LIKE 'file-%' AS by_name
         FROM findings f JOIN occurrences o ON o.finding_id = f.id
         WHERE f.repository_id = ? ORDER BY o.at_tip DESC, o.id LIMIT ?`,
        [repositoryId, limit],
      );
      return rows.map((row) => ({
        id: Number(row.id),
        path: String(row.path),
        blob: String(row.blob),
        byName: row.by_name === 1,
      }));
    },

    /** Forgets the ref tips, so that the next scan reads everything. */
    async forgetRefTips(repositoryId: string): Promise<void> {
      await db.execute("DELETE FROM ref_tips WHERE repository_id = ?", [repositoryId]);
    },
  };
}

function toRow(secret: SecretToRecord, scope: ReadScope, now: number) {
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

const DONE = `EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND finished_at = ?3
  AND state = 'succeeded')`;

const MOVE_TIPS = `UPDATE occurrences SET at_tip = v.value ->> '$.atTip'
  FROM json_each(?4) v WHERE occurrences.id = v.value ->> '$.id'
    AND at_tip <> v.value ->> '$.atTip' AND ${DONE}`;

/** A finding stands at the tip when one of its occurrences does; one that comes back is open again. */
const MOVE_FINDINGS = `UPDATE findings SET
    state = CASE WHEN state = 'revoked' AND at_tip = 0 THEN 'open' ELSE state END,
    at_tip = 1 - at_tip
  WHERE repository_id = ?4 AND ${DONE} AND at_tip <>
    EXISTS (SELECT 1 FROM occurrences o WHERE o.finding_id = findings.id AND o.at_tip = 1)`;

/** A tip gives no date, and what is new may come after the first occurrence that is known. */
const EARLIER =
  "(first_date IS NULL OR (excluded.first_date IS NOT NULL AND excluded.first_date <= first_date))";

// What stays suppressed is settled by `suppressions.apply`, which knows files and rules as well.
const UPSERT_FINDINGS = `
  INSERT INTO findings (id, server_id, repository_id, rule_id, fingerprint, preview, severity,
    confidence, state, reasons, path_kind, suppressed_by, at_tip, first_commit, first_path,
    first_line, first_author, first_email, first_date, occurrence_count, last_scan_id, created_at)
  SELECT ${get("id")}, ?6, ?3, ${get("ruleId")}, ${get("fingerprint")}, ${get("preview")},
    ${get("severity")}, ${get("confidence")}, ${get("state")}, ${get("reasons")},
    ${get("pathKind")}, ${get("suppressedBy")}, ${get("atTip")}, ${get("commit")},
    ${get("path")}, ${get("line")}, ${get("author")}, ${get("email")}, ${get("date")},
    ${get("occurrenceCount")}, ?1, ?4
  FROM json_each(?5) v WHERE ${FENCE}
  ON CONFLICT (repository_id, rule_id, fingerprint) DO UPDATE SET
    preview = excluded.preview, severity = excluded.severity, confidence = excluded.confidence,
    reasons = excluded.reasons, path_kind = excluded.path_kind,
    suppressed_by = coalesce(excluded.suppressed_by,
      CASE WHEN state = 'suppressed' THEN suppressed_by END),
    state = CASE
      WHEN state = 'open' AND excluded.suppressed_by IS NOT NULL THEN 'suppressed'
      WHEN state = 'revoked' AND excluded.at_tip = 1 AND at_tip = 0 THEN 'open'
      ELSE state END,
    first_commit = CASE WHEN ${EARLIER} THEN excluded.first_commit ELSE first_commit END,
    first_path = CASE WHEN ${EARLIER} THEN excluded.first_path ELSE first_path END,
    first_line = CASE WHEN ${EARLIER} THEN excluded.first_line ELSE first_line END,
    first_author = CASE WHEN ${EARLIER} THEN excluded.first_author ELSE first_author END,
    first_email = CASE WHEN ${EARLIER} THEN excluded.first_email ELSE first_email END,
    first_date = CASE WHEN ${EARLIER} THEN excluded.first_date ELSE first_date END,
    at_tip = max(excluded.at_tip, at_tip * ?7),
    missing_at = NULL, last_scan_id = excluded.last_scan_id,
    occurrence_count = max(excluded.occurrence_count, 1)`;

// CROSS JOIN keeps the order: else the planner reads every finding of the repository for each row.
const MATCHING = `SELECT f.id FROM json_each(?4) v CROSS JOIN findings f ON f.repository_id = ?3
  AND f.rule_id = ${get("ruleId")} AND f.fingerprint = ${get("fingerprint")}`;

const CLEAR_TIPS = `UPDATE occurrences SET at_tip = 0
  WHERE at_tip = 1 AND ${FENCE} AND finding_id IN (${MATCHING})`;

const RECOUNT = `UPDATE findings SET occurrence_count =
  (SELECT count(*) FROM occurrences o WHERE o.finding_id = findings.id)
  WHERE ${FENCE} AND id IN (${MATCHING})`;

/** A tree that is new lists old files too: of what is new only an earlier commit counts. */
const LATER = "(?5 AND excluded.date > date)";

const UPSERT_OCCURRENCES = `
  INSERT INTO occurrences (finding_id, "commit", path, line, "column", blob, author, email, date,
    at_tip, suppressed_by)
  SELECT f.id, ${get("commit")}, ${get("path")}, ${get("line")}, ${get("column")}, ${get("blob")},
    ${get("authorName")}, ${get("authorEmail")}, ${get("date")}, ${get("atTip")},
    ${get("suppressedBy")}
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
    at_tip = excluded.at_tip, suppressed_by = excluded.suppressed_by`;
