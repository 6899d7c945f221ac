/** A look at the app's database from outside, by another SQLite than the app's own. */

import { DatabaseSync } from "node:sqlite";

/** The rows of a query; opened read-only and closed at once, also while the app runs. */
export function readRows(
  dataDir: string,
  sql: string,
  ...args: (string | number)[]
): Record<string, string | number | null>[] {
  const database = new DatabaseSync(`${dataDir}/sluice.db`, { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare(sql).all(...args) as Record<string, string | number | null>[];
  } finally {
    database.close();
  }
}

/** How often the audit log tells of an act. */
export function countActs(dataDir: string, action: string): number {
  const sql = "SELECT count(*) AS n FROM audit_log WHERE action = ?";
  return Number(readRows(dataDir, sql, action)[0]!.n);
}
