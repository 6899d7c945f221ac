/** The one table from an error to a move, for discoveries and scans alike. */

import { describeError } from "@/lib/error_facts.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { TIP_TOO_LARGE } from "@/lib/git/slice.ts";
import { DISK_FULL, isDiskFull } from "@/lib/disk.ts";
import { commonRulesVersion } from "@/lib/rules_version.ts";
import { SealError } from "@/lib/seal.ts";
import { type ClaimedJob, PRIORITY } from "@/lib/store/job_moves.ts";
import type { AttentionReason } from "@/lib/store/servers.ts";
import type { Deps } from "./deps.ts";
import { sliceAt, smallerSlice } from "./slices.ts";

type Reason = RemoteReason | "internal" | "disk_full" | "key_mismatch";

/** What is done with the job, and with its server. */
type Decision =
  /** Wait as long as asked; no try is used up. */
  | { move: "snooze" }
  /** Try again, five times, later each time; `reason` is what a discovery's server needs then. */
  | { move: "retry"; reason: AttentionReason }
  /** The server waits for a person; the job waits with it. */
  | { move: "attention"; reason: AttentionReason }
  /** Read the history in slices, or in smaller ones. */
  | { move: "slice" }
  | { move: "fail" };

const DECISIONS: Record<Reason, { scan: Decision; discovery: Decision }> = {
  rate_limited: { scan: { move: "snooze" }, discovery: { move: "snooze" } },
  unavailable: both({ move: "retry", reason: "unreachable" }),
  unauthorized: both({ move: "attention", reason: "token_rejected" }),
  forbidden: {
    scan: { move: "fail" },
    discovery: { move: "attention", reason: "scope_missing" },
  },
  not_found: {
    scan: { move: "fail" },
    discovery: { move: "attention", reason: "workspace_not_found" },
  },
  closed: {
    scan: { move: "fail" },
    discovery: { move: "attention", reason: "workspace_closed" },
  },
  too_large: { scan: { move: "slice" }, discovery: { move: "retry", reason: "unreadable" } },
  malformed: both({ move: "retry", reason: "unreadable" }),
  corrupt: both({ move: "retry", reason: "unreadable" }),
  internal: both({ move: "retry", reason: "internal" }),
  disk_full: both({ move: "snooze" }),
  key_mismatch: both({ move: "attention", reason: "key_mismatch" }),
};

/** Waits between tries: a hiccup passes in seconds, an outage in minutes. */
const RETRY_AFTER_MS = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000];

/** A bug of ours is not cured by patience. */
const INTERNAL_TRIES = 3;

/**
 * Bitbucket's limits are by the hour and free up gradually, and few answers say when: each wait in a
 * row is twice the last, up to an hour.
 */
const RATE_LIMIT_MS = 60_000;
const LONGEST_RATE_LIMIT_MS = 3_600_000;

/** The same where the answer says when: a wait of nothing, or a date that is over, would be no wait. */
const LEAST_WAIT_MS = 5_000;

/** Room on a disk is made by a person, at any time. */
const DISK_FULL_MS = 20_000;

/** How often a server that needs attention is asked again by itself: the cause may be gone. */
const ATTENTION_MS = 30 * 60_000;

/** Carries out what the table says of an error. */
export async function settle(job: ClaimedJob, error: unknown, deps: Deps): Promise<void> {
  const { jobs, servers } = deps.store;
  const reason: Reason = error instanceof RemoteError
    ? error.reason
    : error instanceof SealError
    ? "key_mismatch"
    : isDiskFull(error)
    ? "disk_full"
    : "internal";
  if (reason === "disk_full") deps.vitals.diskFull();
  const message = reason === "internal"
    ? "Sluice met an error of its own; the log has it under this scan's id"
    : reason === "disk_full"
    ? DISK_FULL
    : (error as Error).message;
  const now = deps.clock.now();
  const decision = DECISIONS[reason][job.kind];
  const facts = { job: job.id, server: job.serverId, repository: job.repositoryId, reason };
  if (reason === "internal") {
    const name = error instanceof Error ? error.name : "Error";
    deps.log.error("A step met an error of ours", { ...facts, name, ...describeError(error) });
  } else {
    deps.log.info("A step did not get on", { ...facts, move: decision.move, detail: message });
  }

  switch (decision.move) {
    case "snooze": {
      const until = now +
        (reason === "disk_full" ? DISK_FULL_MS : rateLimitMs(job, askedMs(error)));
      await jobs.snooze(job, until, reason);
      if (job.kind === "scan") await servers.wait(job.serverId, until);
      return;
    }
    case "retry": {
      const tries = reason === "internal" ? INTERNAL_TRIES : RETRY_AFTER_MS.length;
      if (job.attempts + 1 < tries) {
        const after = Math.max(askedMs(error) ?? 0, RETRY_AFTER_MS[job.attempts]!);
        await jobs.retry(job, now + after, reason);
      } else if (job.kind === "discovery") {
        await servers.needAttention(job.serverId, decision.reason, message);
        await jobs.snooze(job, now + ATTENTION_MS, reason);
      } else {
        await jobs.fail(job, reason, message);
      }
      return;
    }
    case "attention": {
      if (job.kind === "scan" && reason === "unauthorized") {
        // Where this repository alone refuses it, a stop of the server would starve the others.
        const answer = await askOfToken(job, deps);
        if (answer === "good") {
          await jobs.fail(job, "forbidden", message);
          return;
        }
        if (answer !== "bad") {
          await keepAsking(job, answer, message, deps);
          return;
        }
      }
      const server = await servers.find(job.serverId);
      const expired = decision.reason === "token_rejected" &&
        (server?.tokenExpiresAt ?? Infinity) <= now;
      await servers.needAttention(
        job.serverId,
        expired ? "token_expired" : decision.reason,
        message,
      );
      if (job.kind === "scan") {
        await jobs.giveBack(job);
        await jobs.requestDiscovery(job.serverId, "schedule", now + ATTENTION_MS);
      } else {
        await jobs.snooze(job, now + ATTENTION_MS, reason);
      }
      return;
    }
    case "slice": {
      const hopeless = error instanceof RemoteError && error.details.limit === TIP_TOO_LARGE;
      const cursor = hopeless ? null : smallerSlice(job);
      if (cursor !== null) {
        await jobs.advance(job, "history", PRIORITY.history, cursor);
        return;
      }
      const { leftOut, frontier, rulesVersions } = sliceAt(job);
      const rules = await deps.store.customRules.version(deps.rulesVersion);
      await deps.store.scans.finish(job, {
        result: frontier.length > 0 ? "partial" : "skipped",
        leftOut: [...leftOut, message],
        refs: [],
        headCommit: null,
        rulesVersion: commonRulesVersion([rules, ...rulesVersions]),
        scope: "new",
      });
      return;
    }
    case "fail":
      await jobs.fail(job, reason, message);
      return;
  }
}

function askedMs(error: unknown): number | undefined {
  return error instanceof RemoteError ? error.details.retryAfterMs : undefined;
}

function rateLimitMs(job: ClaimedJob, asked: number | undefined): number {
  const least = asked === undefined ? RATE_LIMIT_MS : LEAST_WAIT_MS;
  return Math.max(asked ?? 0, Math.min(least * 2 ** job.snoozes, LONGEST_RATE_LIMIT_MS));
}

/**
 * Whether the server still lists repositories for its token: one call, with the answer thrown away.
 * Only a refusal says that the token is bad; any other error says nothing of it, and is given back.
 */
async function askOfToken(job: ClaimedJob, deps: Deps): Promise<"good" | "bad" | RemoteError> {
  const server = await deps.store.servers.find(job.serverId);
  if (server === null) return "bad";
  try {
    await (await deps.openServer(server)).listRepositories(null);
    return "good";
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return error.reason === "unauthorized" ? "bad" : error;
  }
}

/** The scan alone comes again later: nothing is known of the token, so nothing is said of its server. */
async function keepAsking(
  job: ClaimedJob,
  { reason, message, details }: RemoteError,
  refusal: string,
  { store: { jobs }, clock }: Deps,
): Promise<void> {
  const now = clock.now();
  if (reason === "rate_limited") {
    await jobs.snooze(job, now + rateLimitMs(job, details.retryAfterMs), reason);
  } else if (job.attempts + 1 < RETRY_AFTER_MS.length) {
    const after = Math.max(details.retryAfterMs ?? 0, RETRY_AFTER_MS[job.attempts]!);
    await jobs.retry(job, now + after, reason);
  } else {
    await jobs.fail(job, reason, `${refusal}; asked whether the token is still good: ${message}`);
  }
}

function both(decision: Decision): { scan: Decision; discovery: Decision } {
  return { scan: decision, discovery: decision };
}
