/** Signs of life of this process beside its rows: when the minute's work last ran, and a full disk. */

import type { Clock } from "./clock.ts";
import { freeBytes } from "./disk.ts";

/** A full disk shows for so long after the last write that failed: what waits tries again before. */
const FULL_MS = 3 * 60_000;
/** Two of the minute's runs may be late. */
const LATE_MS = 3 * 60_000;

export type Vitals = ReturnType<typeof createVitals>;

/** Of a process that starts now, and keeps its data in `dataDir`; null where it keeps none. */
export function createVitals(clock: Clock, dataDir: string | null) {
  let sweptAt = clock.now();
  let fullAt = -Infinity;
  // A clock that is set back makes nothing late.
  const since = (at: number) => Math.max(0, clock.now() - at);
  return {
    /** The minute's work ran to its end. */
    swept(): void {
      sweptAt = clock.now();
    },
    /** A write failed for lack of room. */
    diskFull(): void {
      fullAt = clock.now();
    },
    /** A step wrote its end: there is room. */
    wrote(): void {
      fullAt = -Infinity;
    },
    /** Whether writes failed for lack of room just now. */
    isDiskFull: (): boolean => since(fullAt) < FULL_MS,
    /** How long ago the minute's work last ran, where that is too long; otherwise null. */
    lateMs: (): number | null => since(sweptAt) > LATE_MS ? since(sweptAt) : null,
    /** Bytes left for the data; null where none are kept, or the system does not tell. */
    freeBytes: (): Promise<number | null> =>
      dataDir === null ? Promise.resolve(null) : freeBytes(dataDir),
  };
}
