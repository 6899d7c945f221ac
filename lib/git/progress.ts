/** Tells how far a reading has come, at most once a second. */

import type { Clock } from "@/lib/clock.ts";

/** Counted, not guessed. */
export interface ReadingProgress {
  phase: "connecting" | "fetching" | "reading" | "attributing";
  packBytes: number;
  objectsDone: number;
  objectsTotal: number | null;
  commits: number;
  blobs: number;
  /** Blobs with hits so far. */
  findings: number;
}

type Changes = Partial<Omit<ReadingProgress, "phase">>;

const EVERY_MS = 1000;

/** Numbers that a call leaves out stay as they were. */
export function createProgress(
  clock: Clock,
  tell: ((progress: ReadingProgress) => void) | undefined,
  onPhase?: (phase: ReadingProgress["phase"]) => void,
) {
  let told: ReadingProgress["phase"] | null = null;
  let last = Number.NEGATIVE_INFINITY;
  let progress: ReadingProgress = {
    phase: "connecting",
    packBytes: 0,
    objectsDone: 0,
    objectsTotal: null,
    commits: 0,
    blobs: 0,
    findings: 0,
  };

  return {
    /** Tells if a second has passed since the last time; of a phase, when it begins. */
    at(phase: ReadingProgress["phase"], changes: Changes): void {
      progress = { ...progress, ...changes, phase };
      if (phase !== told) onPhase?.(phase);
      told = phase;
      if (tell === undefined || clock.now() - last < EVERY_MS) return;
      last = clock.now();
      tell(progress);
    },
  };
}
