/** Small facts of the instance by name. */

import type { Db } from "./db.ts";

/** The settings that there are. */
export type SettingName =
  | "setup_token_hash"
  | "key_id"
  | "fingerprint_key"
  | "second_factor_for";

/** Of whom a second factor is asked. */
export const FACTOR_POLICIES = ["nobody", "admins", "everybody"] as const;
/** One of them. */
export type FactorPolicy = typeof FACTOR_POLICIES[number];

/** Single values of the instance by name. */
export function settingStore(db: Db) {
  return {
    async find(name: SettingName): Promise<string | null> {
      const { rows } = await db.execute("SELECT value FROM settings WHERE name = ?", [name]);
      return rows[0] ? String(rows[0].value) : null;
    },

    async save(name: SettingName, value: string): Promise<void> {
      await db.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
      );
    },

    async remove(name: SettingName): Promise<void> {
      await db.execute("DELETE FROM settings WHERE name = ?", [name]);
    },
  };
}
