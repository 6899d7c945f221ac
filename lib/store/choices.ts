/** Repositories to choose from, of one server or of an open draft's servers: pages, ticks. */

import type { InValue } from "@libsql/client";
import type { Db } from "./db.ts";

/** Which of them; an empty `serverIds` finds none. */
export interface ChoiceFilter {
  serverIds: readonly string[];
  /** Part of the full name. */
  search?: string | undefined;
  projectKey?: string | undefined;
}

/** One repository to tick. */
export interface ChoiceRow {
  id: string;
  fullName: string;
  projectName: string | null;
  isPrivate: boolean;
  sizeBytes: number | null;
  remoteUpdatedAt: number | null;
  picked: boolean;
}

/** What a person sees while choosing repositories: a page of names, ticked or not. */
export function choiceStore(db: Db) {
  return {
    /** A page by name, with how many there are in all; an edit's ticks instead of the saved ones. */
    async list(
      filter: ChoiceFilter,
      page: { offset: number; limit: number },
      editId: string | null = null,
    ): Promise<{ rows: ChoiceRow[]; total: number }> {
      const { where, args } = conditions(filter);
      const { rows } = await db.execute(
        `SELECT id, full_name, project_name, is_private, size_bytes, remote_updated_at,
           coalesce((SELECT p.picked FROM selection_edit_picks p
             WHERE p.edit_id = ? AND p.repository_id = repositories.id), picked) AS picked,
           count(*) OVER () AS total
         FROM repositories WHERE ${where} ORDER BY full_name, id LIMIT ? OFFSET ?`,
        [editId, ...args, page.limit, page.offset],
      );
      return {
        rows: rows.map((row) => ({
          id: String(row.id),
          fullName: String(row.full_name),
          projectName: row.project_name === null ? null : String(row.project_name),
          isPrivate: row.is_private === 1,
          sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
          remoteUpdatedAt: row.remote_updated_at ? Number(row.remote_updated_at) : null,
          picked: row.picked === 1,
        })),
        total: Number(rows[0]?.total ?? 0),
      };
    },

    /** Ticks or unticks all that fit. */
    async pickAll(filter: ChoiceFilter, picked: boolean): Promise<void> {
      const { where, args } = conditions(filter);
      await db.execute(
        `UPDATE repositories SET picked = ? WHERE picked <> ? AND ${where}`,
        [picked ? 1 : 0, picked ? 1 : 0, ...args],
      );
    },

    /** Of the repositories that a form showed, ticks those it names and unticks the others. */
    async pickShown(
      serverIds: readonly string[],
      shown: readonly string[],
      picked: readonly string[],
    ): Promise<void> {
      const ticked = "(id IN (SELECT value FROM json_each(?3)))";
      await db.execute(
        `UPDATE repositories SET picked = ${ticked}
         WHERE id IN (SELECT value FROM json_each(?2)) AND picked <> ${ticked}
           AND server_id IN (SELECT value FROM json_each(?1))`,
        [JSON.stringify(serverIds), JSON.stringify(shown), JSON.stringify(picked)],
      );
    },
  };
}

/** What a filter asks of `repositories`. */
export function conditions(filter: ChoiceFilter): { where: string; args: InValue[] } {
  const where = ["server_id IN (SELECT value FROM json_each(?))", "gone_at IS NULL"];
  const args: InValue[] = [JSON.stringify(filter.serverIds)];
  if (filter.search) {
    where.push("full_name LIKE ? ESCAPE '\\'");
    args.push(`%${filter.search.replace(/[\\%_]/g, "\\$&")}%`);
  }
  if (filter.projectKey) {
    where.push("project_key = ?");
    args.push(filter.projectKey);
  }
  return { where: where.join(" AND "), args };
}
