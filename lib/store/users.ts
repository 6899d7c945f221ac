/** Users: who may sign in, with which role. */

import { and, asc, eq, sql } from "drizzle-orm";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";
import { users } from "./schema.ts";

export type Role = "admin" | "viewer";
export type User = typeof users.$inferSelect;

/** Whether somebody else than the user `?2` is an admin. */
const OTHER_ADMIN =
  "EXISTS (SELECT 1 FROM users AS other WHERE other.role = 'admin' AND other.id <> ?2)";

/** The links of who is no admin any more, which would make accounts and passwords all the same. */
const END_ORPHANED_LINKS = {
  sql: `DELETE FROM one_time_tokens
        WHERE kind IN ('invitation', 'reset') AND created_by IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM users WHERE lower(users.email) = lower(created_by) AND role = 'admin')`,
  args: [],
};

/** Users, their roles and password hashes. */
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

    /** A new user; null when the e-mail is taken. An empty hash fits no password. */
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

    /** Keeps the same password under today's hash. */
    async rehash(id: string, passwordHash: string): Promise<void> {
      await db.query.update(users).set({ passwordHash }).where(eq(users.id, id));
    },

    /** Another password, which ends every session, link and known device of the user. */
    async setPassword(id: string, passwordHash: string): Promise<void> {
      await db.batch([
        { sql: "UPDATE users SET password_hash = ? WHERE id = ?", args: [passwordHash, id] },
        { sql: "DELETE FROM sessions WHERE user_id = ?", args: [id] },
        { sql: "DELETE FROM known_devices WHERE user_id = ?", args: [id] },
        { sql: "DELETE FROM one_time_tokens WHERE user_id = ?", args: [id] },
      ]);
    },

    async find(id: string): Promise<User | null> {
      const [row] = await db.query.select().from(users).where(eq(users.id, id)).limit(1);
      return row ?? null;
    },

    /** Gives a role, and ends the links of who is no admin then; false when nobody with the role admin would be left, or nobody has this id. */
    async setRole(id: string, role: Role): Promise<boolean> {
      const [changed] = await db.batch([
        {
          sql: `UPDATE users SET role = ?1 WHERE id = ?2 AND (?1 = 'admin' OR ${OTHER_ADMIN})
                RETURNING id`,
          args: [role, id],
        },
        END_ORPHANED_LINKS,
      ]);
      return changed!.rows.length > 0;
    },

    /** Removes a user, what is theirs, and the links they made; false where `setRole` would refuse too. */
    async remove(id: string): Promise<boolean> {
      const [removed] = await db.batch([
        {
          sql: `DELETE FROM users WHERE id = ?2 AND (role <> 'admin' OR ${OTHER_ADMIN})
                RETURNING id`,
          args: ["", id],
        },
        END_ORPHANED_LINKS,
      ]);
      return removed!.rows.length > 0;
    },

    /** Who an OpenID provider's subject is here. */
    async findByOidc(issuer: string, subject: string): Promise<User | null> {
      const [row] = await db.query.select().from(users)
        .where(and(eq(users.oidcIssuer, issuer), eq(users.oidcSubject, subject))).limit(1);
      return row ?? null;
    },

    /** Ties an account to a subject; false when it is tied to another already. */
    async linkOidc(id: string, issuer: string, subject: string): Promise<boolean> {
      const { rows } = await db.execute(
        `UPDATE users SET oidc_issuer = ?, oidc_subject = ?
         WHERE id = ? AND oidc_subject IS NULL RETURNING id`,
        [issuer, subject, id],
      );
      return rows.length > 0;
    },
  };
}
