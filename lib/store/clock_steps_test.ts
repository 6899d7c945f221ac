import assert from "node:assert/strict";
import { clockStepStore } from "@/lib/store/clock_steps.ts";
import { addServer, storeTest, type TestStore } from "@/lib/store/test_store.ts";

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

async function value(store: TestStore, sql: string): Promise<number> {
  const { rows } = await store.db.execute(sql);
  return Number(Object.values(rows[0]!)[0]);
}

storeTest("note() moves what was planned by as much as the clock was set back", async (store) => {
  const { clock, clockSteps } = store;
  const serverId = await addServer(store);
  await clockSteps.note();
  const start = clock.now();
  await store.jobs.requestDiscovery(serverId, "schedule", start + 10 * MINUTE_MS);
  await store.restCalls.count((await store.servers.find(serverId))!.credentialKey);
  await store.signIns.take([{ name: "account:ada", free: 1 }]);
  await store.servers.wait(serverId, start + 5 * MINUTE_MS);
  clock.advance(-DAY_MS);
  assert.equal(await clockSteps.behindMs(), DAY_MS);
  assert.equal(await clockSteps.note(), DAY_MS);
  assert.equal(await clockSteps.behindMs(), 0);
  assert.equal(await store.jobs.claim("discovery", "test"), null, "it waits as long as it did");
  assert.equal(
    await value(store, "SELECT run_at FROM jobs"),
    clock.now() + 10 * MINUTE_MS,
  );
  assert.equal(
    await value(store, "SELECT waiting_until FROM servers"),
    clock.now() + 5 * MINUTE_MS,
  );
  const server = (await store.servers.find(serverId))!;
  assert.equal((await store.restCalls.budget(server)).used, 0);
  assert.equal(await value(store, "SELECT last_at FROM sign_in_failures"), clock.now());
  clock.advance(10 * MINUTE_MS);
  assert.ok(await store.jobs.claim("discovery", "test"));
});

storeTest(
  "note() ends a dead holder's lease a minute after the clock was set back",
  async (store) => {
    const { clock, clockSteps } = store;
    const serverId = await addServer(store);
    await store.jobs.requestDiscovery(serverId, "schedule");
    await clockSteps.note();
    assert.ok(await store.jobs.claim("discovery", "dead"));
    clock.advance(-DAY_MS);
    await clockSteps.note();
    clock.advance(2 * MINUTE_MS);
    assert.deepEqual(await store.jobs.healLost(), { requeued: 1, setAside: 0 });
  },
);

storeTest(
  "note() leaves what has happened no later than now, so that lists are due again",
  async (store) => {
    const { clock, clockSteps } = store;
    const serverId = await addServer(store);
    await store.jobs.requestDiscovery(serverId, "schedule");
    const job = (await store.jobs.claim("discovery", "test"))!;
    await store.jobs.succeed(job, { result: "complete" });
    await clockSteps.note();
    clock.advance(-DAY_MS);
    await clockSteps.note();
    assert.deepEqual(await store.servers.due(5 * MINUTE_MS, 0), []);
    clock.advance(5 * MINUTE_MS);
    assert.deepEqual(await store.servers.due(5 * MINUTE_MS, 0), [serverId]);
  },
);

storeTest("note() takes small steps, and steps on, as they are", async (store) => {
  const { clock, clockSteps } = store;
  await clockSteps.note();
  clock.advance(-MINUTE_MS);
  assert.equal(await clockSteps.note(), 0);
  clock.advance(DAY_MS);
  assert.equal(await clockSteps.note(), 0);
});

storeTest(
  "a first note compares with the last process, later ones with itself alone",
  async (store) => {
    const { clock, db } = store;
    await store.clockSteps.note();
    const behind = { ...clock, now: () => clock.now() - DAY_MS };
    const other = clockStepStore(db, behind);
    assert.equal(await other.note(), DAY_MS, "its machine started with a wrong clock");
    await store.clockSteps.note();
    assert.equal(await other.note(), 0, "and would else move things each minute");
  },
);
