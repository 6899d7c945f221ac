import assert from "node:assert/strict";
import { createSeal, keyIdOf } from "@/lib/seal.ts";
import { createStore } from "@/lib/store/mod.ts";
import { addServer, addUser, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const NEXT = new Uint8Array(32).fill(9);

storeTestOnBoth("reseal() moves every sealed value to the new key, once", async (store) => {
  const { db, clock, seal } = store;
  const serverId = await addServer(store);
  await store.webhooks.save(serverId, { state: "manual", id: null, secret: "hook" });
  const userId = await addUser(store);
  const draftId = await store.drafts.create(userId);
  const credential = { kind: "access_token", user: null, secret: "draft token" } as const;
  await store.drafts.setCredential(draftId, credential, null);
  await store.sealed.keepFingerprintKey();

  const next = await createSeal(NEXT);
  assert.deepEqual(await store.sealed.reseal(seal, next), { resealed: 4, unreadable: 0 });
  assert.deepEqual(await store.sealed.reseal(seal, next), { resealed: 0, unreadable: 0 });

  const after = createStore(db, clock, next);
  const server = (await after.servers.find(serverId))!;
  assert.equal((await after.servers.openCredential(server)).secret, "token of acme");
  assert.equal(await after.webhooks.openSecret(server), "hook");
  assert.equal((await after.drafts.openCredential(draftId))?.secret, "draft token");
  assert.deepEqual(await after.sealed.fingerprintKey(), seal.fingerprintKey);
});

storeTest("reseal() knows every column that holds sealed values", async ({ db }) => {
  const columns = await rowsOf(
    db,
    `SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m
     JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE 'sealed%'`,
  );
  const source = await Deno.readTextFile(new URL("./sealed.ts", import.meta.url));
  for (const { table, column } of columns) {
    assert.match(
      source,
      new RegExp(`table: "${table}",\\s*key: "\\w+",\\s*column: "${column}"`),
      `${table}.${column}`,
    );
  }
  assert.ok(columns.length >= 4);
});

storeTest("a value of a third key is counted and left as it is", async (store) => {
  await addServer(store);
  const third = await createSeal(new Uint8Array(32).fill(3));
  const before = await rowsOf(store.db, "SELECT sealed_secret FROM servers");
  const outcome = await store.sealed.reseal(third, await createSeal(NEXT));
  assert.deepEqual(outcome, { resealed: 0, unreadable: 1 });
  assert.deepEqual(await rowsOf(store.db, "SELECT sealed_secret FROM servers"), before);
  assert.equal(keyIdOf(String(before[0]!.sealed_secret)), store.seal.keyId);
});

storeTest("the fingerprints' key is the derived one until it is kept", async (store) => {
  assert.deepEqual(await store.sealed.fingerprintKey(), store.seal.fingerprintKey);
  await store.sealed.keepFingerprintKey();
  await store.sealed.keepFingerprintKey();
  assert.deepEqual(await store.sealed.fingerprintKey(), store.seal.fingerprintKey);
  const [row] = await rowsOf(store.db, "SELECT value FROM settings WHERE name = 'fingerprint_key'");
  const clear = btoa(String.fromCharCode(...store.seal.fingerprintKey));
  assert.ok(!String(row!.value).includes(clear));
});
