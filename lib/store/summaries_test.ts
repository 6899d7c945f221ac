/** A summary sums what the newest scans told, and names what was not read whole. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, storeTest } from "@/lib/store/test_store.ts";

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
