/**
 * The doorbell over Deno's KV queue, which survives a restart of the process. Messages are
 * unordered, unbounded in number and may come twice, so they carry nothing that matters.
 */

import { describeError } from "@/lib/error_facts.ts";
import type { Log } from "@/lib/log.ts";
import type { Doorbell } from "./mod.ts";

/** The part of `Deno.Kv` that is used. */
export type Queue = Pick<Deno.Kv, "enqueue" | "listenQueue" | "close">;

/** Rings through `queue`, and within the process at once, as a queue takes about 50 ms. */
export function kvDoorbell(queue: Queue, log: Log): Doorbell {
  let handlers: (() => void)[] = [];
  const tell = () => handlers.forEach((handler) => handler());
  const failed = (error: unknown) =>
    log.warn("The queue did not take a ring; the timer will do", describeError(error));
  queue.listenQueue(tell).catch(failed);
  return {
    async ring(id) {
      tell();
      try {
        await queue.enqueue(id, { backoffSchedule: [] });
      } catch (error) {
        failed(error);
      }
    },
    answer: (handler) => void handlers.push(handler),
    close() {
      handlers = [];
      queue.close();
    },
  };
}
