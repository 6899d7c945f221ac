/** Every sealed value of the database: sealed anew under another key, and the fingerprints' own key. */

import { keyIdOf, type Seal, SealError } from "@/lib/seal.ts";
import type { Db } from "./db.ts";

/** Each column that holds sealed values, and the place that a row's value is sealed to. */
const COLUMNS: readonly {
  table: string;
  key: string;
  column: string;
  place: (key: string) => string;
}[] = [
  { table: "servers", key: "id", column: "sealed_secret", place: (id) => `servers:${id}` },
  {
    table: "servers",
    key: "id",
    column: "sealed_webhook_secret",
    place: (id) => `servers:${id}:webhook`,
  },
  { table: "drafts", key: "id", column: "sealed_secret", place: (id) => `drafts:${id}` },
  {
    table: "second_factors",
    key: "user_id",
    column: "sealed_secret",
    place: (id) => `second_factors:${id}`,
  },
];

const FINGERPRINT_PLACE = "settings:fingerprint_key";

/** All sealed values at once, for a change of key. */
export function sealedStore(db: Db, seal: Seal) {
  return {
    /**
     * The key of all fingerprints. It is derived from the instance's key until that is rotated for
     * the first time; from then on it stands here, sealed, as fingerprints cannot be made again:
     * the secrets that they were made of are not kept, and triage hangs on them.
     */
    async fingerprintKey(): Promise<Uint8Array> {
      const { rows } = await db.execute(
        "SELECT value FROM settings WHERE name = 'fingerprint_key'",
      );
      if (!rows[0]) return seal.fingerprintKey;
      const text = await seal.open(String(rows[0].value), FINGERPRINT_PLACE);
      return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    },

    /** Keeps the derived key, before another instance's key would give another. Safe to repeat. */
    async keepFingerprintKey(): Promise<void> {
      const text = btoa(String.fromCharCode(...seal.fingerprintKey));
      await db.execute(
        "INSERT INTO settings (name, value) VALUES ('fingerprint_key', ?) ON CONFLICT DO NOTHING",
        [await seal.close(text, FINGERPRINT_PLACE)],
      );
    },

    /** Whether each server's token was sealed with the instance's key; opens none of them. */
    async opensAll(): Promise<boolean> {
      const { rows } = await db.execute("SELECT sealed_secret AS sealed FROM servers");
      return rows.every((row) => keyIdOf(String(row.sealed)) === seal.keyId);
    },

    /**
     * Seals everything with `to` that `from` can open. A value that changes meanwhile is left for
     * the next pass. Gives how many were sealed anew, and how many neither key opens.
     */
    async reseal(from: Seal, to: Seal): Promise<{ resealed: number; unreadable: number }> {
      let [resealed, unreadable] = [0, 0];
      for (const { table, key, column, place } of COLUMNS) {
        const { rows } = await db.execute(
          `SELECT ${key} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
        );
        for (const row of rows) {
          const [id, sealed] = [String(row.id), String(row.sealed)];
          const fresh = await sealAnew(sealed, place(id), from, to);
          if (fresh === null) unreadable++;
          if (!fresh) continue;
          const { rows: [changed] } = await db.execute(
            `UPDATE ${table} SET ${column} = ? WHERE ${key} = ? AND ${column} = ?
             RETURNING ${key}`,
            [fresh, id, sealed],
          );
          if (changed) resealed++;
        }
      }
      const { rows: [setting] } = await db.execute(
        "SELECT value FROM settings WHERE name = 'fingerprint_key'",
      );
      if (setting) {
        const sealed = String(setting.value);
        const fresh = await sealAnew(sealed, FINGERPRINT_PLACE, from, to);
        if (fresh === null) unreadable++;
        if (fresh) {
          await db.execute(
            "UPDATE settings SET value = ? WHERE name = 'fingerprint_key' AND value = ?",
            [fresh, sealed],
          );
          resealed++;
        }
      }
      return { resealed, unreadable };
    },
  };
}

/** The value under the other key; false when it is already, null when it does not open. */
async function sealAnew(
  sealed: string,
  place: string,
  from: Seal,
  to: Seal,
): Promise<string | false | null> {
  if (keyIdOf(sealed) === to.keyId) return false;
  try {
    return await to.close(await from.open(sealed, place), place);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
