/** What a scan writes: findings in batches while its claim holds, then its end. */

import type { InStatement } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import { MIXED_RULES } from "@/lib/rules_version.ts";
import { listPlaces } from "./scans_places.ts";
import { commitPartStore } from "./commit_parts.ts";
import type { Db } from "./db.ts";
import { SAID_BY_CONTENT } from "./suppressions.ts";
import { type ClaimedJob, LEASE_MS, PRIORITY, succeeded, type Success } from "./job_moves.ts";
import {
  CLEAR_MISSING,
  CLEAR_TIPS,
  DONE,
  MARK_MISSING,
  MOVE_FINDINGS,
  MOVE_TIPS,
  RECOUNT,
  RULE_EDITED,
  scanNumber,
  toRow,
  UPSERT_FINDINGS,
  UPSERT_OCCURRENCES,
} from "./scans_writes.ts";

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

/**
 * How a batch was read: of the tip alone, of the whole history, of what is new only, or of a slice
 * of the history, of which the slices before it were read by the same scan.
 */
export type ReadScope = "tip" | "history" | "new" | "slice";

/** What a finished scan knows beside its findings. */
export interface ScanEnd extends Success {
  refs: readonly { name: string; oid: string }[];
  headCommit: string | null;
  rulesVersion: string;
  /** When the rules were asked for by which all was read; absent: when the scan began. */
  rulesReadAt?: number;
  scope: ReadScope;
  /** Known occurrences by id and whether the tip still holds them; of a reading of what is new. */
  atTip?: readonly { id: number; atTip: boolean }[] | undefined;
  /** Read in slices, none of which knew of the others' findings. */
  sliced?: boolean | undefined;
}

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
      const isPart = scope === "new" || scope === "slice";
      const readIn = scope === "slice" ? scanNumber(job.id) : null;
      const statements: InStatement[] = [
        {
          sql: `UPDATE jobs SET beat_at = ?, lease_until = ?
            WHERE id = ? AND claim = ? AND state = 'running' RETURNING id`,
          args: [now, now + LEASE_MS, job.id, job.claim],
        },
        { sql: UPSERT_FINDINGS, args: [...args, job.serverId, isPart ? 1 : 0, readIn] },
        { sql: CLEAR_TIPS, args: [job.id, job.claim, job.repositoryId, rows] },
        {
          sql: UPSERT_OCCURRENCES,
          args: [job.id, job.claim, job.repositoryId, places, scope === "new" ? 1 : 0, readIn],
        },
      ];
      if (isPart) {
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
          sql: `UPDATE repositories SET scanned_at = ?3, scanned_commit = ?5,
            rules_version = CASE WHEN ${RULE_EDITED} THEN '${MIXED_RULES}' ELSE ?6 END,
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
      if (end.sliced) {
        // A slice does not know that in another one the file's content says more than its name.
        statements.push({
          sql: `DELETE FROM findings WHERE repository_id = ?4 AND ${DONE} AND state = 'suppressed'
            AND suppressed_by = ?5 AND last_scan_id = ?1 AND created_at >= ?6`,
          args: [...args, SAID_BY_CONTENT, job.createdAt],
        });
      }
      if (end.result === "complete" && end.scope === "history") {
        statements.push(
          { sql: MARK_MISSING, args: [...args, end.rulesReadAt ?? null] },
          { sql: CLEAR_MISSING, args },
        );
      }
      const [mine] = await db.batch(statements);
      return mine!.rows.length === 1;
    },

    /** What scans in slices learned of the commits. */
    commitParts: commitPartStore(db),

    /** The ref tips of the last complete scan; empty before it. */
    async refTips(repositoryId: string): Promise<{ name: string; oid: string }[]> {
      const { rows } = await db.execute("SELECT refs FROM ref_tips WHERE repository_id = ?", [
        repositoryId,
      ]);
      return rows[0] ? JSON.parse(String(rows[0].refs)) : [];
    },

    /** Where the findings of a repository stand, for looking them up at the tip; at most `limit`. */
    listPlaces: (repositoryId: string, limit: number) => listPlaces(db, repositoryId, limit),

    /** Forgets the ref tips, so that the next scan reads everything. */
    async forgetRefTips(repositoryId: string): Promise<void> {
      await db.execute("DELETE FROM ref_tips WHERE repository_id = ?", [repositoryId]);
    },
  };
}
