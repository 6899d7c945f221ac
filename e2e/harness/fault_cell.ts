/** Plays one cell of the fault matrix: the fault, the time that passes, and the end of it. */

import assert from "node:assert/strict";
import type { MatrixCall, MatrixFault, Outcome } from "@/e2e/fault_matrix.ts";
import { addCommits, git } from "@/e2e/harness/repositories.ts";
import { type FaultyFetch, faultyFetch } from "@/e2e/harness/faulty_fetch.ts";
import { ATTENTION_SENTENCES, reasonSentence } from "@/lib/status.ts";
import { systemClock } from "@/lib/clock.ts";
import { silentLog } from "@/lib/log.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { removeServer } from "@/routes/server_removal.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";
import { sweep } from "@/workers/sweep.ts";

/** Far above what an answer takes here, so that a busy machine makes no fault of its own. */
const TIMEOUT_MS = 20_000;
/** Where the fault is silence, each try waits as long as this. */
const SILENCE_MS = 3_000;
/** Nothing of a cell runs so long, on a busy machine either. */
const QUIET_MS = 300_000;
const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
/** More than the five tries of a job. */
const TRIES_WATCHED = 7;
/** A discovery tries a failed scan again after an hour. */
const HEAL_ROUNDS = 16;
const HEAL_ROUND_MS = 10 * MINUTE_MS;

export interface CellRepository {
  dir: string;
  /** Occurrences that its scan finds. */
  findings: number;
}

interface Play {
  call: MatrixCall;
  fault: MatrixFault;
  job: MainJob;
  faulty: FaultyFetch;
  repository: CellRepository;
  /** Moves the clock on. */
  pass(ms: number): void;
  clock: { now(): number };
}

/** Plays a cell and tells what came of it. */
export async function playCell(
  call: MatrixCall,
  fault: MatrixFault,
  planted: CellRepository,
): Promise<Outcome> {
  // One that is pushed to is not shared with other cells.
  const own = call.setup === "scanned" ? await Deno.makeTempDir() : null;
  try {
    if (own) await git(["clone", "--quiet", "--bare", planted.dir, own]);
    return await play(call, fault, own ? { ...planted, dir: own } : planted);
  } finally {
    if (own) await Deno.remove(own, { recursive: true });
  }
}

async function play(
  call: MatrixCall,
  fault: MatrixFault,
  repository: CellRepository,
): Promise<Outcome> {
  let offset = 0;
  const startedAt = Date.now();
  const clock = {
    // Stands still between the steps of the play, so that a slow machine changes no figure.
    now: () => startedAt + offset,
    sleep: systemClock.sleep,
  };
  let jumps = 1;
  const jump = (ms: number) => () => void (jumps-- > 0 && (offset += ms));
  await using faulty = faultyFetch(call, fault, {
    "revoked": () => void (job.fake.credentials[0]!.expired = true),
    "clock on": jump(DAY_MS),
    "clock back": jump(-DAY_MS),
    "changing": () => jumps-- > 0 && change(job),
  });
  const more = call.setup === "pages" ? ["b", "c", "d"].map((name) => ({ name })) : [];
  await using job = await mainJob({
    repositories: [
      { name: "a", git: repository.dir, ...(call.setup === "large" ? { size: 3_000_000 } : {}) },
      ...more,
    ],
    ...(call.setup === "pages" ? { listing: { longestPage: 2 } } : {}),
  }, {
    clock,
    fetch: faulty.fetch,
    timeoutMs: ["hang", "stall"].includes(fault.id) ? SILENCE_MS : TIMEOUT_MS,
    ...(call.scene === "webhook" || call.scene === "removal"
      ? { publicUrl: "https://sluice.example.test" }
      : {}),
  });
  const pass = (ms: number) => void (offset += ms);
  // As the app does at its start, and each minute.
  await minute(job);
  const outcome = await SCENES[call.scene]({ call, fault, job, faulty, repository, pass, clock });
  assert.ok(faulty.hits > 0, `${call.id} was never asked`);
  return outcome;
}

const SCENES: Record<MatrixCall["scene"], (play: Play) => Promise<Outcome>> = {
  preflight,
  removal,
  discovery: worked,
  webhook: worked,
  scan: worked,
};

function change({ fake: { state } }: MainJob): void {
  state.rename("demo", "b", "renamed");
  state.remove("demo", "c");
  state.add("demo", { name: "added" });
}

async function preflight({ job, faulty }: Play): Promise<Outcome> {
  const check = () => job.openWorkspace("bitbucket_cloud", "demo", job.credential).checkAccess();
  faulty.on = true;
  const access = await check();
  heal(job, faulty);
  const again = await check();
  const told = access.checks.find(({ state }) => state === "failed") ??
    access.checks.find(({ state }) => state === "warning");
  return {
    state: access.ok ? told ? "can be saved, with a warning" : "can be saved" : "cannot be saved",
    sentence: neutral(told?.sentence ?? ""),
    next: access.ok ? "" : "a person checks again, or replaces the token",
    afterwards: again.ok ? "the check passes" : "the check still fails",
  };
}

async function removal(play: Play): Promise<Outcome> {
  const { job, faulty } = play;
  await settle(play);
  faulty.on = true;
  const server = (await job.store.servers.find(job.serverId))!;
  assert.ok(server.webhookId);
  await removeServer({ store: job.store, openServer: job.openServer, log: silentLog }, server);
  const left = await job.store.servers.find(job.serverId);
  return {
    state: left === null ? "removed" : "still there",
    sentence: "",
    next: "",
    afterwards: "the server and all its rows are gone",
  };
}

/** Discovery, webhook and scan: by the dispatcher, with the sweep each ten minutes of its time. */
async function worked(play: Play): Promise<Outcome> {
  const { job, faulty, call } = play;
  if (call.setup === "scanned") await settle(play);
  faulty.on = true;
  if (call.setup === "scanned") {
    await addCommits(play.repository.dir, [{ message: "More", files: { "more.txt": "more\n" } }]);
    job.fake.state.touch("demo", "a", new Date(Date.now() + DAY_MS * 3).toISOString());
    await job.store.jobs.requestDiscovery(job.serverId, "person");
  }
  await quiet(job, () => faulty.hits > 0);
  const first = await look(play);
  const waits: string[] = [];
  let now = first;
  for (let tries = 0; tries < TRIES_WATCHED && now.waitMs !== null && !now.over; tries++) {
    waits.push(duration(now.waitMs));
    play.pass(now.waitMs + 50);
    const hits = faulty.hits;
    await quiet(job, () => faulty.hits > hits);
    now = await look(play);
  }
  heal(job, faulty);
  return {
    state: first.state,
    sentence: first.sentence,
    next: describe(waits, first.state, now),
    afterwards: await recovery(play),
  };
}

function describe(waits: string[], first: string, last: Look): string {
  if (waits.length === 0) return "";
  if (waits.length === TRIES_WATCHED) return `asked again every ${waits[0]}`;
  const end = last.state === first ? "" : `, then ${last.state}: ${last.sentence}`;
  return `asked again after ${waits.join(", ")}${end}`;
}

interface Look {
  state: string;
  sentence: string;
  /** Until the next try; null when nothing is planned. */
  waitMs: number | null;
  /** Waits for a person, or for the next discovery. */
  over: boolean;
}

async function look({ job, call, clock }: Play): Promise<Look> {
  const server = (await job.store.servers.find(job.serverId))!;
  const now = clock.now();
  const due = await job.store.jobs.nextDueAt();
  const waitMs = due === null ? null : due - now;
  if (server.attentionReason) {
    const sentence = ATTENTION_SENTENCES[server.attentionReason];
    return { state: "server: needs attention", sentence, waitMs, over: true };
  }
  if (call.scene === "scan") {
    const { rows } = await job.store.repositories.list({}, {
      sort: "name",
      descending: false,
      limit: 1,
    });
    const { state, scan } = rows[0]!;
    const reason = scan!.failureReason ?? scan!.waitReason;
    const sentence = reason ? reasonSentence(reason) : "";
    return { state: `repository: ${state}`, sentence, waitMs, over: state !== "waiting" };
  }
  if (call.scene === "webhook") {
    const state = `webhook: ${server.webhookState ?? "none yet"}`;
    return { state, sentence: "", waitMs: null, over: true };
  }
  const waits = server.discoveryState === "queued" && server.discoveryWaitReason;
  return {
    state: `server: ${server.state}`,
    sentence: waits ? reasonSentence(waits) : "",
    waitMs,
    over: !waits,
  };
}

/** How long after the end of the fault everything is as it should be. */
async function recovery(play: Play): Promise<string> {
  const { job } = play;
  for (let round = 0; round <= HEAL_ROUNDS; round++) {
    await job.dispatcher.quiet(QUIET_MS);
    if (await isExact(play)) {
      if (round === 0) return "complete";
      return "complete within 2 h, by itself";
    }
    play.pass(HEAL_ROUND_MS);
    await minute(job);
  }
  return "not within 2 h";
}

async function isExact({ job, repository, call }: Play): Promise<boolean> {
  const server = (await job.store.servers.find(job.serverId))!;
  const wanted = [...job.fake.state.workspace("demo")!.repositories.keys()].sort();
  const states = await job.states();
  const known = Object.keys(states).filter((slug) => states[slug] !== "gone").sort();
  const { rows } = await job.store.findings.list({}, { limit: 100 });
  if (["webhook", "removal"].includes(call.scene) && server.webhookState === null) return false;
  return server.attentionReason === null && server.discoveryState === "succeeded" &&
    known.join() === wanted.join() && states.a === "findings" &&
    known.every((slug) => slug === "a" || states[slug] === "skipped") &&
    rows.length === repository.findings &&
    rows.every((finding) => finding.occurrenceCount === 1);
}

function minute({ store, vitals }: MainJob): Promise<void> {
  return sweep({ store, log: silentLog, rulesVersion: RULES_VERSION, vitals });
}

function heal(job: MainJob, faulty: FaultyFetch): void {
  faulty.on = false;
  job.fake.credentials[0]!.expired = false;
}

async function settle(play: Play): Promise<void> {
  const { job } = play;
  await quiet(job, () => true);
  // On a busy machine a call may have been given up, and is made again after a while.
  for (let round = 0; round < HEAL_ROUNDS && !await isExact(play); round++) {
    play.pass(HEAL_ROUND_MS);
    await minute(job);
    await quiet(job, () => true);
  }
  assert.ok(await isExact(play), `not settled: ${JSON.stringify(await job.states())}`);
}

/** Works until nothing is due, or runs, any more; at least once when `enough` asks for it. */
async function quiet(job: MainJob, enough: () => boolean): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await job.dispatcher.quiet(QUIET_MS);
    if (enough()) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await job.dispatcher.quiet(QUIET_MS);
}

function neutral(sentence: string): string {
  return sentence.replaceAll(/127\.0\.0\.1:\d+/g, "Bitbucket");
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
