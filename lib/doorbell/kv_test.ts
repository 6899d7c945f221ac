import assert from "node:assert/strict";
import { createLog, silentLog } from "@/lib/log.ts";
import { testDoorbell } from "./conformance.ts";
import { kvDoorbell, type Queue } from "./kv.ts";

testDoorbell("kvDoorbell", async () => kvDoorbell(await Deno.openKv(":memory:"), silentLog));

/** A queue that delivers when told to. */
function fakeQueue(change: Partial<Queue> = {}) {
  const sent: unknown[] = [];
  let deliver = (_message: unknown) => {};
  const queue: Queue = {
    enqueue: (message: unknown) => {
      sent.push(message);
      return Promise.resolve({ ok: true, versionstamp: "1" });
    },
    listenQueue: (handler: (message: unknown) => void) => {
      deliver = handler;
      return new Promise(() => {});
    },
    close: () => {},
    ...change,
  };
  return { queue, sent, deliver: (message: unknown) => deliver(message) };
}

Deno.test("kvDoorbell: a message carries the id and nothing else", async () => {
  const { queue, sent } = fakeQueue();
  await kvDoorbell(queue, silentLog).ring("job 1");
  assert.deepEqual(sent, ["job 1"]);
});

Deno.test("kvDoorbell: a message of an earlier process, or one that comes twice, wakes", () => {
  const { queue, deliver } = fakeQueue();
  const doorbell = kvDoorbell(queue, silentLog);
  let woken = 0;
  doorbell.answer(() => woken++);
  deliver("job of yesterday");
  deliver("job of yesterday");
  assert.equal(woken, 2);
});

Deno.test("kvDoorbell: where the queue fails, the ring still wakes here, and the log says so", async () => {
  const lines: string[] = [];
  const refuse = () => Promise.reject(new Error("Enqueue operations are not supported"));
  const { queue } = fakeQueue({ enqueue: refuse, listenQueue: refuse });
  const doorbell = kvDoorbell(queue, createLog("warn", (line) => lines.push(line)));
  let woken = 0;
  doorbell.answer(() => woken++);
  await doorbell.ring("job 1");
  assert.equal(woken, 1);
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /"level":"warn".*not supported/);
});
