import assert from "node:assert/strict";
import { LIGHT_BYTES } from "@/lib/store/job_moves.ts";
import {
  addRepositories,
  addServer,
  addUser,
  claimed,
  COMPLETE,
  discover,
  idsBySlug,
  remote,
  rowsOf,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const page = (
  repositories: (ReturnType<typeof remote> & { selected?: boolean })[],
  total: number | null = repositories.length,
) => ({
  repositories: repositories.map((one) => ({ selected: true, ...one })),
  cursor: "next",
  total,
});

async function start(store: TestStore, serverId: string) {
  await store.jobs.requestDiscovery(serverId, "schedule");
  return await claimed(store, "discovery");
}

/** Every scan of a server by slug: step, state, who asked. */
const scansOf = (store: TestStore) =>
  rowsOf(
    store.db,
    `SELECT r.slug, j.step, j.state, j.requested_by AS asked FROM jobs j
     JOIN repositories r ON r.id = j.repository_id ORDER BY r.slug, j.created_at, j.id`,
  );

async function endScans(store: TestStore) {
  for (let job; (job = await store.jobs.claim("scan", "test"));) {
    assert.ok(await store.scans.finish(job, COMPLETE));
  }
}

storeTestOnBoth("savePage() twice saves each repository and each scan once", async (store) => {
  const serverId = await addServer(store);
  const job = await start(store, serverId);
  const two = page([remote("api"), remote("big", { sizeBytes: LIGHT_BYTES + 1 })]);
  assert.equal(await store.discoveries.savePage(job, two), 2);
  const before = await rowsOf(store.db, "SELECT id, uuid FROM repositories ORDER BY uuid");
  assert.equal(await store.discoveries.savePage(job, two), 2);
  assert.deepEqual(
    await rowsOf(store.db, "SELECT id, uuid FROM repositories ORDER BY uuid"),
    before,
  );
  assert.deepEqual(await scansOf(store), [
    { slug: "api", step: "history", state: "queued", asked: "discovery" },
    { slug: "big", step: "tip", state: "queued", asked: "discovery" },
  ]);
});

storeTest("savePage() counts a repository that two pages repeat as one", async (store) => {
  const job = await start(store, await addServer(store));
  await store.discoveries.savePage(job, page([remote("api"), remote("web")], 3));
  assert.equal(await store.discoveries.savePage(job, page([remote("web")], 3)), 2);
});

storeTest(
  "a discovery whose holder died goes on from its cursor, and ends as one",
  async (store) => {
    const serverId = await addServer(store);
    const lost = await start(store, serverId);
    await store.discoveries.savePage(lost, { ...page([remote("api")], 2), cursor: "page 2" });
    store.clock.advance(3_600_000);
    await store.jobs.healLost();
    const job = await claimed(store, "discovery");
    assert.deepEqual([job.id, job.cursor], [lost.id, "page 2"]);
    assert.equal(await store.discoveries.savePage(lost, page([remote("ghost")])), null);
    assert.equal(await store.discoveries.savePage(job, page([remote("web")], 2)), 2);
    assert.ok(await store.discoveries.finish(job, { found: 2, reported: 2 }));
    assert.deepEqual(Object.keys(await idsBySlug(store, serverId)).sort(), ["api", "web"]);
    const [discovery] = await store.jobs.listDiscoveries(serverId, 5);
    assert.deepEqual([discovery!.state, discovery!.found, discovery!.total], ["succeeded", 2, 2]);
  },
);

storeTest("a renamed repository keeps its row, its findings and its scans", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  await discover(store, serverId, [remote("api", { slug: "core", fullName: "acme/core" })]);
  assert.deepEqual(await idsBySlug(store, serverId), { core: ids.api });
  assert.equal((await store.repositories.find(ids.api!))!.fullName, "acme/core");
});

storeTest(
  "a complete discovery marks the unseen as gone and cancels their scans",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api", "web"]);
    store.clock.advance(1);
    await discover(store, serverId, [remote("api")]);
    const web = (await store.repositories.find(ids.web!))!;
    assert.deepEqual([web.state, web.goneAt, web.scan!.state], [
      "gone",
      store.clock.now(),
      "cancelled",
    ]);
    assert.equal((await store.repositories.find(ids.api!))!.scan!.state, "queued");
    const server = (await store.servers.find(serverId))!;
    assert.deepEqual(
      [server.repositoryCount, server.foundCount, server.reportedCount, server.discoveredAt],
      [1, 1, 1, store.clock.now()],
    );
  },
);

for (
  const [why, seen, reported] of [
    ["found fewer than reported", [remote("api")], 2],
    ["found nothing where nothing is reported", [], 0],
    ["found nothing and heard no count", [], null],
  ] as const
) {
  storeTest(`a discovery that ${why} marks nothing as gone`, async (store) => {
    const { serverId } = await addRepositories(store, ["api", "web"]);
    await discover(store, serverId, seen, reported);
    assert.deepEqual(await store.repositories.countByState(serverId), { queued: 2 });
  });
}

storeTest(
  "finish() of a cancelled discovery marks nothing, even in the same instant",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api", "web"]);
    const job = await start(store, serverId);
    await store.discoveries.savePage(job, page([remote("api")]));
    assert.ok(await store.jobs.cancel(job.id));
    assert.equal(await store.discoveries.finish(job, { found: 1, reported: 1 }), false);
    assert.deepEqual(await store.repositories.countByState(serverId), { queued: 2 });
  },
);

storeTest("a repository that comes back is scanned again", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api", "web"]);
  await discover(store, serverId, [remote("api")]);
  store.clock.advance(1);
  await discover(store, serverId, [remote("api"), remote("web")]);
  const web = (await store.repositories.find(ids.web!))!;
  assert.deepEqual([web.goneAt, web.state, web.scan!.state], [null, "queued", "queued"]);
});

storeTest("a changed updatedAt asks for one more scan, an equal one for none", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api", "web"]);
  await endScans(store);
  store.clock.advance(1);
  await discover(store, serverId, [remote("api", { updatedAt: 1001 }), remote("web")]);
  await discover(store, serverId, [remote("api", { updatedAt: 1001 }), remote("web")]);
  assert.equal((await store.repositories.find(ids.web!))!.state, "clean");
  assert.deepEqual((await scansOf(store)).filter((scan) => scan.slug === "api"), [
    { slug: "api", step: "done", state: "succeeded", asked: "discovery" },
    { slug: "api", step: "history", state: "queued", asked: "schedule" },
  ]);
});

storeTest("a push while its scan runs is not forgotten", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  const scan = await claimed(store, "scan");
  await discover(store, serverId, [remote("api", { updatedAt: 2000 })]);
  await store.scans.finish(scan, COMPLETE);
  store.clock.advance(1);
  await discover(store, serverId, [remote("api", { updatedAt: 2000 })]);
  const api = (await store.repositories.find(ids.api!))!;
  assert.deepEqual([api.state, api.remoteUpdatedAt], ["queued", 2000]);
});

storeTest("a repository out of the selection is listed and not scanned", async (store) => {
  const serverId = await addServer(store);
  await discover(store, serverId, [{ ...remote("api"), selected: false }]);
  await discover(store, serverId, [{ ...remote("api", { updatedAt: 2000 }), selected: false }]);
  assert.deepEqual(await scansOf(store), []);
  assert.deepEqual(await store.repositories.countByState(serverId), { not_selected: 1 });
});

storeTest(
  "a failed scan is tried again when the repository is renamed, or an hour later",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api"]);
    await store.jobs.fail(await claimed(store, "scan"), "not_found", "no such repository");
    await discover(store, serverId, [remote("api")]);
    assert.equal((await scansOf(store)).length, 1);
    store.clock.advance(1);
    await discover(store, serverId, [remote("api", { fullName: "acme/core" })]);
    assert.equal((await scansOf(store)).length, 2);
    await store.jobs.fail(await claimed(store, "scan"), "not_found", "no such repository");
    store.clock.advance(60 * 60 * 1000 + 1);
    await discover(store, serverId, [remote("api", { fullName: "acme/core" })]);
    assert.equal((await scansOf(store)).length, 3);
  },
);

storeTest("the server of a draft gets its scans when it is published, once each", async (store) => {
  const draftId = await store.drafts.create(await addUser(store));
  const serverId = await addServer(store, "acme", { draftId });
  await discover(store, serverId, [remote("api"), { ...remote("web"), selected: false }]);
  assert.deepEqual(await scansOf(store), []);
  assert.deepEqual(await store.repositories.countByState(), {});
  assert.deepEqual(await store.servers.publish(draftId, [serverId]), [serverId]);
  assert.deepEqual(await store.servers.publish(draftId, [serverId]), []);
  await discover(store, serverId, [remote("api"), { ...remote("web"), selected: false }]);
  assert.deepEqual(await scansOf(store), [
    { slug: "api", step: "history", state: "queued", asked: "wizard" },
  ]);
});
