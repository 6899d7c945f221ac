/** Users, their sessions, and the count of failed sign-ins. */

import { asc, eq, sql } from "drizzle-orm";
import type { Clock } from "@/lib/clock.ts";
import { newId, newToken } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { sessions, users } from "./schema.ts";

export type Role = "admin" | "viewer";
export type User = typeof users.$inferSelect;

/** A session ends after a day without use, and after thirty days in any case. */
export const SESSION_IDLE_MS = 24 * 60 * 60 * 1000;
export const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

/** `seenAt` is written at most this often, so that a poll costs no write. */
const SEEN_EVERY_MS = 5 * 60 * 1000;

/** A failed sign-in slows the next ones for so long after the last. */
const FAILURES_COUNT_MS = 60 * 60 * 1000;

export function userStore(db: Db, clock: Clock) {
  return {
    async count(): Promise<number> {
      const { rows } = await db.execute("SELECT count(*) AS n FROM users");
      return Number(rows[0]!.n);
    },

    async list(): Promise<User[]> {
      return await db.query.select().from(users).orderBy(asc(users.email));
    },

    async findByEmail(email: string): Promise<User | null> {
      const [row] = await db.query.select().from(users)
        .where(sql`lower(${users.email}) = lower(${email})`).limit(1);
      return row ?? null;
    },

    /** A new user; null when the e-mail is taken. */
    async create(
      input: { email: string; passwordHash: string; role: Role },
    ): Promise<string | null> {
      const now = clock.now();
      const { rows } = await db.execute(
        `INSERT INTO users (id, email, password_hash, role, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING id`,
        [newId(now), input.email, input.passwordHash, input.role, now],
      );
      return rows[0] ? String(rows[0].id) : null;
    },

    /** The first admin, and only the first: null when there is a user already. */
    async createFirst(input: { email: string; passwordHash: string }): Promise<string | null> {
      const now = clock.now();
      const { rows } = await db.execute(
        `INSERT INTO users (id, email, password_hash, role, created_at)
         SELECT ?, ?, ?, 'admin', ? WHERE NOT EXISTS (SELECT 1 FROM users) RETURNING id`,
        [newId(now), input.email, input.passwordHash, now],
      );
      return rows[0] ? String(rows[0].id) : null;
    },

    async setPassword(id: string, passwordHash: string): Promise<void> {
      await db.query.update(users).set({ passwordHash }).where(eq(users.id, id));
    },

    /** Starts a session; gives the cookie's value, of which only the hash is kept. */
    async startSession(userId: string): Promise<string> {
      const now = clock.now();
      const token = newToken();
      await db.query.insert(sessions).values({
        idHash: await sha256Hex(token),
        userId,
        createdAt: now,
        seenAt: now,
        expiresAt: now + SESSION_MS,
      });
      return token;
    },

    /** The user of a session that is not over. */
    async findBySession(token: string): Promise<User | null> {
      const now = clock.now();
      const idHash = await sha256Hex(token);
      const [row] = await db.query.select().from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(eq(sessions.idHash, idHash)).limit(1);
      if (!row) return null;
      const { seenAt, expiresAt } = row.sessions;
      if (expiresAt <= now || seenAt + SESSION_IDLE_MS <= now) return null;
      if (seenAt + SEEN_EVERY_MS <= now) {
        await db.query.update(sessions).set({ seenAt: now }).where(eq(sessions.idHash, idHash));
      }
      return row.users;
    },

    async endSession(token: string): Promise<void> {
      await db.query.delete(sessions).where(eq(sessions.idHash, await sha256Hex(token)));
    },

    /** Removes sessions that are over, and failed sign-ins that no longer count. */
    async removeOldSessions(): Promise<void> {
      const now = clock.now();
      await db.batch([
        {
          sql: "DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?",
          args: [now, now - SESSION_IDLE_MS],
        },
        {
          sql: "DELETE FROM sign_in_failures WHERE last_at < ?",
          args: [now - FAILURES_COUNT_MS],
        },
      ]);
    },

    /** Milliseconds until `subject` may try again; 0 when it may. */
    async signInDelay(subject: string): Promise<number> {
      const { rows } = await db.execute(
        "SELECT failures, last_at FROM sign_in_failures WHERE subject = ?",
        [subject],
      );
      if (!rows[0]) return 0;
      const until = Number(rows[0].last_at) + delayAfter(Number(rows[0].failures));
      return Math.max(0, until - clock.now());
    },

    async countSignInFailure(subject: string): Promise<void> {
      const now = clock.now();
      await db.execute(
        `INSERT INTO sign_in_failures (subject, failures, last_at) VALUES (?1, 1, ?2)
         ON CONFLICT (subject) DO UPDATE SET last_at = ?2,
           failures = CASE WHEN last_at < ?2 - ${FAILURES_COUNT_MS} THEN 1 ELSE failures + 1 END`,
        [subject, now],
      );
    },

    async clearSignInFailures(subject: string): Promise<void> {
      await db.execute("DELETE FROM sign_in_failures WHERE subject = ?", [subject]);
    },
  };
}

/** None for five failures, then 1 s doubling to 5 minutes: slows guessing, locks nobody out. */
function delayAfter(failures: number): number {
  return failures < 5 ? 0 : Math.min(1000 * 2 ** (failures - 5), 300_000);
}
