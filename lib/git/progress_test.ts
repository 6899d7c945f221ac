import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { createProgress, type ReadingProgress } from "@/lib/git/progress.ts";

Deno.test("at() tells at most once a second, and keeps what a call leaves out", () => {
  const clock = manualClock();
  const told: ReadingProgress[] = [];
  const progress = createProgress(clock, (one) => told.push(one));
  progress.at("fetching", { packBytes: 1 });
  progress.at("fetching", { packBytes: 2, objectsTotal: 9 });
  clock.advance(999);
  progress.at("fetching", { packBytes: 3 });
  assert.equal(told.length, 1);
  clock.advance(1);
  progress.at("reading", { objectsDone: 4 });
  assert.equal(told.length, 2);
  assert.deepEqual(told[1], {
    phase: "reading",
    packBytes: 3,
    objectsDone: 4,
    objectsTotal: 9,
    commits: 0,
    blobs: 0,
    findings: 0,
  });
});

Deno.test("each phase is told of when it begins, however soon after the one before", () => {
  const phases: string[] = [];
  const progress = createProgress(manualClock(), undefined, (phase) => phases.push(phase));
  for (const phase of ["connecting", "fetching", "fetching", "reading", "reading"] as const) {
    progress.at(phase, {});
  }
  assert.deepEqual(phases, ["connecting", "fetching", "reading"]);
});
