/** What works once and not for long: invitations, reset links, sign-ins half-way through. */

import type { Clock } from "@/lib/clock.ts";
import { newToken } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import type { Role } from "./users.ts";

/** How long each kind works. */
export const LIFETIME_MS = {
  invitation: 7 * 24 * 60 * 60 * 1000,
  reset: 24 * 60 * 60 * 1000,
  second_factor: 5 * 60 * 1000,
  sso: 10 * 60 * 1000,
} as const;
export type TokenKind = keyof typeof LIFETIME_MS;

/** What a token stands for; what does not belong to its kind is null. */
export interface TokenFacts {
  userId: string | null;
  email: string | null;
  role: Role | null;
  /** Where to go on after signing in. */
  next: string | null;
  createdBy: string | null;
}

/** A link that was not used yet; `id` is its hash and opens nothing. */
export interface OpenLink {
  id: string;
  kind: "invitation" | "reset";
  email: string;
  role: Role | null;
  createdBy: string | null;
  createdAt: number;
  expiresAt: number;
}

const COLUMNS = "user_id, email, role, next, created_by";

/** One-time links, kept hashed: made, looked up, and used once. */
export function oneTimeTokenStore(db: Db, clock: Clock) {
  return {
    /** A new token, kept as a hash; an older invitation or reset of the same person ends. */
    async create(kind: TokenKind, facts: Partial<TokenFacts>): Promise<string> {
      const now = clock.now();
      const token = newToken();
      await db.batch([
        {
          sql: `DELETE FROM one_time_tokens WHERE kind = ?1 AND (
                  (kind = 'invitation' AND lower(email) = lower(?2)) OR
                  (kind = 'reset' AND user_id = ?3))`,
          args: [kind, facts.email ?? null, facts.userId ?? null],
        },
        {
          sql: `INSERT INTO one_time_tokens (token_hash, kind, ${COLUMNS}, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          args: [
            await sha256Hex(token),
            kind,
            facts.userId ?? null,
            facts.email ?? null,
            facts.role ?? null,
            facts.next ?? null,
            facts.createdBy ?? null,
            now,
            now + LIFETIME_MS[kind],
          ],
        },
      ]);
      return token;
    },

    /** What a token stands for, without using it up. */
    async find(kind: TokenKind, token: string): Promise<TokenFacts | null> {
      const { rows } = await db.execute(
        `SELECT ${COLUMNS} FROM one_time_tokens
         WHERE token_hash = ? AND kind = ? AND expires_at > ?`,
        [await sha256Hex(token), kind, clock.now()],
      );
      return rows[0] ? toFacts(rows[0]) : null;
    },

    /** Uses a token up; of several who try at once one gets it. */
    async take(kind: TokenKind, token: string): Promise<TokenFacts | null> {
      const { rows } = await db.execute(
        `DELETE FROM one_time_tokens
         WHERE token_hash = ? AND kind = ? AND expires_at > ? RETURNING ${COLUMNS}`,
        [await sha256Hex(token), kind, clock.now()],
      );
      return rows[0] ? toFacts(rows[0]) : null;
    },

    /** Invitations and reset links that still work, the newest first; at most 500. */
    async listLinks(): Promise<OpenLink[]> {
      const { rows } = await db.execute(
        `SELECT token_hash, kind, coalesce(one_time_tokens.email, users.email) AS email,
           one_time_tokens.role, created_by, one_time_tokens.created_at, expires_at
         FROM one_time_tokens LEFT JOIN users ON users.id = user_id
         WHERE kind IN ('invitation', 'reset') AND expires_at > ?
         ORDER BY one_time_tokens.created_at DESC LIMIT 500`,
        [clock.now()],
      );
      return rows.map((row) => ({
        id: String(row.token_hash),
        kind: row.kind === "reset" ? "reset" : "invitation",
        email: String(row.email),
        role: row.role === null ? null : toRole(row.role),
        createdBy: row.created_by === null ? null : String(row.created_by),
        createdAt: Number(row.created_at),
        expiresAt: Number(row.expires_at),
      }));
    },

    /** Ends a link before its time; gives whom it was for, or null. */
    async revoke(id: string): Promise<string | null> {
      const { rows } = await db.execute(
        `DELETE FROM one_time_tokens WHERE token_hash = ? AND kind IN ('invitation', 'reset')
         RETURNING coalesce(email, (SELECT email FROM users WHERE id = user_id)) AS email`,
        [id],
      );
      return rows[0] ? String(rows[0].email) : null;
    },

    async removeOld(): Promise<void> {
      await db.execute("DELETE FROM one_time_tokens WHERE expires_at <= ?", [clock.now()]);
    },
  };
}

function toFacts(row: Record<string, unknown>): TokenFacts {
  const text = (name: string) => row[name] === null ? null : String(row[name]);
  return {
    userId: text("user_id"),
    email: text("email"),
    role: row.role === null ? null : toRole(row.role),
    next: text("next"),
    createdBy: text("created_by"),
  };
}

function toRole(value: unknown): Role {
  return value === "admin" ? "admin" : "viewer";
}
