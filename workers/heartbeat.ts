/** The heartbeat of one running step: renews the lease, writes progress, notices a lost claim. */

import { describeError } from "@/lib/error_facts.ts";
import { RemoteError } from "@/lib/errors.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import type { Deps } from "./deps.ts";

/** Progress is written, and a cancel noticed, within this time. */
const BEAT_MS = 1_000;

/** A lease is renewed at least this often while nothing else is to be written. */
const RENEW_BEATS = 15_000 / BEAT_MS;

/** A step without any progress for ten minutes is stopped and tried again. */
const STALL_BEATS = 10 * 60_000 / BEAT_MS;

export interface Heartbeat {
  /** Aborts when the claim is lost, the step stalls, or the process stops. */
  signal: AbortSignal;
  progress(progress: object): void;
  stop(): void;
  /** True once the claim went to another or the job was cancelled. */
  readonly lost: boolean;
  /** Why the step was stopped for lack of progress; null when it was not. */
  readonly stalled: RemoteError | null;
}

/** Beats until `stop`; `outer` stops the step with the process. */
export function startHeartbeat(job: ClaimedJob, deps: Deps, outer: AbortSignal): Heartbeat {
  const own = new AbortController();
  const { store } = deps;
  let latest: object | null = null;
  // Counted in beats: a clock that is set on or back says nothing of how long a step takes.
  let sinceMoved = 0;
  let sinceRenewed = 0;
  let lost = false;
  let stalled: RemoteError | null = null;
  let over = false;
  let timer = setTimeout(beat, BEAT_MS);

  async function beat(): Promise<void> {
    try {
      const progress = latest;
      latest = null;
      sinceMoved = progress === null ? sinceMoved + 1 : 0;
      if (job.kind === "scan" && sinceMoved > STALL_BEATS) {
        stalled = new RemoteError("unavailable", "Cannot go on: no progress for 10 minutes");
        own.abort();
        return;
      }
      const renew = progress !== null || ++sinceRenewed > RENEW_BEATS;
      const held = renew ? await store.jobs.beat(job, progress) : await store.jobs.isHeld(job);
      if (renew) sinceRenewed = 0;
      if (!held && !over) {
        lost = true;
        own.abort();
        return;
      }
    } catch (error) {
      deps.log.warn("A heartbeat could not be written", { job: job.id, ...describeError(error) });
    }
    if (!over) timer = setTimeout(beat, BEAT_MS);
  }

  return {
    signal: AbortSignal.any([own.signal, outer]),
    progress: (progress) => {
      latest = progress;
    },
    stop() {
      over = true;
      clearTimeout(timer);
    },
    get lost() {
      return lost;
    },
    get stalled() {
      return stalled;
    },
  };
}
