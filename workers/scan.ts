/** A scan's two steps: the tip of the default branch, then the whole history. Safe to run twice. */

import { type ClaimedJob, PRIORITY } from "@/lib/store/job_moves.ts";
import { done, lost, type Outcome, type StepContext } from "./deps.ts";
import type { ReadResult } from "./thread_messages.ts";

/** Reads what is exposed today; the whole workspace's tips come before any history. */
export async function tip(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const result = await read(job, context, "tip");
  if (result === null) return lost;
  if (result.refs.length === 0) return await finish(job, context, result);
  return { kind: "advance", step: "history", priority: PRIORITY.history };
}

/** Reads all branches and tags, and ends the scan. */
export async function history(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const result = await read(job, context, "history");
  if (result === null) return lost;
  return await finish(job, context, result);
}

/** Null when the claim was lost on the way. */
async function read(
  job: ClaimedJob,
  context: StepContext,
  mode: "tip" | "history",
): Promise<ReadResult | null> {
  const { store, signal, limits, spoolDir, fingerprintKey } = context;
  const [repository, server] = await Promise.all([
    store.repositories.find(job.repositoryId!),
    store.servers.find(job.serverId),
  ]);
  if (repository === null || server === null) return null;
  const codeServer = await context.openServer(server);
  const remote = await codeServer.gitRemote(repository, { signal });

  const reading = context.threads.read(
    { remote, mode, haves: [], limits, fingerprintKey, spoolDir },
    { signal, onProgress: context.progress },
  );
  while (true) {
    const { done, value } = await reading.next();
    if (done) return value;
    if (!await store.scans.record(job, value, mode)) {
      await reading.return(undefined as never);
      return null;
    }
  }
}

async function finish(
  job: ClaimedJob,
  { store }: StepContext,
  read: ReadResult,
): Promise<Outcome> {
  const empty = read.refs.length === 0;
  const { refs: _refs, leftOut, ...figures } = read;
  const ended = await store.scans.finish(job, {
    result: empty ? "skipped" : leftOut.length > 0 ? "partial" : "complete",
    leftOut: empty ? ["The repository is empty: it has no commit yet"] : leftOut,
    figures,
    refs: read.refs,
    headCommit: read.headCommit,
    rulesVersion: read.rulesVersion,
    scope: "history",
  });
  return ended ? done : lost;
}
