/**
 * Tries to sign in: counted before they are judged, so that a crowd at once gets no more of them
 * than one after the other; and the devices that people signed in with before, whose tries are
 * counted apart, so that a stranger's guessing slows the stranger and not them.
 */

import { parseAddress } from "@/lib/network.ts";
import type { Clock } from "@/lib/clock.ts";
import { newToken } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";

/** A failure slows the next tries for so long after the last. */
const FAILURES_COUNT_MS = 60 * 60 * 1000;

/** How long a browser is known. */
export const DEVICE_MS = 180 * 24 * 60 * 60 * 1000;

/** Something that tries are counted for; `free` many may fail before the next ones wait. */
export interface Subject {
  name: string;
  free: number;
}

/** The tries at one account, from browsers that nobody signed in with before. */
export function accountSubject(email: string): Subject {
  return { name: `account:${email.toLowerCase()}`, free: 5 };
}

/** The tries from one address at any account: an office may share one. */
export function addressSubject(address: string): Subject {
  return { name: `address:${networkOf(address)}`, free: 20 };
}

/** An IPv6 address stands for its /64, which one household or machine holds whole. */
function networkOf(address: string): string {
  const bytes = parseAddress(address);
  if (bytes === null) return address;
  return (bytes.length === 16 ? bytes.slice(0, 8) : bytes).join(".");
}

/** The failures of single sign-on from one address that are written down. */
export function ssoSubject(address: string): Subject {
  return { name: `sso:${networkOf(address)}`, free: 20 };
}

/** The tries from one known browser. */
export function deviceSubject(token: string): Subject {
  return { name: `device:${token}`, free: 5 };
}

/** The tries at one user's second factor. */
export function codeSubject(userId: string): Subject {
  return { name: `code:${userId}`, free: 5 };
}

/** Counts failed sign-ins by account and by address, to slow guessing down. */
export function signInStore(db: Db, clock: Clock) {
  return {
    /**
     * Takes one try of each subject. Gives 0, or the milliseconds until there is another; after
     * the free ones they are 1 s, doubling to 5 minutes: slow for guessing, and never for good.
     */
    async take(subjects: readonly Subject[]): Promise<number> {
      for (const { name, free } of subjects) {
        const now = clock.now();
        const subject = await sha256Hex(name);
        const { rows } = await db.execute(
          `INSERT INTO sign_in_failures (subject, failures, last_at) VALUES (?1, 1, ?2)
           ON CONFLICT (subject) DO UPDATE SET last_at = ?2,
             failures = CASE WHEN last_at < ?2 - ?4 THEN 1 ELSE failures + 1 END
           WHERE last_at + ${delayAfter("failures", "?3")} <= ?2 RETURNING failures`,
          [subject, now, free, FAILURES_COUNT_MS],
        );
        if (rows.length > 0) continue;
        const { rows: [row] } = await db.execute(
          `SELECT last_at + ${delayAfter("failures", "?2")} - ?3 AS ms
           FROM sign_in_failures WHERE subject = ?1`,
          [subject, free, now],
        );
        return Math.max(1, Number(row?.ms ?? 1));
      }
      return 0;
    },

    /** The try was right: forgets a subject's failures. */
    async forget(subject: Subject): Promise<void> {
      await db.execute("DELETE FROM sign_in_failures WHERE subject = ?", [
        await sha256Hex(subject.name),
      ]);
    },

    /** The try was right: gives it back, and no more than it; one's own account buys no guesses. */
    async giveBack(subject: Subject): Promise<void> {
      await db.execute(
        "UPDATE sign_in_failures SET failures = max(0, failures - 1) WHERE subject = ?",
        [await sha256Hex(subject.name)],
      );
    },

    /** Makes this browser a known one of the user; gives the cookie's value, kept as a hash. */
    async rememberDevice(userId: string): Promise<string> {
      const token = newToken();
      await db.execute(
        "INSERT INTO known_devices (token_hash, user_id, expires_at) VALUES (?, ?, ?)",
        [await sha256Hex(token), userId, clock.now() + DEVICE_MS],
      );
      return token;
    },

    /** Whether the owner of this e-mail signed in from here before; one question in any case. */
    async knowsDevice(email: string, token: string): Promise<boolean> {
      const { rows } = await db.execute(
        `SELECT 1 FROM known_devices JOIN users ON users.id = user_id
         WHERE token_hash = ? AND lower(email) = lower(?) AND expires_at > ?`,
        [await sha256Hex(token), email, clock.now()],
      );
      return rows.length > 0;
    },

    /** Removes failures that no longer count, and devices that are no longer known. */
    async removeOld(): Promise<void> {
      const now = clock.now();
      await db.batch([
        {
          sql: "DELETE FROM sign_in_failures WHERE last_at < ?",
          args: [now - FAILURES_COUNT_MS],
        },
        { sql: "DELETE FROM known_devices WHERE expires_at <= ?", args: [now] },
      ]);
    },
  };
}

/** In milliseconds; 1 << 9 seconds is beyond the five minutes already. */
function delayAfter(failures: string, free: string): string {
  return `(CASE WHEN ${failures} < ${free} THEN 0
    ELSE min(1000 << min(${failures} - ${free}, 9), 300000) END)`;
}
