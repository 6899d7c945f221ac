import assert from "node:assert/strict";
import { SealError } from "@/lib/seal.ts";
import {
  addRepositories,
  addServer,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const scansOf = (store: TestStore) =>
  rowsOf(
    store.db,
    "SELECT state, requested_by AS asked FROM jobs WHERE kind = 'scan' ORDER BY rowid",
  );

storeTest(
  "a webhook's secret is sealed to its server, apart from the credential",
  async (store) => {
    const [one, two] = [await addServer(store, "one"), await addServer(store, "two")];
    const find = async (id: string) => (await store.servers.find(id))!;
    assert.equal(await store.webhooks.openSecret(await find(one)), null);
    await store.webhooks.save(one, { state: "created", id: "{hook}", secret: "hush" });
    const saved = await find(one);
    assert.equal(await store.webhooks.openSecret(saved), "hush");
    assert.deepEqual([saved.webhookState, saved.webhookId], ["created", "{hook}"]);
    assert.doesNotMatch(JSON.stringify(saved), /hush/);
    const copied = { ...await find(two), sealedWebhookSecret: saved.sealedWebhookSecret };
    await assert.rejects(store.webhooks.openSecret(copied), SealError);
    const swapped = { ...saved, sealedSecret: saved.sealedWebhookSecret! };
    await assert.rejects(store.servers.openCredential(swapped), SealError);
  },
);

storeTestOnBoth("take() takes a delivery once, and again when a day has passed", async (store) => {
  const id = await addServer(store);
  assert.equal(await store.webhooks.take(id, "d1"), true);
  assert.equal(await store.webhooks.take(id, "d1"), false);
  assert.equal(await store.webhooks.take(id, "d2"), true);
  assert.equal((await store.servers.find(id))!.webhookSeenAt, store.clock.now());
  store.clock.advance(24 * 60 * 60 * 1000);
  await store.webhooks.forgetOld();
  assert.equal(await store.webhooks.take(id, "d1"), false);
  store.clock.advance(1);
  await store.webhooks.forgetOld();
  assert.equal(await store.webhooks.take(id, "d2"), true);
});

storeTestOnBoth("push() asks for one scan of a watched repository", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  await store.scans.finish(await claimed(store, "scan"), COMPLETE);
  store.clock.advance(1);
  assert.equal(await store.webhooks.push(serverId, "{API}"), ids.api);
  assert.equal(await store.webhooks.push(serverId, "{api}"), ids.api);
  assert.deepEqual(await scansOf(store), [
    { state: "succeeded", asked: "discovery" },
    { state: "queued", asked: "webhook" },
  ]);
});

storeTest(
  "push() of what is unknown, not selected or of another server asks for nothing",
  async (store) => {
    const serverId = await addServer(store);
    const other = await addServer(store, "other");
    await discover(store, serverId, [{ ...remote("out"), selected: false }]);
    for (const [server, uuid] of [[serverId, "{out}"], [serverId, "{new}"], [other, "{out}"]]) {
      assert.equal(await store.webhooks.push(server!, uuid!), null);
    }
    assert.deepEqual(await scansOf(store), []);
  },
);

storeTestOnBoth(
  "a push while its scan runs is followed by one more scan, and no further",
  async (store) => {
    const { serverId } = await addRepositories(store, ["api"]);
    const scan = await claimed(store, "scan");
    store.clock.advance(10);
    await store.webhooks.push(serverId, "{api}");
    await store.webhooks.push(serverId, "{api}");
    assert.equal((await scansOf(store)).length, 1);
    store.clock.advance(10);
    await store.scans.finish(scan, COMPLETE);
    assert.deepEqual(await scansOf(store), [
      { state: "succeeded", asked: "discovery" },
      { state: "queued", asked: "webhook" },
    ]);
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
    assert.equal((await scansOf(store)).length, 2);
  },
);

storeTest("a push while its scan runs is not lost when that scan fails", async (store) => {
  const { serverId } = await addRepositories(store, ["api"]);
  const scan = await claimed(store, "scan");
  store.clock.advance(10);
  await store.webhooks.push(serverId, "{api}");
  await store.jobs.fail(scan, "not_found", "no such repository");
  store.clock.advance(60 * 60 * 1000 + 1);
  await discover(store, serverId, [remote("api")]);
  assert.equal((await scansOf(store)).at(-1)!.state, "queued");
});
