import assert from "node:assert/strict";
import { addRepositories, claimed, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth("what is open, runs, waits and failed is told by kind and age", async (store) => {
  await addRepositories(store, ["a", "b", "c", "d"]);
  const [runs, waits, failed] = [
    await claimed(store, "scan", "local:one"),
    await claimed(store, "scan"),
    await claimed(store, "scan"),
  ];
  await store.jobs.retry(waits, store.clock.now() + 60_000, "unavailable");
  await store.jobs.fail(failed, "not_found", "Cannot see it");
  store.clock.advance(5_000);

  const open = await store.operations.openJobs();
  const byState = Object.fromEntries(open.map((row) => [row.state, row]));
  assert.equal(byState.running!.count, 1);
  assert.equal(byState.queued!.count, 2);
  assert.equal(byState.queued!.oldestDueMs, 5_000);

  const running = await store.operations.listRunning(10);
  assert.deepEqual(running.map((row) => [row.id, row.owner]), [[runs.id, "local:one"]]);
  const waiting = await store.operations.listWaiting(10);
  assert.deepEqual(waiting.map((row) => [row.id, row.waitReason]), [[waits.id, "unavailable"]]);
  const [last] = await store.operations.listFailed(10);
  assert.deepEqual([last!.id, last!.failureDetail], [failed.id, "Cannot see it"]);
  assert.deepEqual(await store.operations.listFailed(0), []);
});
