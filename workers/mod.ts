/** The dispatcher: claims due jobs while there is room, runs their steps, and settles the errors. */

import { isDiskFull } from "@/lib/disk.ts";
import { describeError } from "@/lib/error_facts.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import { inSpan } from "@/lib/tracing.ts";
import type { Deps, Outcome, StepContext } from "./deps.ts";
import { discover } from "./discover.ts";
import { settle } from "./failures.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { history, tip } from "./scan.ts";

export interface Dispatcher {
  /** Looks for due jobs soon; rung after every row that asks for work. */
  wake(): void;
  /** Claims nothing more, stops what runs and gives it back to the line. */
  stop(): Promise<void>;
  /** Resolves when nothing runs any more, or after `mostMs`. */
  quiet(mostMs: number): Promise<void>;
  /** How many steps run now. */
  readonly running: number;
}

const STEPS: Record<
  ClaimedJob["step"],
  (job: ClaimedJob, context: StepContext) => Promise<Outcome>
> = { discover, tip, history };

/** Discoveries need no thread and mostly wait for the network. */
const MAX_DISCOVERIES = 4;

/** Looked up at least this often, for rows that came due without a ring. */
const LOOK_EVERY_MS = 15_000;

/** How often a write that a full disk refused is tried again. */
const ROOM_EVERY_MS = 10_000;

/** Starts to claim at the first `wake`. */
export function createDispatcher(deps: Deps): Dispatcher {
  const stopping = new AbortController();
  const running = new Map<string, { job: ClaimedJob; ended: Promise<void> }>();
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const count = (kind: ClaimedJob["kind"]) =>
    [...running.values()].filter(({ job }) => job.kind === kind).length;

  const heavy = () =>
    [...running.values()].filter(({ job }) => job.kind === "scan" && !job.light).length;

  /** One look at a time; who asks meanwhile waits for the end of the next. */
  function look(): Promise<void> {
    lookAgain = true;
    looking ??= lookOn().finally(() => looking = null);
    return looking;
  }

  async function lookOn(): Promise<void> {
    clearTimeout(timer);
    let wait = LOOK_EVERY_MS;
    do {
      lookAgain = false;
      try {
        await claimAll("discovery", MAX_DISCOVERIES);
        await claimAll("scan", deps.threads.size);
      } catch (error) {
        if (isDiskFull(error)) deps.vitals.diskFull();
        deps.log.error("The dispatcher could not look for work", describeError(error));
      }
      wait = await pause();
    } while (lookAgain && !stopping.signal.aborted);
    if (!stopping.signal.aborted) timer = setTimeout(look, wait);
  }

  async function claimAll(kind: ClaimedJob["kind"], room: number): Promise<void> {
    while (!stopping.signal.aborted && count(kind) < room) {
      const job = await deps.store.jobs.claim(kind, deps.owner, {
        light: kind === "scan" && heavy() >= deps.heavyScans,
      });
      if (job === null) return;
      const ended = run(job).finally(() => {
        running.delete(job.id);
        if (!stopping.signal.aborted) void look();
      });
      running.set(job.id, { job, ended });
    }
  }

  async function pause(): Promise<number> {
    try {
      const dueAt = await deps.store.jobs.nextDueAt();
      const until = dueAt === null ? LOOK_EVERY_MS : dueAt - deps.clock.now();
      return Math.max(50, Math.min(until, LOOK_EVERY_MS));
    } catch {
      return LOOK_EVERY_MS;
    }
  }

  async function run(job: ClaimedJob): Promise<void> {
    const startedAt = deps.clock.now();
    deps.metrics.claimed(startedAt - job.runAt);
    let ending = "failed";
    const heart = startHeartbeat(job, deps, stopping.signal);
    try {
      const context = { ...deps, signal: heart.signal, progress: heart.progress };
      const outcome = await inSpan(
        `step ${job.step}`,
        { "job.id": job.id, "server.id": job.serverId, "repository.id": job.repositoryId ?? "" },
        () => STEPS[job.step](job, context),
      );
      heart.stop();
      ending = outcome.kind;
      if (ending === "done") deps.vitals.wrote();
      if (outcome.kind === "advance") {
        await deps.store.jobs.advance(job, outcome.step, outcome.priority, outcome.cursor);
      }
    } catch (error) {
      heart.stop();
      const end = async () => {
        if (stopping.signal.aborted) await deps.store.jobs.giveBack(job, { interrupted: true });
        else if (!heart.lost) await settle(job, heart.stalled ?? error, deps);
      };
      try {
        await end().catch((late) => untilRoom(late, end));
      } catch (late) {
        // The row stays running until its lease ends; the sweep then gives it to another.
        deps.log.error("A step's end could not be written", {
          job: job.id,
          ...describeError(late),
        });
      }
    }
    deps.metrics.stepEnded(job.step, ending, deps.clock.now() - startedAt);
  }

  /** On a full disk: keeps the place, so that nothing more is claimed, and writes when it can. */
  async function untilRoom(late: unknown, end: () => Promise<void>): Promise<void> {
    for (let error = late;;) {
      if (!isDiskFull(error) || stopping.signal.aborted) throw error;
      deps.vitals.diskFull();
      await deps.clock.sleep(ROOM_EVERY_MS, stopping.signal);
      try {
        return await end();
      } catch (again) {
        error = again;
      }
    }
  }

  return {
    wake: () => void look(),
    async quiet(mostMs) {
      const settled = new AbortController();
      let late = mostMs <= 0;
      const over = deps.clock.sleep(mostMs, settled.signal).then(() => void (late = true));
      while (!late) {
        await look();
        if (running.size === 0) break;
        await Promise.race([
          Promise.all([...running.values()].map(({ ended }) => ended)),
          over,
        ]);
      }
      settled.abort();
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
    get running() {
      return running.size;
    },
  };
}
