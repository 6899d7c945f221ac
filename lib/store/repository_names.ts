/** Repositories by what people call them: the names that hold a text, and the one of exactly a name. */

import type { InValue } from "@libsql/client";
import type { Db } from "./db.ts";

/** A repository as it is found by its name. */
export interface NamedRepository {
  id: string;
  fullName: string;
}

/** Full names of the repositories of saved servers. */
export function repositoryNameStore(db: Db) {
  /** Of several that were called the same one after the other, the one that is not gone. */
  async function read(
    condition: { sql: string; args: readonly InValue[] },
    serverId: string | undefined,
    limit: number,
  ): Promise<NamedRepository[]> {
    // `id` is of the row that gives max(). Names are read from an index, and rows of those that fit.
    const { rows } = await db.execute(
      `SELECT r.id, r.full_name, max(r.gone_at IS NULL) AS present
       FROM repositories r CROSS JOIN servers s ON s.id = r.server_id
       WHERE ${serverId ? "r.server_id = ? AND" : ""} ${condition.sql} AND s.draft_id IS NULL
       GROUP BY r.full_name ORDER BY r.full_name LIMIT ?`,
      [...(serverId ? [serverId] : []), ...condition.args, limit],
    );
    return rows.map((row) => ({ id: String(row.id), fullName: String(row.full_name) }));
  }

  return {
    /** The first by name whose full name holds the text, of one server or of all. Limit at most 200. */
    async list(
      text: string,
      page: { serverId?: string | undefined; limit: number },
    ): Promise<NamedRepository[]> {
      const like = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
      const condition = { sql: "r.full_name LIKE ? ESCAPE '\\'", args: [like] };
      return await read(condition, page.serverId, Math.max(1, Math.min(page.limit, 200)));
    },

    /** The repository of this full name, in whichever case it was typed. */
    async find(fullName: string, serverId?: string): Promise<NamedRepository | null> {
      const args = [fullName, fullName.toLowerCase()];
      const found = await read({ sql: "r.full_name IN (?, ?)", args }, serverId, 2);
      return found.find((one) => one.fullName === fullName) ?? found[0] ?? null;
    },
  };
}
