/** Names of repositories: part of one, exactly one, and what is nobody's to see. */

import assert from "node:assert/strict";
import {
  addRepositories,
  addServer,
  addUser,
  discover,
  remote,
  storeTest,
  storeTestOnBoth,
} from "./test_store.ts";

storeTestOnBoth("list() gives the names that hold a text, first by name", async (store) => {
  await addRepositories(store, ["web", "api", "api-docs", "old_api", "old-app"]);
  const names = async (text: string, limit = 20) =>
    (await store.repositoryNames.list(text, { limit })).map((one) => one.fullName);
  assert.deepEqual(await names("API"), ["acme/api", "acme/api-docs", "acme/old_api"]);
  assert.deepEqual(await names("api", 2), ["acme/api", "acme/api-docs"]);
  assert.deepEqual(await names("", 2), ["acme/api", "acme/api-docs"]);
  assert.deepEqual(await names("old_"), ["acme/old_api"], "an underscore is itself");
  assert.deepEqual(await names("%"), []);
});

storeTest("find() wants the whole name, in whichever case", async (store) => {
  const { ids } = await addRepositories(store, ["api", "api-docs"]);
  assert.deepEqual(await store.repositoryNames.find("Acme/API"), {
    id: ids.api,
    fullName: "acme/api",
  });
  assert.equal(await store.repositoryNames.find("acme/ap"), null);
});

storeTest("names of another server, or of one that is not saved, are left out", async (store) => {
  const { serverId } = await addRepositories(store, ["api"]);
  const other = await addServer(store, "globex");
  await discover(store, other, [remote("globex-api", { fullName: "globex/api" })]);
  const draftId = await store.drafts.create(await addUser(store));
  const unsaved = await addServer(store, "initech", { draftId });
  await discover(store, unsaved, [remote("initech-api", { fullName: "initech/api" })]);
  const names = async (of?: string) =>
    (await store.repositoryNames.list("api", { serverId: of, limit: 20 })).map((it) => it.fullName);
  assert.deepEqual(await names(), ["acme/api", "globex/api"]);
  assert.deepEqual(await names(serverId), ["acme/api"]);
  assert.deepEqual(await names(unsaved), []);
  assert.equal(await store.repositoryNames.find("globex/api", serverId), null);
  assert.equal(await store.repositoryNames.find("initech/api"), null);
});

storeTest("a name that passed to another repository is the one's that is there", async (store) => {
  const { serverId } = await addRepositories(store, ["api"]);
  await discover(store, serverId, [remote("api", { uuid: "{new}" })]);
  const { rows } = await store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 10,
  });
  const present = rows.find((row) => row.uuid === "{new}")!.id;
  assert.equal(rows.length, 2);
  assert.deepEqual(
    (await store.repositoryNames.list("api", { limit: 10 })).map((one) => one.id),
    [present],
  );
  assert.equal((await store.repositoryNames.find("acme/api"))?.id, present);
});
