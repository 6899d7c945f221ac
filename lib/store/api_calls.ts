/** Calls of a caller by minute, for its rate limit; rows, so that several instances count as one. */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";

const MINUTE_MS = 60_000;

/** Counts the requests of each API key within the hour, for its rate limit. */
export function apiCallStore(db: Db, clock: Clock) {
  return {
    /** Counts one call; gives how many this minute has seen, and when the next begins. */
    async count(keyId: string): Promise<{ calls: number; resetsAt: number }> {
      const minute = Math.floor(clock.now() / MINUTE_MS);
      const { rows } = await db.execute(
        `INSERT INTO api_calls (key_id, minute, calls) VALUES (?, ?, 1)
         ON CONFLICT (key_id, minute) DO UPDATE SET calls = calls + 1 RETURNING calls`,
        [keyId, minute],
      );
      const calls = Number(rows[0]!.calls);
      // The first call of a minute sweeps up after the minutes before.
      if (calls === 1) {
        await db.execute("DELETE FROM api_calls WHERE key_id = ? AND minute < ?", [keyId, minute]);
      }
      return { calls, resetsAt: (minute + 1) * MINUTE_MS };
    },
  };
}
