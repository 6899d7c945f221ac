/** Reads of the jobs' table that no page of repositories gives: what is due, what runs. */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";
import { jobMoves, PRIORITY } from "./job_moves.ts";

/** A discovery as the server's page shows it. */
export interface DiscoveryRow {
  id: string;
  state: string;
  waitReason: string | null;
  runAt: number;
  found: number;
  total: number | null;
  failureReason: string | null;
  failureDetail: string | null;
  beatAt: number | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

/** Ended jobs are kept so long. */
const FORGET_MS = 30 * 24 * 60 * 60 * 1000;
const FORGET_EVERY_MS = 60 * 60 * 1000;

/** All moves, and the reads around them. */
export function jobStore(db: Db, clock: Clock) {
  let forgotAt = -Infinity;

  return {
    ...jobMoves(db, clock),

    /**
     * When the next queued job comes due, or a server's wait is over; null when neither is to
     * come. For the dispatcher's timer.
     */
    async nextDueAt(): Promise<number | null> {
      const { rows } = await db.execute(
        `SELECT min(at) AS at FROM (
           SELECT min(j.run_at) AS at FROM jobs j JOIN servers s ON s.id = j.server_id
             WHERE j.state = 'queued' AND s.paused_at IS NULL AND j.run_at > ?1
           UNION ALL
           SELECT min(waiting_until) FROM servers WHERE waiting_until > ?1 AND paused_at IS NULL)`,
        [clock.now()],
      );
      return rows[0]?.at == null ? null : Number(rows[0].at);
    },

    /** Whether a claim still holds: what a running step asks when it has nothing to write. */
    async isHeld(job: { id: string; claim: number }): Promise<boolean> {
      const { rows } = await db.execute(
        "SELECT 1 FROM jobs WHERE id = ? AND claim = ? AND state = 'running'",
        [job.id, job.claim],
      );
      return rows.length === 1;
    },

    /** Whose scan it is; null for a discovery or none. */
    async findScan(id: string): Promise<{ repositoryId: string; serverId: string } | null> {
      const { rows } = await db.execute(
        `SELECT j.repository_id, j.server_id FROM jobs j
         JOIN servers s ON s.id = j.server_id AND s.draft_id IS NULL
         WHERE j.id = ? AND j.kind = 'scan'`,
        [id],
      );
      return rows[0]
        ? { repositoryId: String(rows[0].repository_id), serverId: String(rows[0].server_id) }
        : null;
    },

    /** Asks for a scan of each of these that failed; gives how many. */
    async retryFailed(repositoryIds: readonly string[]): Promise<number> {
      const { rows } = await db.execute(
        `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by,
           run_at, created_at)
         SELECT lower(hex(randomblob(10))), 'scan', r.server_id, r.id,
           CASE WHEN r.scanned_at > 0 THEN 'history' ELSE 'tip' END,
           ${PRIORITY.person}, 'person', ?1, ?1
         FROM repositories r JOIN servers s ON s.id = r.server_id AND s.draft_id IS NULL
         WHERE r.state = 'failed' AND r.id IN (SELECT value FROM json_each(?2))
         ON CONFLICT DO NOTHING RETURNING id`,
        [clock.now(), JSON.stringify(repositoryIds)],
      );
      return rows.length;
    },

    /** The newest discoveries of a server, at most `limit`. */
    async listDiscoveries(serverId: string, limit: number): Promise<DiscoveryRow[]> {
      const { rows } = await db.execute(
        `SELECT * FROM jobs WHERE server_id = ? AND kind = 'discovery'
         ORDER BY created_at DESC, id DESC LIMIT ?`,
        [serverId, limit],
      );
      return rows.map((row) => {
        const progress = row.progress ? JSON.parse(String(row.progress)) : {};
        return {
          id: String(row.id),
          state: String(row.state),
          waitReason: row.wait_reason === null ? null : String(row.wait_reason),
          runAt: Number(row.run_at),
          found: Number(progress.found ?? 0),
          total: progress.total ?? null,
          failureReason: row.failure_reason === null ? null : String(row.failure_reason),
          failureDetail: row.failure_detail === null ? null : String(row.failure_detail),
          beatAt: row.beat_at === null ? null : Number(row.beat_at),
          createdAt: Number(row.created_at),
          startedAt: row.started_at === null ? null : Number(row.started_at),
          finishedAt: row.finished_at === null ? null : Number(row.finished_at),
        };
      });
    },

    /** Figures for the server's page: scans ended in the last ten minutes, and still open. */
    async scanRate(serverId: string): Promise<{ ended: number; open: number; sinceMs: number }> {
      const sinceMs = 10 * 60_000;
      const { rows } = await db.execute(
        `SELECT
           (SELECT count(*) FROM jobs WHERE server_id = ?1 AND kind = 'scan'
              AND finished_at > ?2) AS ended,
           (SELECT coalesce(sum(count), 0) FROM state_counts WHERE server_id = ?1
              AND state IN ('queued', 'scanning', 'waiting')) AS open`,
        [serverId, clock.now() - sinceMs],
      );
      return { ended: Number(rows[0]!.ended), open: Number(rows[0]!.open), sinceMs };
    },

    /**
     * Marks repositories whose last scan used other rules as outdated, and asks for a full scan of
     * at most `limit` of them behind everything else; a discovery asks for the failed ones, in its
     * own time. Gives how many were asked for.
     */
    async rescanOutdated(rulesVersion: string, limit: number): Promise<number> {
      const now = clock.now();
      const [, , asked] = await db.batch([
        {
          sql: `UPDATE repositories SET outdated_reason = 'rules'
            WHERE rules_version < ?1 AND outdated_reason IS NOT 'rules' AND gone_at IS NULL`,
          args: [rulesVersion],
        },
        {
          sql: `UPDATE repositories SET outdated_reason = 'rules'
            WHERE rules_version > ?1 AND outdated_reason IS NOT 'rules' AND gone_at IS NULL`,
          args: [rulesVersion],
        },
        {
          sql: `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority,
              requested_by, run_at, created_at)
            SELECT lower(hex(randomblob(10))), 'scan', server_id, id, 'history',
              ${PRIORITY.background}, 'rules', ?1, ?1
            FROM repositories WHERE outdated_reason = 'rules' AND selected = 1
              AND gone_at IS NULL AND scan_state = 'succeeded'
            LIMIT ?2
            ON CONFLICT DO NOTHING RETURNING id`,
          args: [now, limit],
        },
      ]);
      return asked!.rows.length;
    },

    /**
     * Forgets ended discoveries and scans older than 30 days that no row shows as its last. Does
     * nothing within an hour of the last time: over 100,000 old scans it takes 150 ms.
     */
    async forgetOld(): Promise<void> {
      if (clock.now() - forgotAt < FORGET_EVERY_MS) return;
      forgotAt = clock.now();
      await db.execute(
        `DELETE FROM jobs WHERE finished_at < ?1 AND id NOT IN
           (SELECT scan_id FROM repositories WHERE scan_id IS NOT NULL) AND id NOT IN
           (SELECT discovery_id FROM servers WHERE discovery_id IS NOT NULL)`,
        [clock.now() - FORGET_MS],
      );
    },

    /** Asks for a scan of every selected repository of a server that has none open. */
    async rescanServer(serverId: string, priority: number, by: string): Promise<number> {
      const { rows } = await db.execute(
        `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by,
           run_at, created_at)
         SELECT lower(hex(randomblob(10))), 'scan', server_id, id, 'history', ?2, ?3, ?4, ?4
         FROM repositories WHERE server_id = ?1 AND selected = 1 AND gone_at IS NULL
         ON CONFLICT DO NOTHING RETURNING id`,
        [serverId, priority, by, clock.now()],
      );
      return rows.length;
    },
  };
}
