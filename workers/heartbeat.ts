/** The heartbeat of one running step: renews the lease, writes progress, notices a lost claim. */

import { RemoteError } from "@/lib/errors.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import type { Deps } from "./deps.ts";

/** Progress is written, and a cancel noticed, within this time. */
const BEAT_MS = 1_000;

/** A lease is renewed at least this often while nothing else is to be written. */
const RENEW_MS = 15_000;

/** A step without any progress for this long is stopped and tried again. */
const STALL_MS = 10 * 60_000;

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
  const { clock, store } = deps;
  let latest: object | null = null;
  let movedAt = clock.now();
  let renewedAt = clock.now();
  let lost = false;
  let stalled: RemoteError | null = null;
  let over = false;
  let timer = setTimeout(beat, BEAT_MS);

  async function beat(): Promise<void> {
    try {
      const now = clock.now();
      const progress = latest;
      latest = null;
      if (progress !== null) movedAt = now;
      if (job.kind === "scan" && now - movedAt > STALL_MS) {
        stalled = new RemoteError("unavailable", "Cannot go on: no progress for 10 minutes");
        own.abort();
        return;
      }
      const renew = progress !== null || now - renewedAt > RENEW_MS;
      const held = renew ? await store.jobs.beat(job, progress) : await store.jobs.isHeld(job);
      if (renew) renewedAt = now;
      if (!held && !over) {
        lost = true;
        own.abort();
        return;
      }
    } catch (error) {
      deps.log.warn("A heartbeat could not be written", { job: job.id, error: String(error) });
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
