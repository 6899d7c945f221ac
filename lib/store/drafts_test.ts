import assert from "node:assert/strict";
import { SealError } from "@/lib/seal.ts";
import { DRAFT_MS, type DraftAccess } from "@/lib/store/drafts.ts";
import {
  addServer,
  addUser,
  discover,
  remote,
  rowsOf,
  storeTest,
  storeTestOnBoth,
} from "@/lib/store/test_store.ts";

const ACCESS: DraftAccess = {
  workspace: "acme",
  ok: true,
  checks: [
    { id: "rest", state: "passed", sentence: "REST answers." },
    {
      id: "scopes",
      state: "failed",
      sentence: "A right is missing.",
      reason: "forbidden",
      missingScopes: ["read:repository:bitbucket"],
    },
  ],
  repositoryCount: 7,
  serverId: null,
  otherWorkspaces: [{ slug: "beta", uuid: "{beta}" }],
};

storeTestOnBoth("a draft is filled step by step, and read back whole", async (store) => {
  const userId = await addUser(store);
  const id = await store.drafts.create(userId);
  const now = store.clock.now();
  const empty = {
    id,
    userId,
    type: null,
    workspaces: [],
    hasCredential: false,
    credentialKind: null,
    credentialUser: null,
    tokenExpiresAt: null,
    access: [],
    createdAt: now,
    expiresAt: now + DRAFT_MS,
  };
  assert.deepEqual(await store.drafts.find(id, userId), empty);
  assert.equal(await store.drafts.openCredential(id), null);
  const credential = { kind: "api_token", user: "ada@example.com", secret: "hush" } as const;
  await store.drafts.setType(id, "bitbucket_cloud");
  await store.drafts.setWorkspaces(id, ["acme", "beta"]);
  await store.drafts.setCredential(id, credential, now + 5);
  await store.drafts.setAccess(id, [ACCESS]);
  assert.deepEqual(await store.drafts.find(id, userId), {
    ...empty,
    type: "bitbucket_cloud",
    workspaces: ["acme", "beta"],
    hasCredential: true,
    credentialKind: "api_token",
    credentialUser: "ada@example.com",
    tokenExpiresAt: now + 5,
    access: [ACCESS],
  });
  assert.deepEqual(await store.drafts.openCredential(id), credential);
  assert.deepEqual((await store.drafts.list(userId)).map((draft) => draft.id), [id]);
  await store.drafts.remove(id);
  assert.equal(await store.drafts.find(id, userId), null);
});

storeTest("a draft is its own user's, for a day", async (store) => {
  const ada = await addUser(store);
  const bob = await addUser(store, "bob@example.com");
  const id = await store.drafts.create(ada);
  assert.equal(await store.drafts.find(id, bob), null);
  assert.deepEqual(await store.drafts.list(bob), []);
  store.clock.advance(DRAFT_MS - 1);
  assert.ok(await store.drafts.find(id, ada));
  assert.equal(await store.drafts.removeExpired(), 0);
  store.clock.advance(1);
  assert.equal(await store.drafts.find(id, ada), null);
  assert.equal(await store.drafts.removeExpired(), 1);
  assert.deepEqual(await rowsOf(store.db, "SELECT * FROM drafts"), []);
});

storeTest("a draft's token is sealed to its row", async (store) => {
  const userId = await addUser(store);
  const [one, two] = [await store.drafts.create(userId), await store.drafts.create(userId)];
  const credential = { kind: "access_token", user: null, secret: "hush, hush" } as const;
  await store.drafts.setCredential(one, credential, null);
  assert.doesNotMatch(JSON.stringify(await rowsOf(store.db, "SELECT * FROM drafts")), /hush/);
  await store.db.execute(
    `UPDATE drafts SET credential_kind = 'access_token',
       sealed_secret = (SELECT sealed_secret FROM drafts WHERE id = ?) WHERE id = ?`,
    [one, two],
  );
  await assert.rejects(store.drafts.openCredential(two), SealError);
});

storeTest(
  "a draft that goes takes its hidden servers along, and leaves published ones",
  async (store) => {
    const userId = await addUser(store);
    const draftId = await store.drafts.create(userId);
    const hidden = await addServer(store, "hidden", { draftId });
    await discover(store, hidden, [remote("api")]);
    const shown = await addServer(store, "shown");
    await store.drafts.remove(draftId);
    assert.equal(await store.servers.find(hidden), null);
    assert.ok(await store.servers.find(shown));
    assert.deepEqual(await rowsOf(store.db, "SELECT * FROM repositories"), []);
    assert.deepEqual(await rowsOf(store.db, "SELECT * FROM jobs"), []);
  },
);
