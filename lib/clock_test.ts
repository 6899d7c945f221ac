import assert from "node:assert/strict";
import { manualClock, systemClock } from "@/lib/clock.ts";

Deno.test("manualClock() wakes the sleepers whose time has come, and no others", async () => {
  const clock = manualClock(1_000);
  const woken: string[] = [];
  const short = clock.sleep(10).then(() => woken.push("short"));
  const long = clock.sleep(20).then(() => woken.push("long"));
  clock.advance(9);
  await Promise.resolve();
  assert.deepEqual(woken, []);
  clock.advance(1);
  await short;
  assert.deepEqual(woken, ["short"]);
  clock.advance(10);
  await long;
  assert.equal(clock.now(), 1_020);
});

for (
  const [name, clock] of [["manualClock", manualClock()], ["systemClock", systemClock]] as const
) {
  Deno.test(`${name}.sleep() ends when its signal aborts, before or during the sleep`, async () => {
    const stop = new AbortController();
    const sleeping = clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(3_600_000, stop.signal);
    assert.ok(stop.signal.aborted);
  });
}

Deno.test("systemClock.sleep() lasts as long as asked", async () => {
  const before = systemClock.now();
  await systemClock.sleep(20);
  // A timer may fire a millisecond early by the wall clock.
  assert.ok(systemClock.now() - before >= 19);
});
