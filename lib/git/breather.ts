/** Lets a long computation hear what is said to it: time limits, cancelling, progress. */

import type { Clock } from "@/lib/clock.ts";

/** Shared by the phases of one reading. */
export interface Breather {
  /** True when it is time to call `breathe`; cheap enough to be asked for every object. */
  due(): boolean;
  /** Gives the event loop a turn. @throws the signal's reason once it is aborted */
  breathe(): Promise<void>;
}

/** How long a cancelled thread may go on, at most, besides the one object at hand. */
const TURN_MS = 50;

/** Lets other work run between long stretches of reading. */
export function createBreather(clock: Clock, signal: AbortSignal | undefined): Breather {
  return new Turns(clock, signal);
}

class Turns implements Breather {
  #clock: Clock;
  #signal: AbortSignal | undefined;
  #next: number;

  constructor(clock: Clock, signal: AbortSignal | undefined) {
    this.#clock = clock;
    this.#signal = signal;
    this.#next = clock.now() + TURN_MS;
  }

  due(): boolean {
    return this.#clock.now() >= this.#next;
  }

  async breathe(): Promise<void> {
    this.#signal?.throwIfAborted();
    await this.#clock.sleep(0);
    this.#signal?.throwIfAborted();
    this.#next = this.#clock.now() + TURN_MS;
  }
}
