/** Ticking repositories stays within the servers that a form is about. */

import assert from "node:assert/strict";
import { addRepositories, storeTest } from "@/lib/store/test_store.ts";

storeTest("list() pages by name and counts all that fit", async (store) => {
  const { serverId } = await addRepositories(store, ["pay-api", "pay-web", "docs"]);
  const filter = { serverIds: [serverId], search: "PAY" };
  const { rows, total } = await store.choices.list(filter, { offset: 1, limit: 1 });
  assert.deepEqual([rows.map((row) => row.fullName), total], [["acme/pay-web"], 2]);
  const none = await store.choices.list({ serverIds: [] }, { offset: 0, limit: 10 });
  assert.deepEqual(none, { rows: [], total: 0 });
});

storeTest("list() takes a wildcard of SQL as a plain sign", async (store) => {
  const { serverId } = await addRepositories(store, ["pay-api", "docs"]);
  const { total } = await store.choices.list(
    { serverIds: [serverId], search: "%" },
    { offset: 0, limit: 10 },
  );
  assert.equal(total, 0);
});

storeTest(
  "pickShown() leaves alone what was not shown and what another server holds",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["a", "b", "c"]);
    const other = await addRepositories(store, ["x"], "other");
    await store.choices.pickAll({ serverIds: [serverId] }, true);
    await store.choices.pickShown(
      [serverId],
      [ids.a!, ids.b!, other.ids.x!],
      [ids.a!, other.ids.x!],
    );
    const picked = async (id: string) =>
      (await store.repositories.listSlugs(id)).filter((one) => one.picked).map((one) => one.slug)
        .sort();
    assert.deepEqual([await picked(serverId), await picked(other.serverId)], [["a", "c"], []]);
  },
);

storeTest("pickAll() ticks and unticks all that fit", async (store) => {
  const { serverId } = await addRepositories(store, ["pay-api", "pay-web", "docs"]);
  await store.choices.pickAll({ serverIds: [serverId], search: "pay" }, true);
  assert.equal(
    (await store.repositories.listSlugs(serverId)).filter((one) => one.picked).length,
    2,
  );
  await store.choices.pickAll({ serverIds: [serverId], projectKey: "PAY" }, false);
  assert.equal(
    (await store.repositories.listSlugs(serverId)).filter((one) => one.picked).length,
    0,
  );
});
