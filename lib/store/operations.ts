/** What an operator asks: what is open, what runs and where, what failed. */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";

/** One job as the operator's page shows it. */
export interface OperationRow {
  id: string;
  kind: string;
  step: string;
  state: string;
  serverName: string;
  repositoryId: string | null;
  repositoryFullName: string | null;
  owner: string | null;
  leaseUntil: number | null;
  attempts: number;
  crashes: number;
  waitReason: string | null;
  runAt: number;
  beatAt: number | null;
  failureReason: string | null;
  failureDetail: string | null;
  finishedAt: number | null;
}

/** What the operations page and the metrics tell of jobs, read in few queries. */
export function operationStore(db: Db, clock: Clock) {
  const select = `SELECT j.*, s.name AS server_name, r.full_name FROM jobs j
    JOIN servers s ON s.id = j.server_id LEFT JOIN repositories r ON r.id = j.repository_id`;

  async function list(where: string, limit: number): Promise<OperationRow[]> {
    const { rows } = await db.execute(`${select} WHERE ${where} LIMIT ?`, [limit]);
    return rows.map((row) => ({
      id: String(row.id),
      kind: String(row.kind),
      step: String(row.step),
      state: String(row.state),
      serverName: String(row.server_name),
      repositoryId: row.repository_id === null ? null : String(row.repository_id),
      repositoryFullName: row.full_name === null ? null : String(row.full_name),
      owner: row.owner === null ? null : String(row.owner),
      leaseUntil: row.lease_until === null ? null : Number(row.lease_until),
      attempts: Number(row.attempts),
      crashes: Number(row.crashes),
      waitReason: row.wait_reason === null ? null : String(row.wait_reason),
      runAt: Number(row.run_at),
      beatAt: row.beat_at === null ? null : Number(row.beat_at),
      failureReason: row.failure_reason === null ? null : String(row.failure_reason),
      failureDetail: row.failure_detail === null ? null : String(row.failure_detail),
      finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    }));
  }

  return {
    /** Open jobs by kind and state, with the age of the oldest that is due. */
    async openJobs(): Promise<
      { kind: string; state: string; count: number; oldestDueMs: number | null }[]
    > {
      const now = clock.now();
      const { rows } = await db.execute(
        `SELECT kind, state, count(*) AS n, min(CASE WHEN run_at <= ?1 THEN run_at END) AS due
         FROM jobs WHERE state IN ('queued', 'running') GROUP BY kind, state`,
        [now],
      );
      return rows.map((row) => ({
        kind: String(row.kind),
        state: String(row.state),
        count: Number(row.n),
        oldestDueMs: row.due === null ? null : now - Number(row.due),
      }));
    },

    /** Whether the tables are those of this version; see `Db`. */
    isCurrent: () => db.isCurrent(),

    /** For how long work is due that could run while nothing does; null where all is well. */
    async idleMs(): Promise<number | null> {
      const now = clock.now();
      const { rows } = await db.execute(
        `SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'running') THEN
           (SELECT min(j.run_at) FROM jobs j JOIN servers s ON s.id = j.server_id
            WHERE j.state = 'queued' AND j.run_at <= ?1 AND s.paused_at IS NULL
              AND (j.kind = 'discovery' OR (s.draft_id IS NULL AND s.attention_reason IS NULL
                AND coalesce(s.waiting_until, 0) <= ?1))) END AS due`,
        [now],
      );
      return rows[0]?.due == null ? null : now - Number(rows[0].due);
    },

    /** What runs now, the longest lease last. */
    listRunning: (limit: number) => list("j.state = 'running' ORDER BY j.lease_until", limit),

    /** What waits for another try, the soonest first. */
    listWaiting: (limit: number) =>
      list("j.state = 'queued' AND j.wait_reason IS NOT NULL ORDER BY j.run_at", limit),

    /** What failed, the newest first. */
    listFailed: (limit: number) =>
      list("j.state = 'failed' AND j.finished_at IS NOT NULL ORDER BY j.finished_at DESC", limit),
  };
}
