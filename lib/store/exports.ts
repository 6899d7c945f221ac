/** Everything that concerns one server, table by table, for who wants to take it along or look at it whole. */

import type { Db } from "./db.ts";

/** Rows of a table that concern the server `?1`; `omit` are secrets, sealed or hashed. */
interface Share {
  where: string;
  omit?: readonly string[];
}

const MINE = "server_id = ?1";
const OF_REPOSITORY = "repository_id IN (SELECT id FROM repositories WHERE server_id = ?1)";

/** In an order in which each row comes after those that it refers to. */
export const OF_SERVER: Readonly<Record<string, Share>> = {
  drafts: {
    where: "id = (SELECT draft_id FROM servers WHERE id = ?1)",
    omit: ["sealed_secret"],
  },
  servers: { where: "id = ?1", omit: ["sealed_secret", "sealed_webhook_secret", "credential_key"] },
  rest_calls: { where: MINE },
  repositories: { where: MINE },
  selection_edits: { where: MINE },
  selection_edit_picks: {
    where: "edit_id IN (SELECT id FROM selection_edits WHERE server_id = ?1)",
  },
  ref_tips: { where: OF_REPOSITORY },
  repository_suppressions: { where: OF_REPOSITORY },
  jobs: { where: MINE },
  findings: { where: MINE },
  occurrences: { where: "finding_id IN (SELECT id FROM findings WHERE server_id = ?1)" },
  state_counts: { where: MINE },
  finding_counts: { where: MINE },
  webhook_deliveries: { where: MINE },
  // One without a list shows every server.
  embed_keys: {
    where: `(server_ids = '[]' AND repository_ids = '[]')
      OR EXISTS (SELECT 1 FROM json_each(server_ids) WHERE value = ?1)
      OR EXISTS (SELECT 1 FROM json_each(repository_ids) v
        JOIN repositories r ON r.id = v.value WHERE r.server_id = ?1)`,
    omit: ["key_hash"],
  },
  // Its targets read `workspace (id)`, `workspace/repository (id)`, `rule in workspace/repository (id)`.
  audit_log: {
    where: `instr(coalesce(target, '') || ' ' || coalesce(detail, ''), ?1) > 0
      OR EXISTS (SELECT 1 FROM servers s WHERE s.id = ?1 AND (
        instr(' ' || coalesce(target, ''), ' ' || s.workspace || '/') > 0
        OR instr(' ' || replace(coalesce(target, ''), ',', ' ') || ' ',
          ' ' || s.workspace || ' ') > 0))`,
  },
};

/** What work under way keeps for itself, copied from the code server and gone when the work ends. */
export const OF_WORK: readonly string[] = ["commit_parts"];

/** Tables of the instance and its people, which concern no server more than another. */
export const OF_INSTANCE: readonly string[] = [
  "change_numbers",
  "settings",
  "users",
  "sessions",
  "second_factors",
  "recovery_codes",
  "known_devices",
  "one_time_tokens",
  "sign_in_failures",
  "suppression_rules",
  "custom_rules",
  "api_keys",
  "credential_calls",
  "idempotency_keys",
  "api_calls",
];

/** Rows that are in memory at once. */
const PAGE = 500;

/** One row, under its table's name; columns as they stand in the database. */
export interface ExportedRow {
  table: string;
  row: Record<string, string | number | null>;
}

/** Every row that concerns one server, for whoever takes its data along. */
export function exportStore(db: Db) {
  return {
    /**
     * Reads the rows of a server a page at a time, while others write: each row is whole, and a row
     * that is written meanwhile may come or not.
     */
    async *rows(serverId: string): AsyncGenerator<ExportedRow, void, void> {
      for (const [table, { where, omit = [] }] of Object.entries(OF_SERVER)) {
        const { rows: columns } = await db.execute("SELECT name FROM pragma_table_xinfo(?)", [
          table,
        ]);
        const names = columns.map(({ name }) => String(name)).filter((name) =>
          !omit.includes(name)
        );
        const list = names.map((name) => `"${name}"`).join(", ");
        for (let last = -1;;) {
          const { rows } = await db.execute(
            `SELECT rowid AS row_number, ${list} FROM "${table}"
             WHERE rowid > ?2 AND (${where}) ORDER BY rowid LIMIT ${PAGE}`,
            [serverId, last],
          );
          for (const row of rows) {
            yield {
              table,
              row: Object.fromEntries(
                names.map((name) => [name, row[name] as string | number | null]),
              ),
            };
          }
          if (rows.length < PAGE) break;
          last = Number(rows.at(-1)!.row_number);
        }
      }
    },
  };
}
