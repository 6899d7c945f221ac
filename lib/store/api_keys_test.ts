import assert from "node:assert/strict";
import { newAccessKey } from "@/lib/access_key.ts";
import { addUser, rowsOf, storeTestOnBoth } from "@/lib/store/test_store.ts";

const INPUT = {
  name: "ci",
  role: "viewer",
  createdBy: "ada@example.com",
  expiresAt: null,
} as const;

storeTestOnBoth(
  "an API key is used, listed, revoked once, and then opens nothing",
  async (store) => {
    const { apiKeys } = store;
    assert.equal(await apiKeys.use(newAccessKey("api")), null);
    const { id, key } = await apiKeys.create(INPUT);
    const used = await apiKeys.use(key);
    assert.deepEqual([used?.id, used?.role, used?.name], [id, "viewer", "ci"]);
    assert.equal((await apiKeys.list())[0]!.lastUsedAt, store.clock.now());
    assert.equal(await apiKeys.revoke(id), true);
    assert.equal(await apiKeys.revoke(id), false);
    assert.equal(await apiKeys.use(key), null);
    assert.equal((await apiKeys.find(id))?.revokedAt, store.clock.now());
  },
);

storeTestOnBoth("use() refuses a key from the moment that it expires", async (store) => {
  const expiresAt = store.clock.now() + 1000;
  const { key } = await store.apiKeys.create({ ...INPUT, expiresAt });
  assert.ok(await store.apiKeys.use(key));
  store.clock.advance(1000);
  assert.equal(await store.apiKeys.use(key), null);
});

storeTestOnBoth("use() writes at most once a minute", async (store) => {
  const { key } = await store.apiKeys.create(INPUT);
  await store.apiKeys.use(key);
  const before = store.writes;
  store.clock.advance(59_000);
  await store.apiKeys.use(key);
  assert.equal(store.writes, before);
  store.clock.advance(1_000);
  await store.apiKeys.use(key);
  assert.equal(store.writes, before + 1);
});

storeTestOnBoth("the database holds no API key in clear", async (store) => {
  const { key } = await store.apiKeys.create(INPUT);
  const rows = JSON.stringify(await rowsOf(store.db, "SELECT * FROM api_keys"));
  assert.ok(!rows.includes(key.slice(15)));
  assert.ok(rows.includes(key.slice(0, 15)));
});

storeTestOnBoth("a key opens nothing while its maker may not do what it may", async (store) => {
  const { apiKeys, users } = store;
  await addUser(store, "first@example.com");
  const ownerId = await addUser(store);
  const admins = await apiKeys.create({ ...INPUT, role: "admin", ownerId });
  const viewers = await apiKeys.create({ ...INPUT, ownerId });
  const machines = await apiKeys.create({ ...INPUT, role: "admin", createdBy: "admin command" });
  const opens = async () =>
    await Promise.all(
      [admins, viewers, machines].map(async ({ key }) => await apiKeys.use(key) !== null),
    );
  const lossOf = async ({ id }: { id: string }) => (await apiKeys.find(id))!.makerLoss;
  assert.deepEqual(await opens(), [true, true, true]);
  await users.setRole(ownerId, "viewer");
  assert.deepEqual(await opens(), [false, true, true]);
  assert.deepEqual([await lossOf(admins), await lossOf(viewers)], ["demoted", null]);
  await users.setRole(ownerId, "admin");
  assert.deepEqual(await opens(), [true, true, true]);
  await users.remove(ownerId);
  assert.deepEqual(await opens(), [false, false, true]);
  assert.deepEqual([await lossOf(viewers), await lossOf(machines)], ["gone", null]);
});
