/** A scan's two steps: the tip of the default branch, then the whole history. Safe to run twice. */

import { type ClaimedJob, PRIORITY } from "@/lib/store/job_moves.ts";
import { done, lost, type Outcome, type StepContext } from "./deps.ts";
import type { ReadRequest, ReadResult } from "./thread_messages.ts";

/** A request line each; with more refs than that the pack grows a little, and nothing is missed. */
const MAX_HAVES = 2_000;

/** Known occurrences that are looked up at the tip, those that stood there first. */
const MAX_PLACES = 50_000;

/** Reads what is exposed today; the whole workspace's tips come before any history. */
export async function tip(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const result = await read(job, context, "tip");
  if (result === null) return lost;
  if (result.refs.length === 0) return await end(job, context, result);
  return { kind: "advance", step: "history", priority: PRIORITY.history };
}

/**
 * Reads all branches and tags, or what is new since the last complete scan, and ends the scan.
 * Everything is read when a person asked, or when the rules are others than the last scan's.
 */
export async function history(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const { store } = context;
  const repository = await store.repositories.find(job.repositoryId!);
  if (repository === null) return lost;
  const anew = ["person", "rules", "wizard"].includes(job.requestedBy) ||
    repository.rulesVersion !== context.rulesVersion;
  const haves = anew ? [] : (await store.scans.refTips(repository.id)).map((ref) => ref.oid);
  if (haves.length === 0) return await end(job, context, await read(job, context, "history"));

  const places = await store.scans.listPlaces(repository.id, MAX_PLACES);
  const result = await read(job, context, "history", {
    haves: haves.slice(0, MAX_HAVES),
    known: { headCommit: repository.scannedCommit, places },
  });
  const atTip = result?.knownAtTip?.map((atTip, i) => ({ id: places[i]!.id, atTip }));
  return await end(job, context, result, atTip ?? []);
}

/** Null when the claim was lost on the way. */
async function read(
  job: ClaimedJob,
  context: StepContext,
  mode: "tip" | "history",
  since?: Required<Pick<ReadRequest, "haves" | "known">>,
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
    { remote, mode, haves: [], ...since, limits, fingerprintKey, spoolDir },
    { signal, onProgress: context.progress },
  );
  while (true) {
    const { done, value } = await reading.next();
    if (done) return value;
    if (!await store.scans.record(job, value, since ? "new" : mode)) {
      await reading.return(undefined as never);
      return null;
    }
  }
}

/** `atTip` is given by a reading of what is new only. */
async function end(
  job: ClaimedJob,
  { store }: StepContext,
  read: ReadResult | null,
  atTip?: { id: number; atTip: boolean }[],
): Promise<Outcome> {
  if (read === null) return lost;
  const empty = read.refs.length === 0;
  const { refs, leftOut, knownAtTip: _, ...figures } = read;
  const ended = await store.scans.finish(job, {
    result: empty ? "skipped" : leftOut.length > 0 ? "partial" : "complete",
    leftOut: empty ? ["The repository is empty: it has no commit yet"] : leftOut,
    figures: { ...figures, onlyNew: atTip !== undefined },
    refs,
    headCommit: read.headCommit,
    rulesVersion: read.rulesVersion,
    scope: atTip === undefined ? "history" : "new",
    atTip,
  });
  return ended ? done : lost;
}
