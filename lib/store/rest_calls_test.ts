import assert from "node:assert/strict";
import { rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const MINUTE_MS = 60_000;

storeTestOnBoth(
  "calls count for the hour that follows their minute, by credential",
  async (store) => {
    const server = { credentialKey: "one", restLimit: 1000 };
    const other = { credentialKey: "two", restLimit: 5000 };
    const start = store.clock.now();
    assert.deepEqual(await store.restCalls.budget(server), { used: 0, limit: 1000, freesAt: null });
    for (let i = 0; i < 3; i++) await store.restCalls.count("one");
    store.clock.advance(30 * MINUTE_MS);
    await store.restCalls.count("one");
    await store.restCalls.count("two");
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
  },
);

storeTest(
  "minutes older than an hour are forgotten, those of other credentials too",
  async (store) => {
    await store.restCalls.count("gone");
    for (let minute = 0; minute < 130; minute++) {
      await store.restCalls.count("one");
      store.clock.advance(MINUTE_MS);
    }
    assert.deepEqual(
      await rowsOf(
        store.db,
        "SELECT credential_key, count(*) AS n FROM credential_calls GROUP BY 1",
      ),
      [{ credential_key: "one", n: 60 }],
    );
  },
);
