import assert from "node:assert/strict";
import { PRIORITY } from "@/lib/store/job_moves.ts";
import {
  addRepositories,
  addServer,
  addUser,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const slugs = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** Claims `count` scans a millisecond apart; gives their servers. */
async function claimServers(store: TestStore, count: number): Promise<string[]> {
  const servers: string[] = [];
  for (let i = 0; i < count; i++) {
    store.clock.advance(1);
    servers.push((await claimed(store, "scan")).serverId);
  }
  return servers;
}

storeTestOnBoth("claim() shares running scans fairly: two servers take turns", async (store) => {
  const { serverId: giant } = await addRepositories(store, slugs("g", 6), "giant");
  const { serverId: small } = await addRepositories(store, slugs("s", 2), "small");
  assert.deepEqual(
    await claimServers(store, 6),
    [giant, small, giant, small, giant, giant],
  );
});

storeTest(
  "claim() gives the turn to the server that waited longest, when none runs",
  async (store) => {
    const { serverId: giant } = await addRepositories(store, slugs("g", 3), "giant");
    const { serverId: small } = await addRepositories(store, slugs("s", 3), "small");
    const turns: string[] = [];
    for (let i = 0; i < 6; i++) {
      store.clock.advance(1);
      const job = await claimed(store, "scan");
      turns.push(job.serverId);
      await store.scans.finish(job, COMPLETE);
    }
    assert.deepEqual(turns, [giant, small, giant, small, giant, small]);
  },
);

storeTest(
  "claim() gives what a person asked for before all else, even of a busy server",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api", "web", "cli"], "busy");
    await addRepositories(store, ["idle"], "idle");
    const [, second] = [await claimed(store, "scan"), await claimed(store, "scan")];
    await store.jobs.cancel(second.id);
    const open = (await store.repositories.list({ serverId, state: "queued" }, {
      sort: "name",
      descending: false,
      limit: 10,
    })).rows[0]!;
    await store.jobs.cancel(open.scan!.id);
    await store.jobs.requestScan({ id: open.id, serverId }, {
      step: "history",
      priority: PRIORITY.person,
      by: "person",
    });
    const job = await claimed(store, "scan");
    assert.deepEqual([job.repositoryId, job.requestedBy], [open.id, "person"]);
    assert.ok(Object.values(ids).includes(job.repositoryId!));
  },
);

storeTest("claim() takes tips before history within a server", async (store) => {
  const serverId = await addServer(store);
  await discover(store, serverId, [remote("big", { sizeBytes: 3_000_000 })]);
  await store.jobs.advance(await claimed(store, "scan"), "history", PRIORITY.history);
  await discover(store, serverId, [
    remote("big", { sizeBytes: 3_000_000 }),
    remote("new", { sizeBytes: 3_000_000 }),
  ]);
  const steps = [await claimed(store, "scan"), await claimed(store, "scan")].map((job) => job.step);
  assert.deepEqual(steps, ["tip", "history"]);
});

storeTest(
  "claim() passes over the scans of a server that is paused, needs attention or waits",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api"]);
    const until = store.clock.now() + 1000;
    await store.servers.pause(serverId, true);
    assert.equal(await store.jobs.claim("scan", "x"), null);
    await store.servers.pause(serverId, false);
    await store.servers.needAttention(serverId, "token_rejected", "401");
    assert.equal(await store.jobs.claim("scan", "x"), null);
    await store.servers.clearAttention(serverId);
    await store.servers.wait(serverId, until);
    assert.equal(await store.jobs.claim("scan", "x"), null);
    store.clock.advance(1000);
    await claimed(store, "scan");
    assert.equal((await store.servers.find(serverId))!.waitingUntil, null);
  },
);

storeTest(
  "claim() gives a discovery of a server that needs attention or waits, of a paused one none",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api"]);
    await store.servers.needAttention(serverId, "unreachable", "no answer");
    await store.servers.wait(serverId, store.clock.now() + 1000);
    await store.jobs.requestDiscovery(serverId, "schedule");
    await store.servers.pause(serverId, true);
    assert.equal(await store.jobs.claim("discovery", "x"), null);
    await store.servers.pause(serverId, false);
    await claimed(store, "discovery");
  },
);

storeTest(
  "claim() gives the discovery of a draft's server, and none of its scans",
  async (store) => {
    const draftId = await store.drafts.create(await addUser(store));
    const serverId = await addServer(store, "acme", { draftId });
    await discover(store, serverId, [remote("api")]);
    const [api] = await store.repositories.listSlugs(serverId);
    await store.jobs.requestScan({ id: api!.id, serverId }, {
      step: "tip",
      priority: 10,
      by: "person",
    });
    assert.equal(await store.jobs.claim("scan", "x"), null);
  },
);

storeTest(
  "nextDueAt() tells when the next queued job comes due, paused servers aside",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api"]);
    assert.equal(await store.jobs.nextDueAt(), null);
    const until = store.clock.now() + 500;
    await store.jobs.snooze(await claimed(store, "scan"), until, "rate_limited");
    assert.equal(await store.jobs.nextDueAt(), until);
    store.clock.advance(500);
    assert.equal(await store.jobs.nextDueAt(), null);
    await store.servers.wait(serverId, until + 700);
    assert.equal(await store.jobs.nextDueAt(), until + 700);
    await store.servers.pause(serverId, true);
    assert.equal(await store.jobs.nextDueAt(), null);
  },
);

storeTest("isHeld() tells whether a claim still holds", async (store) => {
  await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  assert.equal(await store.jobs.isHeld(job), true);
  assert.equal(await store.jobs.isHeld({ ...job, claim: job.claim - 1 }), false);
  await store.jobs.cancel(job.id);
  assert.equal(await store.jobs.isHeld(job), false);
});

storeTest(
  "listDiscoveries() gives the newest first, with progress, waits and failures",
  async (store) => {
    const serverId = await addServer(store);
    await discover(store, serverId, [remote("api")]);
    store.clock.advance(1);
    await store.jobs.requestDiscovery(serverId, "schedule");
    await store.jobs.fail(await claimed(store, "discovery"), "forbidden", "x".repeat(600));
    store.clock.advance(1);
    await store.jobs.requestDiscovery(serverId, "person");
    const until = store.clock.now() + 10;
    await store.jobs.retry(await claimed(store, "discovery"), until, "unavailable");
    const all = await store.jobs.listDiscoveries(serverId, 9);
    assert.deepEqual(all.map((one) => one.state), ["queued", "failed", "succeeded"]);
    const [waiting, failed, done] = [all[0]!, all[1]!, all[2]!];
    assert.deepEqual([waiting.waitReason, waiting.runAt], ["unavailable", until]);
    assert.deepEqual([failed.failureReason, failed.failureDetail!.length], ["forbidden", 500]);
    assert.deepEqual([done.found, done.total, failed.found, failed.total], [1, 1, 0, null]);
    assert.equal((await store.jobs.listDiscoveries(serverId, 1)).length, 1);
  },
);

storeTest(
  "scanRate() counts the scans that ended in ten minutes, and the open ones",
  async (store) => {
    const { serverId } = await addRepositories(store, ["a", "b", "c"]);
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
    await claimed(store, "scan");
    assert.deepEqual(await store.jobs.scanRate(serverId), { ended: 1, open: 2, sinceMs: 600_000 });
    store.clock.advance(600_001);
    assert.equal((await store.jobs.scanRate(serverId)).ended, 0);
  },
);

storeTest(
  "rescanServer() asks once for each selected repository that has no open scan",
  async (store) => {
    const serverId = await addServer(store);
    await discover(store, serverId, [
      remote("api"),
      remote("web"),
      { ...remote("out"), selected: false },
    ]);
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
    assert.equal(await store.jobs.rescanServer(serverId, PRIORITY.background, "person"), 1);
    assert.equal(await store.jobs.rescanServer(serverId, PRIORITY.background, "person"), 0);
    const asked = await rowsOf(store.db, "SELECT id FROM jobs WHERE requested_by = 'person'");
    assert.match(String(asked[0]!.id), /^[0-9a-z]{20}$/);
  },
);
