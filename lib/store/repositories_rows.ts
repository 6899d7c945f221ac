/** A repository and a scan as pages read them: their columns, and a row of them as an object. */

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

const REPOSITORY_COLUMNS = [
  "id",
  "server_id",
  "uuid",
  "slug",
  "full_name",
  "name",
  "project_key",
  "project_name",
  "is_private",
  "size_bytes",
  "language",
  "default_branch",
  "remote_updated_at",
  "html_url",
  "picked",
  "selected",
  "gone_at",
  "state",
  "state_rank",
  "outdated_reason",
  "scanned_at",
  "scanned_commit",
  "rules_version",
  "critical",
  "high",
  "medium",
  "low",
  "weight",
  "version",
];

const JOB_COLUMNS = [
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
];

/** Each value's place in the array of a row, and the name that it is read by. */
const VALUES: readonly [sql: string, name: string][] = [
  ...REPOSITORY_COLUMNS.map((name) => [`r.${name}`, name] as [string, string]),
  ["s.name", "server_name"],
  ["s.workspace", "workspace"],
  ...JOB_COLUMNS.map((name) => [`j.${name}`, `j_${name}`] as [string, string]),
];

/**
 * Repositories with their server and newest scan; `r`, `s` and `j` are the tables. Each row is one
 * array of JSON: the driver takes a microsecond for each value, and a page of 50 has 2,300.
 */
export const SELECT_REPOSITORIES = `SELECT json_array(${
  VALUES.map(([sql]) => sql).join(", ")
}) AS row
  FROM repositories r CROSS JOIN servers s ON s.id = r.server_id
  LEFT JOIN jobs j ON j.id = r.scan_id`;

/** The values of a row of `SELECT_REPOSITORIES` by name. */
export function valuesOf(row: Record<string, unknown>): Record<string, unknown> {
  const values = JSON.parse(String(row.row));
  return Object.fromEntries(VALUES.map(([, name], index) => [name, values[index]]));
}

/** A scan's columns under the names that `toScanRow` reads. */
export const SCAN_COLUMNS = JOB_COLUMNS.map((name) => `j.${name} AS j_${name}`).join(", ");

/** Reads the values of a row of `SELECT_REPOSITORIES`. */
export function toRepositoryRow(row: Record<string, unknown>): RepositoryRow {
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
    scan: toScanRow(row),
  };
}

/** Reads a row of `SCAN_COLUMNS`; null where a left join met no scan. */
export function toScanRow(row: Record<string, unknown>): ScanRow | null {
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
