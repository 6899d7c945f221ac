/** Our own count of REST calls in the rolling hour: Bitbucket tells it to few credentials. */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";

const MINUTE_MS = 60_000;

/** What is used and left of an hour's calls. */
export interface RestBudget {
  used: number;
  limit: number;
  /** When the oldest counted minute falls out of the hour; null when nothing is counted. */
  freesAt: number | null;
}

/** The hour's REST calls of each credential, counted as they are answered. */
export function restCallStore(db: Db, clock: Clock) {
  return {
    /** Counts one call in this minute, and forgets what is older than an hour. */
    async count(credentialKey: string): Promise<void> {
      const minute = Math.floor(clock.now() / MINUTE_MS);
      await db.batch([
        {
          sql: `INSERT INTO credential_calls (credential_key, minute, calls) VALUES (?1, ?2, 1)
            ON CONFLICT (credential_key, minute) DO UPDATE SET calls = calls + 1`,
          args: [credentialKey, minute],
        },
        { sql: "DELETE FROM credential_calls WHERE minute <= ?", args: [minute - 60] },
      ]);
    },

    /** The budget of a server's credential now; servers of one credential share it. */
    async budget(server: { credentialKey: string; restLimit: number }): Promise<RestBudget> {
      const oldest = Math.floor(clock.now() / MINUTE_MS) - 59;
      const { rows } = await db.execute(
        `SELECT coalesce(sum(calls), 0) AS used, min(minute) AS first FROM credential_calls
         WHERE credential_key = ? AND minute >= ?`,
        [server.credentialKey, oldest],
      );
      const first = rows[0]?.first;
      return {
        used: Number(rows[0]?.used ?? 0),
        limit: server.restLimit,
        freesAt: first == null ? null : (Number(first) + 60) * MINUTE_MS,
      };
    },
  };
}
