import assert from "node:assert/strict";
import { addServer, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const MINUTE_MS = 60_000;

storeTestOnBoth("calls count for the hour that follows their minute, by server", async (store) => {
  const server = { id: await addServer(store, "one"), restLimit: 1000 };
  const other = { id: await addServer(store, "two"), restLimit: 5000 };
  const start = store.clock.now();
  assert.deepEqual(await store.restCalls.budget(server), { used: 0, limit: 1000, freesAt: null });
  for (let i = 0; i < 3; i++) await store.restCalls.count(server.id);
  store.clock.advance(30 * MINUTE_MS);
  await store.restCalls.count(server.id);
  await store.restCalls.count(other.id);
  assert.deepEqual(await store.restCalls.budget(server), {
    used: 4,
    limit: 1000,
    freesAt: start + 60 * MINUTE_MS,
  });
  assert.equal((await store.restCalls.budget(other)).used, 1);

  store.clock.advance(30 * MINUTE_MS - 1);
  assert.equal((await store.restCalls.budget(server)).used, 4);
  store.clock.advance(1);
  const freed = await store.restCalls.budget(server);
  assert.deepEqual([freed.used, freed.freesAt], [1, start + 90 * MINUTE_MS]);
});

storeTest(
  "minutes older than an hour are forgotten, and a removed server counts nothing",
  async (store) => {
    const id = await addServer(store);
    for (let minute = 0; minute < 130; minute++) {
      await store.restCalls.count(id);
      store.clock.advance(MINUTE_MS);
    }
    const rows = await rowsOf(store.db, "SELECT count(*) AS n FROM rest_calls");
    assert.deepEqual(rows, [{ n: 60 }]);
    await store.servers.remove(id);
    await store.restCalls.count(id);
    assert.deepEqual(await rowsOf(store.db, "SELECT * FROM rest_calls"), []);
  },
);
