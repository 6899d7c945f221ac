import assert from "node:assert/strict";
import { LIGHT_BYTES } from "@/lib/store/job_moves.ts";
import {
  addRepositories,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

async function endScans(store: TestStore, rulesVersion = "1") {
  for (let job; (job = await store.jobs.claim("scan", "test"));) {
    await store.scans.finish(job, { ...COMPLETE, rulesVersion });
  }
}

storeTestOnBoth(
  "rescanOutdated() reads again what other rules have read, some at a time",
  async (store) => {
    const { ids } = await addRepositories(store, ["a", "b", "c"]);
    await endScans(store, "1");
    assert.equal(await store.jobs.rescanOutdated("1", 10), 0);
    assert.equal(await store.jobs.rescanOutdated("2", 2), 2);
    const states = async () =>
      await Promise.all(
        Object.values(ids).map(async (id) => (await store.repositories.find(id))!.state),
      );
    assert.deepEqual((await states()).sort(), ["outdated", "queued", "queued"]);
    await endScans(store, "2");
    assert.equal(await store.jobs.rescanOutdated("2", 2), 1);
    await endScans(store, "2");
    assert.deepEqual(await states(), ["clean", "clean", "clean"]);
    assert.equal(await store.jobs.rescanOutdated("2", 2), 0);
    assert.equal(await store.jobs.rescanOutdated("1", 5), 3);
  },
);

storeTest(
  "rescanOutdated() leaves out what is gone, out of the selection, or was never read",
  async (store) => {
    const { serverId } = await addRepositories(store, ["gone", "out", "cancelled"]);
    await store.jobs.cancel((await claimed(store, "scan")).id);
    await endScans(store, "1");
    await discover(store, serverId, [
      { ...remote("out"), selected: false },
      remote("big", { sizeBytes: LIGHT_BYTES + 1 }),
    ]);
    assert.equal(await store.jobs.rescanOutdated("2", 9), 0);
  },
);

storeTest("rescanOutdated() does not ask again and again for a scan that fails", async (store) => {
  await addRepositories(store, ["api"]);
  await endScans(store, "1");
  assert.equal(await store.jobs.rescanOutdated("2", 9), 1);
  await store.jobs.fail(await claimed(store, "scan"), "not_found", "no such repository");
  assert.equal(await store.jobs.rescanOutdated("2", 9), 0);
});

storeTestOnBoth(
  "forgetOld() forgets old ended jobs, and keeps the last of each and what is open",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api", "web"]);
    const first = await claimed(store, "scan");
    await store.scans.record(first, [secret("a")], "history");
    await store.scans.finish(first, COMPLETE);
    store.clock.advance(MONTH_MS);
    await store.jobs.rescanServer(serverId, 10, "person");
    await discover(store, serverId, [remote("api"), remote("web")]);
    store.clock.advance(1);
    const before = await rowsOf(store.db, "SELECT id FROM jobs");
    assert.equal(before.length, 5);
    await store.jobs.forgetOld();
    const left = await rowsOf(store.db, "SELECT id FROM jobs");
    await store.db.execute("UPDATE jobs SET finished_at = 1 WHERE finished_at IS NOT NULL");
    await store.jobs.forgetOld();
    assert.deepEqual(await rowsOf(store.db, "SELECT id FROM jobs"), left);
    store.clock.advance(60 * 60 * 1000);
    await store.jobs.forgetOld();
    const scans = await store.repositories.listScans(ids.api!, 9);
    assert.deepEqual(scans.map((scan) => scan.state), ["queued"]);
    assert.equal((await store.jobs.listDiscoveries(serverId, 9)).length, 1);
    assert.equal((await rowsOf(store.db, "SELECT id FROM jobs")).length, 3);
    assert.equal((await store.findings.list({}, { limit: 9 })).rows.length, 1);
  },
);

storeTest(
  "what the tip holds moves findings on and off it, and reopens what comes back",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    await store.scans.record(job, [secret("stays"), secret("leaves"), secret("back")], "history");
    await store.scans.finish(job, COMPLETE);
    const places = await store.scans.listPlaces(ids.api!, 10);
    assert.deepEqual(places.map((place) => place.path).sort(), [
      "back.env",
      "leaves.env",
      "stays.env",
    ]);
    assert.equal((await store.scans.listPlaces(ids.api!, 2)).length, 2);
    const idOf = (path: string) => places.find((place) => place.path === path)!.id;
    const scan = async (atTip: { id: number; atTip: boolean }[]) => {
      await store.jobs.requestScan({ id: ids.api!, serverId }, {
        step: "history",
        priority: 10,
        by: "person",
      });
      const next = await claimed(store, "scan");
      assert.ok(await store.scans.finish(next, { ...COMPLETE, scope: "new", atTip }));
    };
    await scan([
      { id: idOf("stays.env"), atTip: true },
      { id: idOf("leaves.env"), atTip: false },
      { id: idOf("back.env"), atTip: false },
    ]);
    const read = async () =>
      Object.fromEntries(
        (await store.findings.list({}, { limit: 9 })).rows
          .map((row) => [row.firstPath, [row.id, row.state, row.atTip] as const]),
      );
    const gone = await read();
    assert.deepEqual(
      ["stays.env", "leaves.env", "back.env"].map((path) => gone[path]!.slice(1)),
      [["open", true], ["open", false], ["open", false]],
    );
    const both = [gone["back.env"]![0], gone["stays.env"]![0]];
    await store.findings.triage(both, "revoked", { who: "ada", reason: "rotated" });
    await scan([{ id: idOf("stays.env"), atTip: true }, { id: idOf("back.env"), atTip: true }]);
    const end = await read();
    assert.deepEqual(end["back.env"]!.slice(1), ["open", true]);
    assert.deepEqual(end["stays.env"]!.slice(1), ["revoked", true]);
  },
);

storeTest("forgetOld() forgets discoveries however they ended", async (store) => {
  const { serverId } = await addRepositories(store, ["api"]);
  await store.jobs.requestDiscovery(serverId, "schedule");
  await store.jobs.fail(await claimed(store, "discovery"), "unavailable", "no answer");
  await discover(store, serverId, [], 5);
  store.clock.advance(MONTH_MS + 1);
  await discover(store, serverId, [remote("api")]);
  await store.jobs.forgetOld();
  const left = await store.jobs.listDiscoveries(serverId, 9);
  assert.deepEqual(left.map((one) => one.found), [1]);
});
