/** A summary sums what the newest scans told, and names what was not read whole. */

import assert from "node:assert/strict";
import {
  addRepositories,
  claimed,
  COMPLETE,
  discover,
  remote,
  storeTest,
} from "@/lib/store/test_store.ts";

storeTest(
  "find() sums commits and names partial, skipped and failed repositories",
  async (store) => {
    const { serverId } = await addRepositories(store, ["a", "b", "c"]);
    assert.deepEqual(await store.summaries.find(serverId, 10), {
      commits: null,
      scannedBytes: null,
      leftOut: [],
    });
    const figures = { commits: 7, scannedBytes: 100 };
    await store.scans.finish(await claimed(store, "scan"), { ...COMPLETE, figures });
    await store.scans.finish(await claimed(store, "scan"), {
      ...COMPLETE,
      result: "partial",
      leftOut: ["1 file was too large."],
      figures,
    });
    await store.jobs.fail(await claimed(store, "scan"), "unavailable", "no answer");
    const summary = await store.summaries.find(serverId, 10);
    assert.deepEqual([summary.commits, summary.scannedBytes], [14, 200]);
    assert.deepEqual(
      summary.leftOut.map((one) => [one.state, one.sentences, one.failureReason]),
      [["failed", [], "unavailable"], ["partial", ["1 file was too large."], null]],
    );
    assert.equal((await store.summaries.find(serverId, 1)).leftOut.length, 1);
  },
);

storeTest("find() leaves out what is outside the selection, or gone", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["a", "b", "c"]);
  const figures = { commits: 7, scannedBytes: 100 };
  for (let count = 0; count < 3; count++) {
    await store.scans.finish(await claimed(store, "scan"), { ...COMPLETE, figures });
  }
  const sums = async () => {
    const { commits, scannedBytes } = await store.summaries.find(serverId, 10);
    return [commits, scannedBytes];
  };
  assert.deepEqual(await sums(), [21, 300]);
  await store.servers.select(serverId, { mode: "custom", include: [], exclude: [] }, [
    ids.a!,
    ids.b!,
  ]);
  assert.deepEqual(await sums(), [14, 200]);
  store.clock.advance(1000);
  await discover(store, serverId, [{ ...remote("b"), selected: true }]);
  assert.deepEqual(await sums(), [7, 100]);
});
