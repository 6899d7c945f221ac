import assert from "node:assert/strict";
import { addServer, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

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

storeTest(
  "two servers of one token share its budget, and another token has its own",
  async (store) => {
    const ids = [await addServer(store, "one"), await addServer(store, "two")];
    const one = (await store.servers.find(ids[0]!))!;
    await store.servers.replaceCredential(ids[1]!, await store.servers.openCredential(one), null);
    await store.restCalls.count(one.credentialKey);
    const two = (await store.servers.find(ids[1]!))!;
    assert.equal((await store.restCalls.budget(two)).used, 1);
    await store.servers.replaceCredential(
      ids[1]!,
      { kind: "access_token", user: null, secret: "an" + "other" },
      null,
    );
    assert.equal((await store.restCalls.budget((await store.servers.find(ids[1]!))!)).used, 0);
  },
);

storeTest("a learnt allowance ends with its token", async (store) => {
  const id = await addServer(store);
  await store.servers.setRestLimit((await store.servers.find(id))!.credentialKey, 60);
  const credential = await store.servers.openCredential((await store.servers.find(id))!);
  await store.servers.replaceCredential(id, credential, null);
  assert.equal((await store.servers.find(id))!.restLimit, 60, "the same token keeps it");
  await store.servers.replaceCredential(id, { ...credential, secret: "an" + "other" }, null);
  assert.equal((await store.servers.find(id))!.restLimit, 1000);
});

storeTest("a server of an older version is counted once its token was opened", async (store) => {
  const id = await addServer(store);
  await store.db.execute("UPDATE servers SET credential_key = ''");
  const credential = await store.servers.openCredential((await store.servers.find(id))!);
  assert.equal(
    (await store.servers.find(id))!.credentialKey,
    store.servers.credentialKey(credential),
  );
});
