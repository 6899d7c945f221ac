/** A job in the hands of its holder, and the words and limits of jobs. */

export type JobKind = "discovery" | "scan";
export type JobStep = "discover" | "tip" | "history" | "done";
export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled";
export type RequestedBy =
  | "wizard"
  | "selection"
  | "person"
  | "schedule"
  | "webhook"
  | "discovery"
  | "rules";

/** Small is claimed first. */
export const PRIORITY = { person: 10, tip: 20, change: 25, history: 30, background: 50 } as const;

/** How long a claim holds without a sign of life. */
export const LEASE_MS = 60_000;

/**
 * Repositories up to this size are light: reading them is mostly waiting for the network, so that
 * more of them run at once, and their tip costs as much as their whole history.
 */
export const LIGHT_BYTES = 2 * 1024 * 1024;

/**
 * Claims in a row that end without a word before a job is set aside. Higher than the three tries
 * that a thread's crash gets: a lost lease is mostly a killed process, which no job is to blame for.
 */
export const MAX_CRASHES = 10;

/** A job in the hands of its holder. */
export interface ClaimedJob {
  id: string;
  kind: JobKind;
  serverId: string;
  repositoryId: string | null;
  step: Exclude<JobStep, "done">;
  claim: number;
  attempts: number;
  snoozes: number;
  crashes: number;
  cursor: string | null;
  requestedBy: RequestedBy;
  createdAt: number;
  /** When it was due. */
  runAt: number;
  /** A scan of a repository of at most `LIGHT_BYTES`. */
  light: boolean;
}

/** How a scan or discovery ended well. */
export interface Success {
  result: "complete" | "partial" | "skipped";
  /** Sentences with figures on what was left out, or why it was skipped. */
  leftOut?: readonly string[];
  /** Figures for the page; any JSON object. */
  figures?: object;
}

/** The columns that `toClaimed` reads, of the table or of what an update returns. */
export const CLAIMED =
  `id, kind, server_id, repository_id, step, claim, attempts, snoozes, crashes, cursor,
  requested_by, created_at, run_at,
  coalesce((SELECT coalesce(size_bytes, 0) <= ${LIGHT_BYTES} FROM repositories r
    WHERE r.id = repository_id), 0) AS light`;

/** Reads a row of those columns. */
export function toClaimed(row: Record<string, unknown>): ClaimedJob {
  return {
    id: String(row.id),
    kind: row.kind as JobKind,
    serverId: String(row.server_id),
    repositoryId: row.repository_id === null ? null : String(row.repository_id),
    step: row.step as ClaimedJob["step"],
    claim: Number(row.claim),
    attempts: Number(row.attempts),
    snoozes: Number(row.snoozes),
    crashes: Number(row.crashes),
    cursor: row.cursor === null ? null : String(row.cursor),
    requestedBy: row.requested_by as RequestedBy,
    createdAt: Number(row.created_at),
    runAt: Number(row.run_at),
    light: row.light === 1,
  };
}
