import assert from "node:assert/strict";
import { addServer, storeTest } from "@/lib/store/test_store.ts";

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

storeTest("setRestLimit() writes a changed limit only, to all of the credential", async (store) => {
  const id = await addServer(store);
  const sibling = await addServer(store, "sibling");
  const one = (await store.servers.find(id))!;
  const { credentialKey } = one;
  await store.servers.replaceCredential(sibling, await store.servers.openCredential(one), null);
  await store.servers.setRestLimit(credentialKey, 2000);
  const before = (await store.servers.find(id))!;
  assert.equal(before.restLimit, 2000);
  assert.equal((await store.servers.find(sibling))!.restLimit, 2000);
  await store.servers.setRestLimit(credentialKey, 2000);
  assert.equal((await store.servers.find(id))!.version, before.version);
});
