import assert from "node:assert/strict";
import { createSeal, SealError } from "@/lib/seal.ts";
import { createStore } from "@/lib/store/mod.ts";
import {
  addRepositories,
  addServer,
  addUser,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const credential = (secret: string) => ({ kind: "access_token", user: null, secret }) as const;

/** State of the newest scan of each repository, by slug. */
async function scansBySlug(store: TestStore): Promise<Record<string, string | null>> {
  const rows = await rowsOf(store.db, "SELECT slug, scan_state FROM repositories ORDER BY slug");
  return Object.fromEntries(rows.map((row) => [row.slug, row.scan_state as string | null]));
}

async function endScans(store: TestStore) {
  for (let job; (job = await store.jobs.claim("scan", "test"));) {
    await store.scans.finish(job, COMPLETE);
  }
}

storeTestOnBoth("a server is absent, created, found, listed and removed", async (store) => {
  assert.deepEqual(await store.servers.list(), []);
  const id = await addServer(store, "beta", {
    selection: { mode: "custom", include: ["pay-*"], exclude: ["*-old"] },
  });
  const server = (await store.servers.find(id))!;
  assert.deepEqual(
    [server.workspace, server.workspaceUuid, server.name, server.state, server.savedAt],
    ["beta", "{beta}", "BETA", "active", store.clock.now()],
  );
  assert.deepEqual(
    [server.selectionMode, server.include, server.exclude],
    ["custom", ["pay-*"], ["*-old"]],
  );
  await addServer(store, "alpha");
  assert.deepEqual((await store.servers.list()).map((one) => one.name), ["ALPHA", "BETA"]);
  await store.servers.remove(id);
  assert.equal(await store.servers.find(id), null);
});

storeTestOnBoth(
  "findByWorkspace() knows a saved server by uuid, or by slug in any case",
  async (store) => {
    const id = await addServer(store, "acme");
    const draftId = await store.drafts.create(await addUser(store));
    await addServer(store, "hidden", { draftId });
    const found = async (workspace: { slug?: string; uuid?: string }) =>
      (await store.servers.findByWorkspace(workspace))?.id;
    assert.equal(await found({ slug: "ACME" }), id);
    assert.equal(await found({ uuid: "{acme}" }), id);
    assert.equal(await found({ uuid: "{acme}", slug: "renamed" }), id);
    for (const other of [{ slug: "acm" }, { slug: "hidden" }, { uuid: "{hidden}" }, {}]) {
      assert.equal(await found(other), undefined);
    }
  },
);

storeTest("a workspace is saved once", async (store) => {
  await addServer(store, "acme");
  await assert.rejects(
    addServer(store, "acme"),
    (error) => /UNIQUE/.test(String((error as Error).cause)),
  );
});

storeTest("a sealed credential opens for its own row, and for no other", async (store) => {
  const [one, two] = [await addServer(store, "one"), await addServer(store, "two")];
  const open = async (id: string) => store.servers.openCredential((await store.servers.find(id))!);
  assert.deepEqual(await open(one), {
    kind: "api_token",
    user: "ada@example.com",
    secret: "token of one",
  });
  await store.db.execute(
    "UPDATE servers SET sealed_secret = (SELECT sealed_secret FROM servers WHERE id = ?) WHERE id = ?",
    [one, two],
  );
  await assert.rejects(open(two), (error) => {
    assert.ok(error instanceof SealError);
    assert.match(error.message, /belongs to another row/);
    return true;
  });
});

storeTest("a wrong key is told by its name, and no secret stands in clear", async (store) => {
  const id = await addServer(store, "one");
  const other = await createSeal(new Uint8Array(32).fill(8));
  const strange = createStore(store.db, store.clock, other);
  await assert.rejects(
    async () => strange.servers.openCredential((await store.servers.find(id))!),
    new RegExp(`sealed with key ${store.seal.keyId}, SECRET_KEY is ${other.keyId}`),
  );
  assert.doesNotMatch(JSON.stringify(await rowsOf(store.db, "SELECT * FROM servers")), /token of/);
});

storeTest(
  "replaceCredential() ends the need for attention and leaves the selection alone",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api", "web"]);
    const selection = { mode: "custom", include: ["a*"], exclude: [] } as const;
    await store.servers.select(serverId, selection, [ids.web!]);
    await store.servers.needAttention(serverId, "token_rejected", "x".repeat(600));
    const before = (await store.servers.find(serverId))!;
    assert.deepEqual([before.state, before.attentionDetail!.length], ["needs_attention", 500]);
    await store.servers.replaceCredential(serverId, credential("fresh"), 7000);
    const after = (await store.servers.find(serverId))!;
    assert.deepEqual(
      [after.state, after.tokenExpiresAt, after.credentialKind, after.credentialUser],
      ["active", 7000, "access_token", null],
    );
    assert.deepEqual([after.selectionMode, after.include], ["custom", ["a*"]]);
    assert.equal(after.selectedCount, 2);
    assert.equal((await store.servers.openCredential(after)).secret, "fresh");
  },
);

storeTestOnBoth("select() scans what comes in and cancels what goes out", async (store) => {
  const { serverId } = await addRepositories(store, ["api", "web", "old"]);
  await store.servers.select(serverId, { mode: "all", include: [], exclude: ["OLD"] }, null);
  assert.deepEqual(await scansBySlug(store), { api: "queued", old: "cancelled", web: "queued" });
  assert.deepEqual(await store.repositories.countByState(serverId), { queued: 2, not_selected: 1 });
  await store.servers.select(serverId, { mode: "all", include: [], exclude: [] }, null);
  assert.deepEqual(await scansBySlug(store), { api: "queued", old: "queued", web: "queued" });
  assert.equal((await store.servers.find(serverId))!.selectedCount, 3);
});

storeTest(
  "what comes back into the selection is read again, for pushes were missed",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api", "web"]);
    await endScans(store);
    store.clock.advance(1);
    await store.servers.select(serverId, { mode: "all", include: [], exclude: ["api"] }, null);
    assert.equal((await store.repositories.find(ids.api!))!.state, "not_selected");
    await store.servers.select(serverId, { mode: "all", include: [], exclude: [] }, null);
    assert.deepEqual(await scansBySlug(store), { api: "queued", web: "succeeded" });
  },
);

storeTest(
  "a custom selection is what was picked or included, and picks win over exclusion",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["pay-api", "pay-old", "web", "cli"]);
    const selection = { mode: "custom", include: ["pay-*"], exclude: ["*-old"] } as const;
    const selected = async () =>
      (await rowsOf(store.db, "SELECT slug FROM repositories WHERE selected ORDER BY slug"))
        .map((row) => row.slug);
    await store.servers.select(serverId, selection, [ids.web!]);
    assert.deepEqual(await selected(), ["pay-api", "web"]);
    await store.servers.select(serverId, selection, [ids["pay-old"]!]);
    assert.deepEqual(await selected(), ["pay-api", "pay-old"]);
    await store.servers.select(serverId, selection, null);
    assert.deepEqual(await selected(), ["pay-api", "pay-old"]);
  },
);

storeTest(
  "publish() shows what a draft names, and passes over a workspace connected since",
  async (store) => {
    const user = await addUser(store);
    const draftId = await store.drafts.create(user);
    const acme = await addServer(store, "acme", { draftId });
    const beta = await addServer(store, "beta", { draftId });
    const gamma = await addServer(store, "gamma", { draftId });
    await discover(store, gamma, [remote("unnamed")]);
    await discover(store, beta, [remote("api")]);
    assert.deepEqual(
      (await store.servers.listOfDraft(draftId)).map((one) => one.workspace),
      ["acme", "beta", "gamma"],
    );
    const first = await addServer(store, "acme");
    await discover(store, acme, [remote("doubled")]);
    assert.deepEqual(await store.servers.publish(draftId, [acme, beta]), [beta]);
    assert.deepEqual(
      (await store.servers.list()).map((one) => one.id).sort(),
      [first, beta].sort(),
    );
    assert.equal((await store.servers.find(beta))!.savedAt, store.clock.now());
    assert.deepEqual(await scansBySlug(store), { api: "queued", doubled: null, unnamed: null });
    await store.drafts.remove(draftId);
    assert.equal(await store.servers.find(acme), null);
    assert.equal(await store.servers.find(gamma), null);
    assert.ok(await store.servers.find(beta));
  },
);

storeTest("a server waits, is paused and discovers, and says so", async (store) => {
  const id = await addServer(store);
  const state = async () => (await store.servers.find(id))!.state;
  await store.jobs.requestDiscovery(id, "wizard");
  assert.equal(await state(), "discovering");
  const job = await claimed(store, "discovery");
  assert.equal(await state(), "discovering");
  await store.jobs.snooze(job, store.clock.now() + 10, "rate_limited");
  assert.equal(await state(), "waiting");
  await store.servers.pause(id, true);
  assert.equal(await state(), "paused");
  await store.servers.pause(id, false);
  await store.jobs.cancel(job.id);
  assert.equal(await state(), "active");
  await store.servers.wait(id, store.clock.now() + 10);
  assert.equal(await state(), "waiting");
});

storeTest(
  "due() ends waits that are over, and names who is to be discovered again",
  async (store) => {
    const hour = 3_600_000;
    const fresh = await addServer(store, "fresh");
    assert.deepEqual(await store.servers.due(hour, 0), [fresh]);
    await discover(store, fresh, [remote("api")]);
    assert.deepEqual(await store.servers.due(hour, 0), []);
    await store.servers.wait(fresh, store.clock.now() + hour);
    store.clock.advance(hour);
    assert.deepEqual(await store.servers.due(hour, 0), [fresh]);
    assert.equal((await store.servers.find(fresh))!.waitingUntil, null);
    assert.deepEqual(await store.servers.due(hour, 2 * hour), []);
    await store.servers.pause(fresh, true);
    assert.deepEqual(await store.servers.due(hour, 0), []);
    await store.servers.pause(fresh, false);
    await store.jobs.requestDiscovery(fresh, "schedule");
    assert.deepEqual(await store.servers.due(hour, 0), []);
    const draftId = await store.drafts.create(await addUser(store));
    await addServer(store, "hidden", { draftId });
    assert.deepEqual(await store.servers.due(0, 0), []);
  },
);
