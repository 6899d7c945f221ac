/** Waiting for what others do: not longer than it gives a sign of life, and one after another. */

import type { Clock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";

/** Well over what one call may take, its repetitions included. */
const SILENT_MS = 120_000;

/**
 * Waits for `act` as long as it calls `answered` every two minutes, however long it takes in all.
 * @throws `RemoteError` of the reason `unavailable` after a longer silence, and the reason of `end`
 * once that aborts; both at once, whether or not `act` heeds its signal.
 */
export async function whileItAnswers<T>(
  clock: Clock,
  end: AbortSignal,
  act: (signal: AbortSignal, answered: () => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([end, over.signal]);
  let answeredAt = clock.now();
  const silence = async (): Promise<never> => {
    for (;;) {
      signal.throwIfAborted();
      const leftMs = answeredAt + SILENT_MS - clock.now();
      if (leftMs <= 0) throw new RemoteError("unavailable", "nothing came for two minutes");
      await clock.sleep(leftMs, signal);
    }
  };
  try {
    return await Promise.race([act(signal, () => answeredAt = clock.now()), silence()]);
  } finally {
    over.abort();
  }
}

/** Gives a function that runs what it is handed one after another, whatever fails in between. */
export function oneAfterAnother(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const next = last.then(act, act);
    last = next;
    return next;
  };
}
