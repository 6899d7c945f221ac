import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { createVitals } from "@/lib/vitals.ts";

const MINUTE_MS = 60_000;

Deno.test("the minute's work is late after three minutes, and no more once it has run", () => {
  const clock = manualClock();
  const vitals = createVitals(clock, null);
  clock.advance(3 * MINUTE_MS);
  assert.equal(vitals.lateMs(), null);
  clock.advance(MINUTE_MS);
  assert.equal(vitals.lateMs(), 4 * MINUTE_MS);
  vitals.swept();
  assert.equal(vitals.lateMs(), null);
  clock.advance(-60 * MINUTE_MS);
  assert.equal(vitals.lateMs(), null);
});

Deno.test("a full disk is told for three minutes after the last write that failed", async () => {
  const clock = manualClock();
  const vitals = createVitals(clock, null);
  assert.equal(vitals.isDiskFull(), false);
  vitals.diskFull();
  clock.advance(2 * MINUTE_MS);
  assert.ok(vitals.isDiskFull());
  clock.advance(MINUTE_MS);
  assert.equal(vitals.isDiskFull(), false);
  vitals.diskFull();
  vitals.wrote();
  assert.equal(vitals.isDiskFull(), false);
  assert.equal(await vitals.freeBytes(), null);
});
