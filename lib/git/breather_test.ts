import assert from "node:assert/strict";
import { type Clock, manualClock } from "@/lib/clock.ts";
import { createBreather } from "@/lib/git/breather.ts";

Deno.test("due() asks for a turn after a while, and again after the next", async () => {
  const clock = manualClock();
  const breather = createBreather(clock, undefined);
  assert.equal(breather.due(), false);
  clock.advance(50);
  assert.equal(breather.due(), true);
  await breather.breathe();
  assert.equal(breather.due(), false);
});

Deno.test("breathe() throws the signal's reason, also one that came while it waited", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const clock: Clock = {
    now: () => 0,
    sleep: () => {
      stop.abort(reason);
      return Promise.resolve();
    },
  };
  const breather = createBreather(clock, stop.signal);
  await assert.rejects(breather.breathe(), reason);
  await assert.rejects(breather.breathe(), reason);
});
