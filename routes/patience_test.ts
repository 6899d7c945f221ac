/** Waiting while there are signs of life, and one act after another. */

import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { oneAfterAnother, whileItAnswers } from "./patience.ts";

Deno.test("whileItAnswers() waits as long as there are signs, and ends the call after none", async () => {
  const clock = manualClock();
  let sign = () => {};
  const asked: AbortSignal[] = [];
  const waiting = whileItAnswers(clock, new AbortController().signal, (signal, answered) => {
    asked.push(signal);
    sign = answered;
    return new Promise<never>(() => {});
  });
  const ended = assert.rejects(waiting, { reason: "unavailable", message: /two minutes/ });
  for (let i = 0; i < 3; i++) {
    clock.advance(119_000);
    sign();
    await new Promise((resolve) => setTimeout(resolve));
  }
  assert.equal(asked[0]!.aborted, false);
  clock.advance(121_000);
  await ended;
  assert.equal(asked[0]!.aborted, true);
});

Deno.test("whileItAnswers() gives the answer, and stops at once when it is ended", async () => {
  const clock = manualClock();
  const end = new AbortController();
  assert.equal(await whileItAnswers(clock, end.signal, () => Promise.resolve(7)), 7);
  const waiting = whileItAnswers(clock, end.signal, () => new Promise<never>(() => {}));
  end.abort(new Error("ended"));
  await assert.rejects(waiting, /ended/);
  await assert.rejects(whileItAnswers(clock, end.signal, () => new Promise(() => {})), /ended/);
});

Deno.test("oneAfterAnother() starts an act when the one before it is over, failed or not", async () => {
  const inTurn = oneAfterAnother();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = inTurn(async () => {
    await first.promise;
    seen.push("one");
    throw new Error("one failed");
  });
  const two = inTurn(() => Promise.resolve(seen.push("two")));
  first.resolve();
  await assert.rejects(one, /one failed/);
  await two;
  assert.deepEqual(seen, ["one", "two"]);
});
