/**
 * A machine's clock that is set back, by a person or after a start with a wrong time: what was
 * planned by the old time would wait until the new one has caught up, for a day where it is a day.
 */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";
import { LEASE_MS } from "./jobs_claimed.ts";

/** Smaller steps cost at most as much waiting; clocks of several instances differ by less. */
export const STEP_MS = 2 * 60_000;
const MINUTE_MS = 60_000;

/** Times noted by all processes, so that a clock set back is seen. */
export function clockStepStore(db: Db, clock: Clock) {
  let before: number | null = null;

  /** The last time noted by any process, in milliseconds; 0 where there is none. */
  async function lastSeen(): Promise<number> {
    const { rows } = await db.execute("SELECT value FROM settings WHERE name = 'last_seen_at'");
    return Number(rows[0]?.value ?? 0);
  }

  return {
    /** How far the clock stands behind what was noted last; 0 within what clocks may differ. */
    async behindMs(): Promise<number> {
      const behind = await lastSeen() - clock.now();
      return behind > STEP_MS ? behind : 0;
    },

    /**
     * Notes the time, each minute and at a start. Where the clock was set back since, gives by how
     * many milliseconds, and moves what was planned by as much; otherwise 0. Compared with what
     * this process noted before, at first with what the last one did: instances whose clocks
     * differ move things once, not each minute.
     */
    async note(): Promise<number> {
      const now = clock.now();
      const last = before ?? await lastSeen();
      before = now;
      const back = last - now > STEP_MS ? last - now : 0;
      const noted = {
        sql: `INSERT INTO settings (name, value) VALUES ('last_seen_at', ?1)
          ON CONFLICT (name) DO UPDATE SET value = ?1`,
        args: [String(now)],
      };
      await db.batch(back === 0 ? [noted] : [...moved(now, back), noted]);
      return back;
    },
  };
}

/** Waits keep what is left of them; what has happened did so no later than now. */
function moved(now: number, back: number) {
  return [
    {
      sql: `UPDATE jobs SET run_at = max(?1, run_at - ?2) WHERE state = 'queued' AND run_at > ?1`,
      args: [now, back],
    },
    {
      sql: `UPDATE jobs SET lease_until = min(lease_until, ?1 + ${LEASE_MS})
        WHERE state = 'running'`,
      args: [now],
    },
    {
      // When a discovery ended says when the next is due, and a failure's time when it is retried.
      sql: `UPDATE jobs SET created_at = min(created_at, ?1), started_at = min(started_at, ?1),
          beat_at = min(beat_at, ?1), finished_at = min(finished_at, ?1)
        WHERE max(created_at, coalesce(started_at, 0), coalesce(beat_at, 0),
          coalesce(finished_at, 0)) > ?1`,
      args: [now],
    },
    {
      sql: `UPDATE servers SET waiting_until = max(?1, waiting_until - ?2)
        WHERE waiting_until > ?1`,
      args: [now, back],
    },
    {
      sql: "UPDATE servers SET claimed_at = ?1 WHERE claimed_at > ?1",
      args: [now],
    },
    {
      // A push in the future would ask for another scan at the end of each.
      sql: `UPDATE repositories SET pushed_at = min(pushed_at, ?1), scanned_at = min(scanned_at, ?1)
        WHERE max(pushed_at, scanned_at) > ?1`,
      args: [now],
    },
    { sql: "DELETE FROM credential_calls WHERE minute > ?1", args: [Math.floor(now / MINUTE_MS)] },
    { sql: "DELETE FROM api_calls WHERE minute > ?1", args: [Math.floor(now / MINUTE_MS)] },
    {
      // Who mistyped a password is not to wait for a day.
      sql: "UPDATE sign_in_failures SET last_at = ?1 WHERE last_at > ?1",
      args: [now],
    },
  ];
}
