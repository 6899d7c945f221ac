/** What a server's scans came to, once none is open: figures, and what was left out. */

import type { Db } from "./db.ts";

/** Sums over the newest scan of each selected repository; null where no scan told a figure. */
export interface ServerSummary {
  commits: number | null;
  scannedBytes: number | null;
  /** Repositories that were not read whole, by name, at most as many as were asked for. */
  leftOut: {
    id: string;
    fullName: string;
    state: string;
    sentences: string[];
    failureReason: string | null;
  }[];
}

/** What a server's scans came to: repositories, commits, findings, and what was left out. */
export function summaryStore(db: Db) {
  return {
    /** Reads every repository of the server: for a page that is opened, not for a poll. */
    async find(serverId: string, limit: number): Promise<ServerSummary> {
      const [sums, rows] = await Promise.all([
        db.execute(
          `SELECT sum(j.progress ->> '$.commits') AS commits,
             sum(j.progress ->> '$.scannedBytes') AS bytes
           FROM repositories r JOIN jobs j ON j.id = r.scan_id
           WHERE r.server_id = ? AND r.selected AND r.gone_at IS NULL`,
          [serverId],
        ),
        db.execute(
          `SELECT r.id, r.full_name, r.state, j.left_out, j.failure_reason
           FROM repositories r JOIN jobs j ON j.id = r.scan_id
           WHERE r.server_id = ? AND r.state IN ('failed', 'partial', 'skipped')
           ORDER BY r.state, r.full_name LIMIT ?`,
          [serverId, limit],
        ),
      ]);
      const figure = (value: unknown) => value == null ? null : Number(value);
      return {
        commits: figure(sums.rows[0]?.commits),
        scannedBytes: figure(sums.rows[0]?.bytes),
        leftOut: rows.rows.map((row) => ({
          id: String(row.id),
          fullName: String(row.full_name),
          state: String(row.state),
          sentences: JSON.parse(String(row.left_out)),
          failureReason: row.failure_reason === null ? null : String(row.failure_reason),
        })),
      };
    },
  };
}
