/** What every step is given, and how it ends. */

import type { CodeServer } from "@/lib/codeserver/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import type { Log } from "@/lib/log.ts";
import type { Metrics } from "@/lib/metrics.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { Store } from "@/lib/store/mod.ts";
import type { Vitals } from "@/lib/vitals.ts";
import type { Pool } from "./pool.ts";
import type { ReadLimits } from "./thread_messages.ts";

/** Opened once in `compose.ts` and passed on. */
export interface Deps {
  store: Store;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  vitals: Vitals;
  threads: Pool;
  /** Scans of large repositories at once; small ones may use all threads. */
  heavyScans: number;
  limits: ReadLimits;
  spoolDir: string | null;
  fingerprintKey: Uint8Array;
  rulesVersion: string;
  /** Opens a server with its credential. @throws `SealError` when the key does not fit. */
  openServer(server: Server, options?: { asked?: boolean }): Promise<CodeServer>;
  /** An address of ours that the code server can reach; null when none is configured. */
  publicUrl: string | null;
  /** Names this process in leases. */
  owner: string;
}

/** What one run of a step may use beside the deps. */
export interface StepContext extends Deps {
  /** Aborts when the claim is lost, the job cancelled, or the process stops. */
  signal: AbortSignal;
  /** Takes note of progress; the heartbeat writes it at most once a second. */
  progress(progress: object): void;
}

/** How a step ended without an error. */
export type Outcome =
  /** The step wrote its own end. */
  | { kind: "done" }
  /** On to the next step. */
  | { kind: "advance"; step: "history"; priority: number; cursor?: string }
  /** The claim went to another, or the job was cancelled: nothing is left to write. */
  | { kind: "lost" };

export const done: Outcome = { kind: "done" };
export const lost: Outcome = { kind: "lost" };
