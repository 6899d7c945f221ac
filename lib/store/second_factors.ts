/** One-time passwords of users, sealed to their row, and the recovery codes beside them, hashed. */

import type { Clock } from "@/lib/clock.ts";
import { newBase32 } from "@/lib/id.ts";
import { type Seal, sha256Hex } from "@/lib/seal.ts";
import { findTotpStep } from "@/lib/totp.ts";
import type { Db } from "./db.ts";

/** 160 bits, as RFC 4226 recommends. */
const SECRET_SIGNS = 32;

/** 120 bits each, so that a plain hash of them may be stored. */
const RECOVERY_SIGNS = 24;
const RECOVERY_CODES = 10;

/** One-time password secrets, sealed, and recovery codes, hashed. */
export function secondFactorStore(db: Db, clock: Clock, seal: Seal) {
  async function openSecret(userId: string, confirmed: boolean) {
    const { rows: [row] } = await db.execute(
      `SELECT sealed_secret, last_step FROM second_factors
       WHERE user_id = ? AND (confirmed_at IS NOT NULL) = ?`,
      [userId, confirmed ? 1 : 0],
    );
    if (!row) return null;
    const secret = await seal.open(String(row.sealed_secret), placeOf(userId));
    return { secret, lastStep: Number(row.last_step) };
  }

  async function newRecoveryCodes(userId: string) {
    const codes = Array.from({ length: RECOVERY_CODES }, () => newBase32(RECOVERY_SIGNS));
    const hashes = await Promise.all(codes.map(sha256Hex));
    return {
      codes: codes.map((code) => code.toLowerCase().replaceAll(/(.{6})(?=.)/g, "$1-")),
      statements: [
        { sql: "DELETE FROM recovery_codes WHERE user_id = ?", args: [userId] },
        ...hashes.map((hash) => ({
          sql: "INSERT INTO recovery_codes (code_hash, user_id) VALUES (?, ?)",
          args: [hash, userId],
        })),
      ],
    };
  }

  return {
    /** A new secret that waits for its first code; null when the user has one that works. */
    async begin(userId: string): Promise<string | null> {
      const secret = newBase32(SECRET_SIGNS);
      const { rows } = await db.execute(
        `INSERT INTO second_factors (user_id, sealed_secret, created_at) VALUES (?, ?, ?)
         ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret,
           created_at = excluded.created_at WHERE confirmed_at IS NULL RETURNING user_id`,
        [userId, await seal.close(secret, placeOf(userId)), clock.now()],
      );
      return rows.length > 0 ? secret : null;
    },

    /** The secret that waits for its first code. @throws `SealError`. */
    async findPending(userId: string): Promise<string | null> {
      return (await openSecret(userId, false))?.secret ?? null;
    },

    /** Whether signing in asks for a code. */
    async isOn(userId: string): Promise<boolean> {
      const { rows } = await db.execute(
        "SELECT 1 FROM second_factors WHERE user_id = ? AND confirmed_at IS NOT NULL",
        [userId],
      );
      return rows.length > 0;
    },

    /** Ids of the users whose sign-in asks for a code. */
    async listUsers(): Promise<Set<string>> {
      const { rows } = await db.execute(
        "SELECT user_id FROM second_factors WHERE confirmed_at IS NOT NULL",
      );
      return new Set(rows.map((row) => String(row.user_id)));
    },

    /** Turns it on with its first code; gives the recovery codes, or null when the code is wrong. */
    async confirm(userId: string, code: string): Promise<string[] | null> {
      const pending = await openSecret(userId, false);
      const step = pending && findTotpStep(pending.secret, code, clock.now(), pending.lastStep);
      if (step === null) return null;
      const fresh = await newRecoveryCodes(userId);
      const [moved] = await db.batch([
        {
          sql: `UPDATE second_factors SET confirmed_at = ?, last_step = ?
                WHERE user_id = ? AND confirmed_at IS NULL RETURNING user_id`,
          args: [clock.now(), step, userId],
        },
        ...fresh.statements,
      ]);
      return moved!.rows.length > 0 ? fresh.codes : null;
    },

    /** Takes a code, each once; tells which kind it was, or null. @throws `SealError`. */
    async take(userId: string, code: string): Promise<"code" | "recovery code" | null> {
      const plain = code.replaceAll(/[\s-]/g, "").toUpperCase();
      if (plain.length === RECOVERY_SIGNS) {
        const { rows } = await db.execute(
          "DELETE FROM recovery_codes WHERE code_hash = ? AND user_id = ? RETURNING user_id",
          [await sha256Hex(plain), userId],
        );
        return rows.length > 0 ? "recovery code" : null;
      }
      const on = await openSecret(userId, true);
      const step = on && findTotpStep(on.secret, plain, clock.now(), on.lastStep);
      if (step === null) return null;
      const { rows } = await db.execute(
        "UPDATE second_factors SET last_step = ?1 WHERE user_id = ?2 AND last_step < ?1 RETURNING user_id",
        [step, userId],
      );
      return rows.length > 0 ? "code" : null;
    },

    /** New recovery codes instead of the old ones. */
    async renewCodes(userId: string): Promise<string[]> {
      const { codes, statements } = await newRecoveryCodes(userId);
      await db.batch(statements);
      return codes;
    },

    async countCodes(userId: string): Promise<number> {
      const { rows } = await db.execute(
        "SELECT count(*) AS n FROM recovery_codes WHERE user_id = ?",
        [userId],
      );
      return Number(rows[0]!.n);
    },

    /** Turns it off, recovery codes included; false when it was off. */
    async remove(userId: string): Promise<boolean> {
      const [removed] = await db.batch([
        { sql: "DELETE FROM second_factors WHERE user_id = ? RETURNING user_id", args: [userId] },
        { sql: "DELETE FROM recovery_codes WHERE user_id = ?", args: [userId] },
      ]);
      return removed!.rows.length > 0;
    },
  };
}

function placeOf(userId: string): string {
  return `second_factors:${userId}`;
}
