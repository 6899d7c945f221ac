/** Repositories: pages by key, changes since a number, counts by state. */

import type { InValue } from "@libsql/client";
import type { Db } from "./db.ts";
import type { JobState, JobStep } from "./job_moves.ts";

/** A repository with its newest scan, as a row of the live page. */
export interface RepositoryRow {
  id: string;
  serverId: string;
  serverName: string;
  workspace: string;
  uuid: string;
  slug: string;
  fullName: string;
  name: string;
  projectKey: string | null;
  projectName: string | null;
  isPrivate: boolean;
  sizeBytes: number | null;
  language: string | null;
  defaultBranch: string | null;
  remoteUpdatedAt: number;
  htmlUrl: string;
  picked: boolean;
  selected: boolean;
  goneAt: number | null;
  /** A word of `lib/status.ts`. */
  state: string;
  outdatedReason: string | null;
  scannedAt: number;
  scannedCommit: string | null;
  rulesVersion: string | null;
  critical: number;
  high: number;
  medium: number;
  low: number;
  version: number;
  scan: ScanRow | null;
}

/** One scan as pages show it. */
export interface ScanRow {
  id: string;
  step: JobStep;
  state: JobState;
  result: string | null;
  requestedBy: string;
  waitReason: string | null;
  runAt: number;
  leftOut: string[];
  failureReason: string | null;
  failureDetail: string | null;
  /** `ReadProgress` while it runs, the figures of `ReadResult` afterwards. */
  progress: Record<string, unknown> | null;
  beatAt: number | null;
  attempts: number;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

export const REPOSITORY_SORTS = ["name", "findings", "scanned", "updated"] as const;
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
  findings: "r.weight",
  scanned: "r.scanned_at",
  updated: "r.remote_updated_at",
};

const SELECT = `SELECT r.*, s.name AS server_name, s.workspace AS workspace,
    j.id AS j_id, j.step AS j_step, j.state AS j_state, j.result AS j_result,
    j.requested_by AS j_requested_by, j.wait_reason AS j_wait_reason, j.run_at AS j_run_at,
    j.left_out AS j_left_out, j.failure_reason AS j_failure_reason,
    j.failure_detail AS j_failure_detail, j.progress AS j_progress, j.beat_at AS j_beat_at,
    j.attempts AS j_attempts, j.created_at AS j_created_at, j.started_at AS j_started_at,
    j.finished_at AS j_finished_at
  FROM repositories r CROSS JOIN servers s ON s.id = r.server_id
  LEFT JOIN jobs j ON j.id = r.scan_id`;

export function repositoryStore(db: Db) {
  return {
    async find(id: string): Promise<RepositoryRow | null> {
      const { rows } = await db.execute(`${SELECT} WHERE r.id = ? AND s.draft_id IS NULL`, [id]);
      return rows[0] ? toRow(rows[0] as Record<string, unknown>) : null;
    },

    /** A page by key: as quick at row 100,000 as at row 1. Limit at most 200. */
    async list(
      filter: RepositoryFilter,
      page: { sort: RepositorySort; descending: boolean; key?: string | undefined; limit: number },
    ): Promise<RepositoryPage> {
      const column = COLUMN[page.sort];
      const key = page.key ? parseKey(page.key) : null;
      const backwards = key?.backwards ?? false;
      const descending = page.descending !== backwards;
      const { where, args } = conditions(filter);
      if (key) {
        where.push(`(${column}, r.id) ${descending ? "<" : ">"} (?, ?)`);
        args.push(key.value, key.id);
      }
      const order = descending ? "DESC" : "ASC";
      const { rows } = await db.execute(
        `${SELECT} ${where.length ? `WHERE ${where.join(" AND ")}` : ""}
         ORDER BY ${column} ${order}, r.id ${order} LIMIT ?`,
        [...args, Math.min(page.limit, 200) + 1],
      );
      const more = rows.length > page.limit;
      const found = rows.slice(0, page.limit).map((row) => ({
        row: toRow(row as Record<string, unknown>),
        value: (row as Record<string, unknown>)[column.slice(2)] as string | number,
      }));
      if (backwards) found.reverse();
      const keyOf = (index: number, back: boolean) => {
        const entry = found.at(index);
        return entry ? formatKey({ value: entry.value, id: entry.row.id, backwards: back }) : null;
      };
      return {
        rows: found.map((entry) => entry.row),
        next: more || backwards ? keyOf(-1, false) : null,
        previous: (backwards ? more : key !== null) ? keyOf(0, true) : null,
      };
    },

    /** Those of `ids` that changed after `version`; what a poll of a page asks for. */
    async listChanged(ids: readonly string[], version: number): Promise<RepositoryRow[]> {
      const { rows } = await db.execute(
        `${SELECT} WHERE r.id IN (SELECT value FROM json_each(?)) AND r.version > ?`,
        [JSON.stringify(ids), version],
      );
      return rows.map((row) => toRow(row as Record<string, unknown>));
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
      return rows.map((row) => toScan(row as Record<string, unknown>)!);
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

    /** Slugs with what is picked, of a server or an open draft's server, for the globs' preview. */
    async listSlugs(
      serverId: string,
    ): Promise<{ id: string; slug: string; picked: boolean }[]> {
      const { rows } = await db.execute(
        "SELECT id, slug, picked FROM repositories WHERE server_id = ? AND gone_at IS NULL",
        [serverId],
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

const SCAN_COLUMNS = [
  "id",
  "step",
  "state",
  "result",
  "requested_by",
  "wait_reason",
  "run_at",
  "left_out",
  "failure_reason",
  "failure_detail",
  "progress",
  "beat_at",
  "attempts",
  "created_at",
  "started_at",
  "finished_at",
].map((name) => `j.${name} AS j_${name}`).join(", ");

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

interface Key {
  value: string | number;
  id: string;
  backwards: boolean;
}

function formatKey(key: Key): string {
  return btoa(encodeURIComponent(JSON.stringify([key.value, key.id, key.backwards ? 1 : 0])))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads a key from a link; one that was tampered with starts at the first page. */
function parseKey(text: string): Key | null {
  try {
    const [value, id, back] = JSON.parse(
      decodeURIComponent(atob(text.replaceAll("-", "+").replaceAll("_", "/"))),
    );
    if (!["string", "number"].includes(typeof value) || typeof id !== "string") return null;
    return { value, id, backwards: back === 1 };
  } catch {
    return null;
  }
}

function toRow(row: Record<string, unknown>): RepositoryRow {
  const text = (name: string) => row[name] === null ? null : String(row[name]);
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    id: String(row.id),
    serverId: String(row.server_id),
    serverName: String(row.server_name),
    workspace: String(row.workspace),
    uuid: String(row.uuid),
    slug: String(row.slug),
    fullName: String(row.full_name),
    name: String(row.name),
    projectKey: text("project_key"),
    projectName: text("project_name"),
    isPrivate: row.is_private === 1,
    sizeBytes: row.size_bytes === null ? null : number("size_bytes"),
    language: text("language"),
    defaultBranch: text("default_branch"),
    remoteUpdatedAt: number("remote_updated_at"),
    htmlUrl: String(row.html_url),
    picked: row.picked === 1,
    selected: row.selected === 1,
    goneAt: row.gone_at === null ? null : number("gone_at"),
    state: String(row.state),
    outdatedReason: text("outdated_reason"),
    scannedAt: number("scanned_at"),
    scannedCommit: text("scanned_commit"),
    rulesVersion: text("rules_version"),
    critical: number("critical"),
    high: number("high"),
    medium: number("medium"),
    low: number("low"),
    version: number("version"),
    scan: toScan(row),
  };
}

function toScan(row: Record<string, unknown>): ScanRow | null {
  if (row.j_id === null || row.j_id === undefined) return null;
  const text = (name: string) => row[name] === null ? null : String(row[name]);
  const time = (name: string) => row[name] === null ? null : Number(row[name]);
  return {
    id: String(row.j_id),
    step: row.j_step as JobStep,
    state: row.j_state as JobState,
    result: text("j_result"),
    requestedBy: String(row.j_requested_by),
    waitReason: text("j_wait_reason"),
    runAt: Number(row.j_run_at),
    leftOut: JSON.parse(String(row.j_left_out)),
    failureReason: text("j_failure_reason"),
    failureDetail: text("j_failure_detail"),
    progress: row.j_progress === null ? null : JSON.parse(String(row.j_progress)),
    beatAt: time("j_beat_at"),
    attempts: Number(row.j_attempts),
    createdAt: Number(row.j_created_at),
    startedAt: time("j_started_at"),
    finishedAt: time("j_finished_at"),
  };
}
