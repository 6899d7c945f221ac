/** Repositories: pages by key, changes since a number, counts by state. */

import type { InValue } from "@libsql/client";
import type { Db } from "./db.ts";
import { formatKey, parseKey } from "./page_key.ts";
import { listByServer } from "./repositories_by_server.ts";
import {
  type RepositoryRow,
  SCAN_COLUMNS,
  type ScanRow,
  SELECT_REPOSITORIES,
  toRepositoryRow,
  toScanRow,
  valuesOf,
} from "./repositories_rows.ts";

export type { RepositoryRow, ScanRow } from "./repositories_rows.ts";

export const REPOSITORY_SORTS = [
  "name",
  "server",
  "state",
  "findings",
  "scanned",
  "updated",
] as const;
export type RepositorySort = typeof REPOSITORY_SORTS[number];

/** Which repositories a page asks for. */
export interface RepositoryFilter {
  serverId?: string | undefined;
  state?: string | undefined;
  /** Part of the full name, at least one character. */
  search?: string | undefined;
  projectKey?: string | undefined;
}

export interface RepositoryPage {
  rows: RepositoryRow[];
  /** Keys of the neighbouring pages; null at an end. */
  next: string | null;
  previous: string | null;
}

const COLUMN: Record<RepositorySort, string> = {
  name: "r.full_name",
  server: "r.full_name",
  state: "r.state_rank",
  findings: "r.weight",
  scanned: "r.scanned_at",
  updated: "r.remote_updated_at",
};

/** Of one server, or in one state, what else the sort is by is the name. */
function columnOf(sort: RepositorySort, filter: RepositoryFilter): string {
  return sort === "state" && filter.state ? COLUMN.name : COLUMN[sort];
}

/** The kind of value in a page's key, for who looks at a key before asking for its page. */
export function keyTypeOf(sort: RepositorySort, filter: RepositoryFilter): "string" | "number" {
  return columnOf(sort, filter) === COLUMN.name ? "string" : "number";
}

/** Repositories as the pages show them: pages by key, rows by id, counts by state. */
export function repositoryStore(db: Db) {
  /** A page by key: as quick at row 100,000 as at row 1. Limit at most 200. */
  async function list(
    filter: RepositoryFilter,
    page: { sort: RepositorySort; descending: boolean; key?: string | undefined; limit: number },
  ): Promise<RepositoryPage> {
    if (page.sort === "server" && !filter.serverId) {
      return await listByServer(db, list, filter, page);
    }
    const column = columnOf(page.sort, filter);
    const limit = Math.max(1, Math.min(page.limit, 200));
    const key = page.key
      ? parseKey(page.key, { sort: page.sort, type: keyTypeOf(page.sort, filter) })
      : null;
    const backwards = key?.backwards ?? false;
    const descending = page.descending !== backwards;
    const { where, args } = conditions(filter);
    if (key) {
      where.push(`(${column}, r.id) ${descending ? "<" : ">"} (?, ?)`);
      args.push(key.value, key.id);
    }
    const order = descending ? "DESC" : "ASC";
    const { rows } = await db.execute(
      `${SELECT_REPOSITORIES} WHERE ${where.join(" AND ")}
       ORDER BY ${column} ${order}, r.id ${order} LIMIT ?`,
      [...args, limit + 1],
    );
    const more = rows.length > limit;
    const found = rows.slice(0, limit).map((row) => {
      const values = valuesOf(row);
      return {
        row: toRepositoryRow(values),
        value: values[column.slice("r.".length)] as string | number,
      };
    });
    if (backwards) found.reverse();
    const keyOf = (index: number, back: boolean) => {
      const entry = found.at(index);
      if (!entry) return null;
      return formatKey({
        sort: page.sort,
        value: entry.value,
        id: entry.row.id,
        backwards: back,
      });
    };
    return {
      rows: found.map((entry) => entry.row),
      next: more || backwards ? keyOf(-1, false) : null,
      previous: (backwards ? more : key !== null) ? keyOf(0, true) : null,
    };
  }

  return {
    async find(id: string): Promise<RepositoryRow | null> {
      const { rows } = await db.execute(
        `${SELECT_REPOSITORIES} WHERE r.id = ? AND s.draft_id IS NULL`,
        [id],
      );
      return rows[0] ? toRepositoryRow(valuesOf(rows[0])) : null;
    },

    list,

    /** Those of `ids` that changed after `version`; what a poll of a page asks for. */
    async listChanged(ids: readonly string[], version: number): Promise<RepositoryRow[]> {
      const { rows } = await db.execute(
        `${SELECT_REPOSITORIES} WHERE r.id IN (SELECT value FROM json_each(?)) AND r.version > ?`,
        [JSON.stringify(ids), version],
      );
      return rows.map((row) => toRepositoryRow(valuesOf(row)));
    },

    /** The number of the newest change that any page may show. */
    async changeNumber(): Promise<number> {
      const { rows } = await db.execute("SELECT value FROM change_numbers WHERE name = 'change'");
      return Number(rows[0]?.value ?? 0);
    },

    /** Repositories by shown state, of one server or of all that are saved. */
    async countByState(serverId?: string): Promise<Record<string, number>> {
      const { rows } = await db.execute(
        `SELECT c.state AS state, sum(c.count) AS n FROM state_counts c
         JOIN servers s ON s.id = c.server_id AND s.draft_id IS NULL
         ${serverId ? "WHERE c.server_id = ?" : ""} GROUP BY c.state`,
        serverId ? [serverId] : [],
      );
      return Object.fromEntries(
        rows.filter((row) => Number(row.n) > 0).map((row) => [String(row.state), Number(row.n)]),
      );
    },

    /** Scans of one repository, newest first, at most `limit`. */
    async listScans(repositoryId: string, limit: number): Promise<ScanRow[]> {
      const { rows } = await db.execute(
        `SELECT ${SCAN_COLUMNS} FROM jobs j WHERE j.repository_id = ?
         ORDER BY j.created_at DESC, j.id DESC LIMIT ?`,
        [repositoryId, limit],
      );
      return rows.map((row) => toScanRow(row as Record<string, unknown>)!);
    },

    /** The projects of a server, for its filter. */
    async listProjects(serverId: string): Promise<{ key: string; name: string }[]> {
      const { rows } = await db.execute(
        `SELECT project_key AS key, max(project_name) AS name FROM repositories
         WHERE server_id = ? AND project_key IS NOT NULL GROUP BY project_key ORDER BY 2`,
        [serverId],
      );
      return rows.map((row) => ({ key: String(row.key), name: String(row.name) }));
    },

    /**
     * Slugs with what is picked, of a server or an open draft's server, for the globs' preview; an
     * edit's ticks instead of the saved ones.
     */
    async listSlugs(
      serverId: string,
      editId: string | null = null,
    ): Promise<{ id: string; slug: string; picked: boolean }[]> {
      const { rows } = await db.execute(
        `SELECT id, slug, coalesce((SELECT p.picked FROM selection_edit_picks p
           WHERE p.edit_id = ? AND p.repository_id = repositories.id), picked) AS picked
         FROM repositories WHERE server_id = ? AND gone_at IS NULL`,
        [editId, serverId],
      );
      return rows.map((row) => ({
        id: String(row.id),
        slug: String(row.slug),
        picked: row.picked === 1,
      }));
    },

    /** Picks or unpicks repositories of a server by id; what they come to is up to `select`. */
    async pick(serverId: string, ids: readonly string[], picked: boolean): Promise<void> {
      await db.execute(
        `UPDATE repositories SET picked = ? WHERE server_id = ?
           AND id IN (SELECT value FROM json_each(?)) AND picked <> ?`,
        [picked ? 1 : 0, serverId, JSON.stringify(ids), picked ? 1 : 0],
      );
    },

    /** How many fit a filter; counted one by one, so only for what is few or rarely asked. */
    async count(filter: RepositoryFilter): Promise<number> {
      const { where, args } = conditions(filter);
      const { rows } = await db.execute(
        `SELECT count(*) AS n FROM repositories r
         JOIN servers s ON s.id = r.server_id WHERE ${where.join(" AND ")}`,
        args,
      );
      return Number(rows[0]?.n ?? 0);
    },

    /** Ids of the repositories in a state, for bulk actions. */
    async listIds(filter: RepositoryFilter): Promise<{ id: string; serverId: string }[]> {
      const { where, args } = conditions(filter);
      const { rows } = await db.execute(
        `SELECT r.id, r.server_id FROM repositories r
         JOIN servers s ON s.id = r.server_id WHERE ${where.join(" AND ")}`,
        args,
      );
      return rows.map((row) => ({ id: String(row.id), serverId: String(row.server_id) }));
    },
  };
}

function conditions(filter: RepositoryFilter): { where: string[]; args: InValue[] } {
  const where: string[] = [];
  const args: InValue[] = [];
  if (filter.serverId) {
    where.push("r.server_id = ?");
    args.push(filter.serverId);
  } else {
    where.push("s.draft_id IS NULL");
  }
  if (filter.state) {
    where.push("r.state = ?");
    args.push(filter.state);
  }
  if (filter.projectKey) {
    where.push("r.project_key = ?");
    args.push(filter.projectKey);
  }
  if (filter.search) {
    where.push("r.full_name LIKE ? ESCAPE '\\'");
    args.push(`%${filter.search.replace(/[\\%_]/g, "\\$&")}%`);
  }
  return { where, args };
}
