/** Sessions: how long they last, whose they are, and where each began. */

import { and, desc, eq, gt, isNotNull, ne } from "drizzle-orm";
import type { Clock } from "@/lib/clock.ts";
import { newToken } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { secondFactors, sessions, settings, users } from "./schema.ts";
import type { FactorPolicy } from "./settings.ts";
import type { User } from "./users.ts";

/** A session ends after twelve hours without use, and after a week in any case. */
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1000;
export const SESSION_MS = 7 * 24 * 60 * 60 * 1000;

/** `seenAt` is written at most this often, so that a poll costs no write. */
const SEEN_EVERY_MS = 5 * 60 * 1000;

/**
 * A poll asks no database: who was found stays found until this process writes what may change
 * anybody's rights. Whether another process wrote, as the terminal's commands do to end a session, is
 * asked so often: once for all sessions.
 */
const KNOWN_MS = 10_000;

/** Far more than people; above it all are looked up again. */
const KNOWN_MAX = 10_000;

/** How and where a session began. */
export interface SessionStart {
  via:
    | "password"
    | "password and code"
    | "password and recovery code"
    | "single sign-on"
    | "set-up link"
    | "invitation"
    | "reset link";
  address: string | null;
  /** The browser in a few words. */
  device: string | null;
}

/** Who a session is of, and what they have to do before anything else. */
export interface SessionUser extends User {
  /** Where a second factor is asked for and this user, who came by a password, has none. */
  mustEnrol: boolean;
}

/** So long after a proof of who sits there, what gives others a way in asks for no other. */
export const PROOF_MS = 10 * 60 * 1000;

/** One session as its owner sees it; `id` is the hash of its cookie and opens nothing. */
export interface SessionRow extends Omit<SessionStart, "via"> {
  id: string;
  via: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
  isThis: boolean;
}

/** Sign-in sessions by the hash of their token, with idle and absolute expiry. */
export function sessionStore(db: Db, clock: Clock) {
  const known = new Map<
    string,
    { user: SessionUser; until: number; writes: number; mark: string }
  >();
  /** What SQLite says of writes by others, on which connection, and when it was asked. */
  let outside = { mark: "", connection: 0, at: -Infinity };

  const isLookedAt = (now: number) =>
    now < outside.at + KNOWN_MS && outside.connection === db.connection;

  /** Who was found before and surely still is, without asking the database. */
  function recall(idHash: string, now: number): SessionUser | null {
    const found = known.get(idHash);
    if (!found || db.shared || now >= found.until || !isLookedAt(now)) return null;
    return found.writes === db.accessWrites && found.mark === outside.mark ? found.user : null;
  }

  /** Notices that another process wrote: the mark is another then, and nobody is known any more. */
  async function lookOutside(now: number): Promise<void> {
    if (db.shared || isLookedAt(now)) return;
    const { connection } = db;
    const { rows } = await db.execute("SELECT data_version AS mark FROM pragma_data_version");
    outside = { mark: `${connection} ${rows[0]!.mark}`, connection, at: now };
  }

  return {
    /** As `findUser`, from memory alone: null says only that the database has to be asked. */
    recallUser(token: string): SessionUser | null {
      return recall(sha256Hex(token), clock.now());
    },

    /**
     * Starts a session; gives the cookie's value, of which only the hash is kept. `provenAt` is when
     * its owner proved who they are, where that was not just now; 0 where nobody knows.
     */
    async start(
      userId: string,
      how?: SessionStart,
      provenAt: number = clock.now(),
    ): Promise<string> {
      const now = clock.now();
      const token = newToken();
      await db.query.insert(sessions).values({
        idHash: sha256Hex(token),
        userId,
        createdAt: now,
        seenAt: now,
        expiresAt: now + SESSION_MS,
        provenAt,
        ...how,
      });
      return token;
    },

    /** The user of a session that is not over. */
    async findUser(token: string): Promise<SessionUser | null> {
      const now = clock.now();
      const idHash = sha256Hex(token);
      await lookOutside(now);
      const recalled = recall(idHash, now);
      if (recalled !== null) return recalled;
      const [writes, { mark }] = [db.accessWrites, outside];
      const [row] = await db.query.select().from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .leftJoin(
          secondFactors,
          and(eq(secondFactors.userId, users.id), isNotNull(secondFactors.confirmedAt)),
        )
        .leftJoin(settings, eq(settings.name, "second_factor_for"))
        .where(eq(sessions.idHash, idHash)).limit(1);
      if (!row) return null;
      const { expiresAt } = row.sessions;
      let { seenAt } = row.sessions;
      if (expiresAt <= now || seenAt + SESSION_IDLE_MS <= now) return null;
      if (seenAt + SEEN_EVERY_MS <= now) {
        seenAt = now;
        await db.query.update(sessions).set({ seenAt }).where(eq(sessions.idHash, idHash));
      }
      if (known.size >= KNOWN_MAX) known.clear();
      const until = Math.min(expiresAt, seenAt + SEEN_EVERY_MS);
      const asked = row.second_factors === null &&
        isAskedFor(row.settings?.value, row.users.role, row.sessions.via);
      const user = { ...row.users, mustEnrol: asked };
      known.set(idHash, { user, until, writes, mark });
      return user;
    },

    /** Whether who sits there proved lately who they are. */
    async isProven(token: string): Promise<boolean> {
      const [row] = await db.query.select({ at: sessions.provenAt }).from(sessions)
        .where(eq(sessions.idHash, sha256Hex(token))).limit(1);
      return row !== undefined && row.at + PROOF_MS > clock.now();
    },

    /** How the session began; null when there is none. */
    async findVia(token: string): Promise<string | null> {
      const [row] = await db.query.select({ via: sessions.via }).from(sessions)
        .where(eq(sessions.idHash, sha256Hex(token))).limit(1);
      return row?.via ?? null;
    },

    /** Who sits there just proved who they are. */
    async prove(token: string): Promise<void> {
      await db.query.update(sessions).set({ provenAt: clock.now() })
        .where(eq(sessions.idHash, sha256Hex(token)));
    },

    /** A user's sessions that are not over, the last used first; at most 100. */
    async list(userId: string, token: string): Promise<SessionRow[]> {
      const now = clock.now();
      const idHash = sha256Hex(token);
      const rows = await db.query.select().from(sessions).where(and(
        eq(sessions.userId, userId),
        gt(sessions.expiresAt, now),
        gt(sessions.seenAt, now - SESSION_IDLE_MS),
      )).orderBy(desc(sessions.seenAt)).limit(100);
      return rows.map(({ idHash: id, userId: _, ...rest }) => ({
        id,
        ...rest,
        isThis: id === idHash,
      }));
    },

    async end(token: string): Promise<void> {
      await db.query.delete(sessions).where(eq(sessions.idHash, sha256Hex(token)));
    },

    /** Ends one of a user's own sessions; false when it is not among them. */
    async endOne(userId: string, id: string): Promise<boolean> {
      const ended = await db.query.delete(sessions)
        .where(and(eq(sessions.userId, userId), eq(sessions.idHash, id)))
        .returning({ id: sessions.idHash });
      return ended.length > 0;
    },

    /** Ends all of a user's sessions but that of `token`, and gives how many there were. */
    async endAll(userId: string, token: string | null = null): Promise<number> {
      const mine = eq(sessions.userId, userId);
      const ended = await db.query.delete(sessions)
        .where(token === null ? mine : and(mine, ne(sessions.idHash, sha256Hex(token))))
        .returning({ id: sessions.idHash });
      return ended.length;
    },

    /** Removes sessions that are over. */
    async removeOld(): Promise<void> {
      const now = clock.now();
      await db.execute("DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?", [
        now,
        now - SESSION_IDLE_MS,
      ]);
    },
  };
}

/** A provider asks for what it wants by itself: who comes from there is not asked again. */
function isAskedFor(policy: string | undefined, role: User["role"], via: string): boolean {
  if (via === ("single sign-on" satisfies SessionStart["via"])) return false;
  const asked = policy as FactorPolicy | undefined;
  return asked === "everybody" || (asked === "admins" && role === "admin");
}
