/** A doorbell within the process: for Deno Deploy, tests, and wherever the queue is off. */

import type { Doorbell } from "./mod.ts";

/** Rings reach the handler in the same turn of the event loop. */
export function localDoorbell(): Doorbell {
  let handlers: (() => void)[] = [];
  return {
    ring() {
      for (const handler of handlers) handler();
      return Promise.resolve();
    },
    answer(handler) {
      handlers.push(handler);
    },
    close() {
      handlers = [];
    },
  };
}
