/** Rules that admins wrote, beside the built-in ones. Checked before they come here. */

import type { Clock } from "@/lib/clock.ts";
import { rulesVersionWith } from "@/lib/rules_version.ts";
import type { Db } from "./db.ts";

/** What an admin says of a rule. */
export interface CustomRuleFacts {
  name: string;
  pattern: string;
  keywords: readonly string[];
  severity: "critical" | "high" | "medium" | "low";
  /** What to do about what it finds; may be empty. */
  help: string;
}

/** A rule as it is kept. */
export interface CustomRuleRow extends CustomRuleFacts {
  /** Kebab-case; what it finds names it `custom-` and this. Never changes. */
  id: string;
  enabled: boolean;
  createdBy: string;
  createdAt: number;
  updatedBy: string;
  updatedAt: number;
}

/** The rules that admins wrote, and the version that all rules have together. */
export function customRuleStore(db: Db, clock: Clock) {
  async function list(): Promise<CustomRuleRow[]> {
    const { rows } = await db.execute(
      `SELECT id, name, pattern, keywords, severity, help, enabled, created_by, created_at, updated_by,
         updated_at
       FROM custom_rules ORDER BY name, id`,
    );
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      pattern: String(row.pattern),
      keywords: JSON.parse(String(row.keywords)),
      severity: row.severity as CustomRuleRow["severity"],
      help: String(row.help),
      enabled: row.enabled === 1,
      createdBy: String(row.created_by),
      createdAt: Number(row.created_at),
      updatedBy: String(row.updated_by),
      updatedAt: Number(row.updated_at),
    }));
  }

  /** Those that scans follow. */
  async function listEnabled(): Promise<CustomRuleRow[]> {
    return (await list()).filter(({ enabled }) => enabled);
  }

  return {
    list,
    listEnabled,

    async find(id: string): Promise<CustomRuleRow | null> {
      return (await list()).find((rule) => rule.id === id) ?? null;
    },

    /** False when another rule has this id. */
    async create(id: string, rule: CustomRuleFacts, by: string): Promise<boolean> {
      const now = clock.now();
      const { rows } = await db.execute(
        `INSERT INTO custom_rules (id, name, pattern, keywords, severity, help, created_by,
           created_at, updated_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING id`,
        [id, ...columns(rule), by, now, by, now],
      );
      return rows.length === 1;
    },

    async update(id: string, rule: CustomRuleFacts, by: string): Promise<void> {
      await db.execute(
        `UPDATE custom_rules SET name = ?, pattern = ?, keywords = ?, severity = ?, help = ?,
           updated_by = ?, updated_at = ? WHERE id = ?`,
        [...columns(rule), by, clock.now(), id],
      );
    },

    /** Scans pass over a rule that is off; what it found stays, for `suppressions.apply` to judge. */
    async switch(id: string, enabled: boolean, by: string): Promise<void> {
      await db.execute(
        "UPDATE custom_rules SET enabled = ?, updated_by = ?, updated_at = ? WHERE id = ?",
        [enabled ? 1 : 0, by, clock.now(), id],
      );
    },

    /** What it found stays, for `suppressions.apply` to judge. */
    async remove(id: string): Promise<void> {
      await db.execute("DELETE FROM custom_rules WHERE id = ?", [id]);
    },

    /** By which rules a scan looks that starts now, given the built-in ones' version. */
    async version(builtIn: string): Promise<string> {
      return rulesVersionWith(builtIn, await listEnabled());
    },
  };
}

function columns({ name, pattern, keywords, severity, help }: CustomRuleFacts) {
  return [name, pattern, JSON.stringify(keywords), severity, help];
}
