/** The soak for some seconds; `deno task soak` runs it for an hour. */

import assert from "node:assert/strict";
import { withFolder } from "@/e2e/harness/folder.ts";
import { judge, trendOf } from "@/e2e/harness/soak_size.ts";
import { soak } from "@/e2e/harness/soak.ts";

Deno.test("a workspace that keeps changing is read to its tips, faults or not, and nothing is lost", () =>
  withFolder(async (folder) => {
    const report = await soak(folder, {
      minutes: 0.4,
      repositories: 5,
      changeEveryMs: 500,
      lookEveryMs: 500,
    });
    console.log(JSON.stringify(report));
    assert.equal(report.starts, 3);
    assert.ok(report.rowsCompared > 0);
  }));

Deno.test("the soak tells growth of memory, and of a database beyond its rows", () => {
  const sample = (at: number, grown: Partial<Record<"memoryBytes" | "databaseBytes", number>>) => ({
    at,
    memoryBytes: 150e6 + at * (grown.memoryBytes ?? 0),
    databaseBytes: (1_000 + at) * 500 + at * (grown.databaseBytes ?? 0),
    walBytes: 4e6,
    rows: 1_000 + at,
  });
  const run = (grown: Parameters<typeof sample>[1]) =>
    trendOf(Array.from({ length: 100 }, (_, at) => sample(at, grown)));
  assert.deepEqual(run({}).memoryMb, [143, 143]);
  judge(run({}));
  assert.throws(() => judge(run({ memoryBytes: 3e6 })), /memory grows/);
  assert.throws(() => judge(run({ databaseBytes: 10_000 })), /the database grows/);
});
