/** Code servers after the wizard: how they stand, and what an admin changes. */

import assert from "node:assert/strict";
import {
  addRepositories,
  addServer,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
} from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

const TOKEN = `bob@example.com:${"ATA" + "TT3x"}${"Q".repeat(40)}`;

async function page(app: TestApp, path: string): Promise<string> {
  const response = await app.ask(path);
  assert.equal(response.status, 200);
  return await response.text();
}

appTest("GET /servers/:id proves that nothing is missing", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a", "b"]);
  const html = await page(app, `/servers/${serverId}`);
  assert.match(html, /Found 2 of 2 that Bitbucket reports/);
  assert.match(html, /Nothing is missing/);
  assert.match(html, /0 of 2 repositories scanned/);
  app.clock.advance(1000);
  await discover(app.store, serverId, [remote("a")], 5);
  assert.match(await page(app, `/servers/${serverId}`), /Fewer were listed than Bitbucket reports/);
});

appTest(
  "GET /servers/:id/status polls while something moves, and 304 while nothing changed",
  async (app) => {
    const id = await addServer(app.store);
    await app.store.jobs.requestDiscovery(id, "person");
    const first = await app.ask(`/servers/${id}/status`);
    assert.match(await first.text(), /hx-trigger="every 2s"/);
    const tag = first.headers.get("HX-PTag")!;
    const again = await app.ask(`/servers/${id}/status`, { headers: { "HX-PTag": tag } });
    assert.equal(again.status, 304);
    const job = await claimed(app.store, "discovery");
    await app.store.discoveries.savePage(job, { repositories: [], cursor: "x", total: 1266 });
    app.clock.advance(1000);
    const moved = await app.ask(`/servers/${id}/status`, { headers: { "HX-PTag": tag } });
    assert.match(await moved.text(), /0 of 1,266 repositories found/);
    await app.store.jobs.cancel(job.id);
    assert.doesNotMatch(await (await app.ask(`/servers/${id}/status`)).text(), /hx-trigger/);
  },
);

appTest(
  "a server that is only looked at again stays active, with the proof it had",
  async (app) => {
    const { store } = app;
    const { serverId } = await addRepositories(store, ["a"]);
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
    const shown = () => page(app, `/servers/${serverId}`);
    const before = await shown();
    assert.match(before, /Found 1 of 1 that Bitbucket reports/);
    app.clock.advance(5 * 60_000);
    await store.jobs.requestDiscovery(serverId, "schedule");
    const states = async () =>
      [(await store.servers.find(serverId))!.state, await shown()] as const;
    for (let running = 0; running < 2; running++) {
      const [state, html] = await states();
      assert.equal(state, "active");
      assert.match(html, /Found 1 of 1 that Bitbucket reports/);
      assert.match(html, /Ended .*5 min ago/s);
      assert.doesNotMatch(html, /discovering|hx-trigger/);
      if (running === 0) await claimed(store, "discovery");
    }
    const job = (await rowsOf(
      store.db,
      "SELECT id FROM jobs WHERE kind = 'discovery' AND state = 'running'",
    ))[0]!;
    // Who asks for one wants to see it.
    await store.db.execute("UPDATE jobs SET state = 'queued', lease_until = NULL WHERE id = ?", [
      String(job.id),
    ]);
    await app.ask(`/servers/${serverId}/discoveries`, { form: {} });
    assert.equal((await store.servers.find(serverId))!.state, "discovering");
    assert.match(await shown(), /discovering/);
  },
);

appTest("a new token has the webhook tried again, unless a pasted one works", async (app) => {
  const { store } = app;
  const { serverId } = await addRepositories(store, ["a"]);
  const hook = { state: "manual", id: null, secret: "s".repeat(20) } as const;
  await store.webhooks.save(serverId, hook);
  const state = async () => (await store.servers.find(serverId))!.webhookState;
  const replace = () =>
    app.ask(`/servers/${serverId}/token`, {
      form: { token: TOKEN, expires: "" },
    });
  assert.equal((await replace()).status, 303);
  assert.equal(await state(), null);
  // The secret stays: somebody may have pasted it already.
  assert.equal(await store.webhooks.openSecret((await store.servers.find(serverId))!), hook.secret);
  await store.webhooks.save(serverId, hook);
  assert.ok(await store.webhooks.take(serverId, "delivery"));
  assert.equal((await replace()).status, 303);
  assert.equal(await state(), "manual");
});

appTest("a server that needs attention says why, and a new token cures it", async (app) => {
  const id = await addServer(app.store);
  await app.store.servers.needAttention(id, "token_rejected", "GET /user answered 401");
  assert.match(await page(app, `/servers/${id}`), /no longer accepts the token/);
  assert.match(await page(app, "/servers"), /needs attention/);
  const response = await app.ask(`/servers/${id}/token`, { form: { token: TOKEN, expires: "" } });
  assert.equal(response.headers.get("Location"), `/servers/${id}`);
  const server = await app.store.servers.find(id);
  assert.deepEqual([server?.attentionReason, server?.credentialUser], [null, "bob@example.com"]);
});

appTest("a token that fails its checks is not stored", async (app) => {
  const id = await addServer(app.store);
  app.access.set("acme", {
    ok: false,
    checks: [{ id: "scopes", state: "failed", sentence: "read:repository:bitbucket is missing." }],
  });
  const response = await app.ask(`/servers/${id}/token`, { form: { token: TOKEN, expires: "" } });
  assert.equal(response.status, 422);
  const html = await response.text();
  assert.match(html, /id="token-error".*read:repository:bitbucket is missing/s);
  assert.ok(!html.includes("Q".repeat(40)));
  assert.equal((await app.store.servers.find(id))?.credentialUser, "ada@example.com");
  const past = await app.ask(`/servers/${id}/token`, {
    form: { token: TOKEN, expires: "2020-01-01" },
  });
  assert.match(await past.text(), /id="expires-error"/);
});

appTest("an admin discovers, rescans, pauses and resumes", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  const act = async (path: string, form: Record<string, string> = {}) => {
    const response = await app.ask(`/servers/${serverId}/${path}`, { form });
    assert.equal(response.headers.get("Location"), `/servers/${serverId}`);
  };
  await act("discoveries");
  await act("discoveries");
  assert.equal((await app.store.jobs.listDiscoveries(serverId, 10)).length, 2);
  // It reads every history anew, so it is asked about first.
  assert.match(
    await page(app, `/servers/${serverId}`),
    /<summary[^>]*>Rescan everything…<\/summary>.*reads the whole history of 1 repository again/s,
  );
  await act("scans");
  await act("pause", { paused: "yes" });
  assert.equal((await app.store.servers.find(serverId))?.state, "paused");
  const paused = await page(app, `/servers/${serverId}`);
  assert.match(paused, /Resume/);
  assert.doesNotMatch(paused, /hx-trigger/);
  await act("pause", { paused: "no" });
  assert.notEqual((await app.store.servers.find(serverId))?.state, "paused");
});

appTest("the selection is edited later, and what is no longer chosen stops", async (app) => {
  const { serverId, ids } = await addRepositories(app.store, ["a", "b"]);
  const response = await app.ask(`/servers/${serverId}/selection`, {
    form: {
      mode: "custom",
      patterns: "",
      shown: [ids.a!, ids.b!],
      picked: ids.a!,
      go: "next",
    },
  });
  assert.equal(response.headers.get("Location"), `/servers/${serverId}`);
  assert.deepEqual(await app.store.repositories.countByState(), { queued: 1, not_selected: 1 });
  assert.match(await page(app, `/servers/${serverId}`), /Custom: 1 ticked repository/);
  await app.ask(`/servers/${serverId}/selection`, {
    form: { mode: "all", patterns: "", shown: [], go: "next" },
  });
  const scans = await page(app, `/repositories/${ids.b}`);
  assert.match(scans, /data-label="Asked for by"[^>]*>the selection</);
});

appTest(
  "a selection changes when it is saved, and not while somebody looks around",
  async (app) => {
    const { store } = app;
    const { serverId, ids } = await addRepositories(store, ["a", "b"]);
    const action = `/servers/${serverId}/selection`;
    const server = () => store.servers.find(serverId);
    const before = await server();
    const look = await app.ask(action, {
      form: {
        mode: "custom",
        patterns: "x-*",
        shown: [ids.a!, ids.b!],
        picked: ids.a!,
        go: "search",
      },
    });
    assert.equal(look.status, 303);
    const address = look.headers.get("Location")!;
    const html = await page(app, address);
    assert.match(html, new RegExp(`value="${ids.a}" checked`));
    assert.match(html, /x-\*/);
    assert.match(html, /Nothing changes before you save/);
    assert.match(html, /matches 1 of 2/);
    // Whoever leaves now, or comes anew, finds what is saved.
    const watched = async () =>
      (await rowsOf(store.db, "SELECT 1 FROM repositories WHERE selected AND NOT picked")).length;
    assert.deepEqual([await server(), await watched()], [before, 2]);
    assert.doesNotMatch(await page(app, action), new RegExp(`value="${ids.a}" checked|>x-`));

    const edit = new URL(address, "http://x").searchParams.get("edit")!;
    const refused = await app.ask(action, {
      form: {
        edit,
        mode: "custom",
        patterns: "!x",
        shown: [ids.a!, ids.b!],
        picked: [],
        go: "next",
      },
    });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), new RegExp(`name="edit" value="${edit}"`));
    await app.ask(action, {
      form: { edit, mode: "custom", patterns: "", shown: ids.a!, picked: ids.a!, go: "page-0" },
    });
    // On another page of the list the first one's ticks are not in the form.
    const saved = await app.ask(action, {
      form: { edit, mode: "custom", patterns: "", shown: [], picked: [], go: "next" },
    });
    assert.equal(saved.headers.get("Location"), `/servers/${serverId}`);
    assert.equal((await server())!.selectionMode, "custom");
    const chosen = await rowsOf(store.db, "SELECT slug FROM repositories WHERE selected");
    assert.deepEqual(chosen.map((row) => row.slug), ["a"]);
  },
);

appTest("a server is removed only by a person who is sure", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  const unsure = await app.ask(`/servers/${serverId}/removal`, { form: {} });
  assert.equal(unsure.status, 422);
  assert.match(await unsure.text(), /id="sure-error"/);
  const sure = await app.ask(`/servers/${serverId}/removal`, { form: { sure: "yes" } });
  assert.equal(sure.headers.get("Location"), "/servers");
  assert.equal(await app.store.servers.find(serverId), null);
  assert.equal((await app.ask(`/servers/${serverId}`)).status, 404);
});

appTest("a server behind a draft is not shown", async (app) => {
  const draftId = await app.store.drafts.create((await app.store.users.list())[0]!.id);
  const id = await addServer(app.store, "acme", { draftId });
  assert.equal((await app.ask(`/servers/${id}`)).status, 404);
});
