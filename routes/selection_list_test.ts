/** The list that repositories are chosen from: why it does not come in, and what a refused choice keeps. */

import assert from "node:assert/strict";
import { addServer, claimed, discover, remote } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

/** A connected server whose list is just being read, and the address of its selection. */
async function discovering(app: TestApp) {
  const serverId = await addServer(app.store);
  await app.store.jobs.requestDiscovery(serverId, "person");
  return {
    serverId,
    action: `/servers/${serverId}/selection`,
    job: await claimed(app.store, "discovery"),
  };
}

async function text(app: TestApp, path: string): Promise<string> {
  const html = await (await app.ask(path)).text();
  return html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

appTest("a list that the rate limit holds up says so, and when it goes on", async (app) => {
  const { action, job } = await discovering(app);
  assert.match(await text(app, action), /Looking for repositories/);
  await app.store.jobs.snooze(job, app.clock.now() + 40 * 60_000, "rate_limited");
  const page = await text(app, action);
  assert.match(page, /Bitbucket asked us to wait\. The list goes on at \d\d:\d\d/);
  assert.doesNotMatch(page, /Looking for repositories/);
  assert.match(await (await app.ask(action)).text(), /hx-trigger="every 15s"/);
});

appTest("a list whose server needs attention says why and leads to the token", async (app) => {
  const { serverId, action } = await discovering(app);
  await app.store.servers.needAttention(serverId, "token_rejected", "x");
  assert.match(await text(app, action), /no longer accepts the token/);
  assert.match(await (await app.ask(action)).text(), new RegExp(`/servers/${serverId}/token"`));
});

appTest("a list that could not be read to its end says so", async (app) => {
  const { action, job } = await discovering(app);
  await app.store.jobs.fail(job, "malformed", "x");
  const page = await text(app, action);
  assert.match(page, /not read to its end\. Bitbucket answered in a form we do not know/);
  assert.doesNotMatch(page, /Looking for repositories|fits the search/);
});

appTest(
  "a poll brings the list and no count of what fits, and has the form ask for it when more came",
  async (app) => {
    const { action, job } = await discovering(app);
    const page = await (await app.ask(action)).text();
    const poll = page.match(/hx-get="([^"]*\/refresh[^"]*)"/)![1]!.replaceAll("&amp;", "&");
    await app.store.discoveries.savePage(job, {
      repositories: [{ ...remote("a"), selected: true }],
      cursor: "x",
      total: 2,
    });
    app.clock.advance(2000);
    const came = await app.ask(poll);
    assert.equal(came.headers.get("HX-Trigger"), "arrived");
    const html = await came.text();
    assert.doesNotMatch(html, /matches/);
    for (const part of ["rows", "project-filter", "choose-pages"]) {
      assert.match(html, new RegExp(`hx-target="#${part}"`));
    }
    const next = html.match(/hx-get="([^"]*\/refresh[^"]*)"/)![1]!.replaceAll("&amp;", "&");
    assert.equal((await app.ask(next)).headers.get("HX-Trigger"), null);
  },
);

appTest(
  "a refused choice keeps search, project and page, and ties the reason to the rows",
  async (app) => {
    const { store } = app;
    const serverId = await addServer(store);
    await store.jobs.requestDiscovery(serverId, "person");
    const names = Array.from({ length: 130 }, (_, at) => `r-${String(at).padStart(3, "0")}`);
    await discover(store, serverId, names.map((name) => remote(name)));
    const action = `/servers/${serverId}/selection`;
    const look = { q: "r-", project: "PAY", offset: "100" };
    const refusals = [
      { mode: "custom", patterns: "", go: "next" },
      { mode: "custom", patterns: "a/b", go: "next" },
      { patterns: "", go: "next" },
    ];
    for (const form of refusals) {
      const refused = await app.ask(action, { form: { ...look, ...form } });
      assert.equal(refused.status, 422);
      const html = await refused.text();
      assert.match(html, /id="choose-q"[^>]* value="r-"/);
      assert.match(html, /value="PAY" selected/);
      assert.match(html, /101–130 of 130/);
      assert.equal(
        /id="rows"[^>]* aria-describedby="rows-error"/.test(html),
        form === refusals[0],
      );
    }
  },
);
