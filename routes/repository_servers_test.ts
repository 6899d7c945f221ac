/** What the list says of the servers behind it, why it is empty, and how often it asks then. */

import assert from "node:assert/strict";
import { addRepositories, addServer, claimed, COMPLETE, remote } from "@/lib/store/test_store.ts";
import { appTest, countQueries, type TestApp } from "./test_app.ts";

async function html(app: TestApp, path: string): Promise<string> {
  return await (await app.ask(path)).text();
}

const textOf = (markup: string) => markup.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

/** The poller's address, its rhythm and the tag it holds. */
function poller(markup: string) {
  const found = /id="live"[^>]*hx-get="([^"]+)" hx-trigger="every (\w+)"[^>]*hx-ptag="([^"]+)"/
    .exec(markup);
  return found && { href: found[1]!.replaceAll("&amp;", "&"), every: found[2]!, tag: found[3]! };
}

appTest("a list whose server is discovered says so, with what was found so far", async (app) => {
  const id = await addServer(app.store);
  await app.store.jobs.requestDiscovery(id, "wizard");
  for (const path of ["/repositories", `/repositories?server=${id}`]) {
    const text = textOf(await html(app, path));
    assert.match(text, /Looking for repositories/, path);
    assert.match(text, /0 found so far/, path);
    assert.doesNotMatch(text, /Nothing fits/, path);
  }
  // Narrowed further, an empty list is one that nothing fits.
  for (const more of ["q=x", "state=failed"]) {
    assert.match(await html(app, `/repositories?server=${id}&${more}`), /Nothing fits/, more);
  }
  assert.match(await html(app, "/repositories?server=nothing"), /Nothing fits/);
});

appTest("a poll of an empty list tells how far the discovery has come", async (app) => {
  const id = await addServer(app.store);
  await app.store.jobs.requestDiscovery(id, "wizard");
  const job = await claimed(app.store, "discovery");
  const { href } = poller(await html(app, `/repositories?server=${id}`))!;
  await app.store.jobs.beat(job, { found: 0, total: 1266 });
  app.clock.advance(1000);
  assert.match(textOf(await html(app, href)), /0 of 1,266 repositories found so far/);
});

appTest("an empty list is filled by its poll, with the table, pager and projects", async (app) => {
  const id = await addServer(app.store);
  await app.store.jobs.requestDiscovery(id, "wizard");
  const job = await claimed(app.store, "discovery");
  const before = await html(app, `/repositories?server=${id}`);
  assert.match(before, /id="repository-list"/);
  await app.store.discoveries.savePage(job, {
    repositories: [{ ...remote("a"), selected: true }],
    cursor: "x",
    total: 1,
  });
  app.clock.advance(1000);
  const answer = await html(app, poller(before)!.href);
  assert.match(answer, /hx-target="#repository-list"[^]*<table[^]*acme\/a[^]*1–1 of 1/);
  assert.match(answer, /hx-target="#project-filter"[^]*Payments/);
});

appTest("a list that was never read to its end is not called empty", async (app) => {
  const id = await addServer(app.store);
  await app.store.servers.needAttention(id, "token_rejected", "");
  const text = textOf(await html(app, "/repositories"));
  assert.match(text, /No repository is known yet/);
  assert.doesNotMatch(text, /hold no repository/);
});

appTest("the list names each of its servers that waits or is stopped, and why", async (app) => {
  const { store, clock } = app;
  const waiting = await addServer(store, "slow");
  await store.jobs.requestDiscovery(waiting, "wizard");
  const until = clock.now() + 40 * 60_000;
  await store.jobs.snooze(await claimed(store, "discovery"), until, "rate_limited");
  const refused = await addServer(store, "refused");
  await store.servers.needAttention(refused, "token_rejected", "");
  const paused = await addServer(store, "paused");
  await store.servers.pause(paused, true);
  const time = new Date(until).toISOString().slice(11, 16);
  const all = await html(app, "/repositories");
  assert.match(
    textOf(all),
    new RegExp(
      "REFUSED : needs attention . Bitbucket no longer accepts the token.*" +
        `SLOW : waiting until ${time} UTC . Bitbucket asked us to wait.*PAUSED : paused`,
    ),
  );
  for (const id of [waiting, refused, paused]) assert.match(all, new RegExp(`/servers/${id}"`));
  const one = textOf(await html(app, `/repositories?server=${refused}`));
  assert.match(one, /REFUSED : needs attention/);
  assert.doesNotMatch(one, /SLOW :|PAUSED :/);
});

appTest("a notice comes and goes with the poll, and costs none without news", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  const page = await html(app, "/repositories");
  assert.doesNotMatch(page, /needs attention/);
  await app.store.servers.needAttention(serverId, "token_rejected", "");
  app.clock.advance(1000);
  const told = await html(app, poller(page)!.href);
  assert.match(told, /hx-target="#server-notices"[^]*needs attention/);
  const { href, tag } = poller(told)!;
  let status = 0;
  const asked = await countQueries(app, async () => {
    status = (await app.ask(href, { headers: { "HX-PTag": tag } })).status;
  });
  assert.deepEqual([status, asked], [304, 0]);
  await app.store.servers.clearAttention(serverId);
  app.clock.advance(1000);
  assert.doesNotMatch(await html(app, href), /needs attention/);
});

appTest(
  "a server that waits for an error does not say that Bitbucket asked for it",
  async (app) => {
    const { serverId } = await addRepositories(app.store, ["a"]);
    app.clock.advance(1000);
    await app.store.jobs.requestDiscovery(serverId, "person");
    const job = await claimed(app.store, "discovery");
    await app.store.jobs.retry(job, app.clock.now() + 60_000, "unavailable");
    for (const path of ["/repositories", "/servers", `/servers/${serverId}`]) {
      const page = await html(app, path);
      assert.match(page, /Bitbucket did not answer\./, path);
      assert.doesNotMatch(page, /asked us to wait/, path);
    }
  },
);

appTest("what a paused server has in line is asked for once a minute", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  assert.equal(poller(await html(app, "/repositories"))?.every, "15s");
  await app.store.servers.pause(serverId, true);
  assert.equal(poller(await html(app, "/repositories"))?.every, "60s");
  // Another server's scans are as near as ever.
  const other = await addRepositories(app.store, ["b"], "other");
  assert.equal(poller(await html(app, "/repositories"))?.every, "15s");
  assert.equal(poller(await html(app, `/repositories?server=${serverId}`))?.every, "60s");
  const job = await claimed(app.store, "scan");
  assert.equal(job.serverId, other.serverId);
  assert.equal(poller(await html(app, "/repositories"))?.every, "2s");
  await app.store.scans.finish(job, COMPLETE);
  assert.equal(poller(await html(app, `/repositories?server=${other.serverId}`)), null);
});

appTest("a paused server with nothing in line is asked for no more", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  await app.store.scans.finish(await claimed(app.store, "scan"), COMPLETE);
  await app.store.servers.pause(serverId, true);
  assert.equal(poller(await html(app, "/repositories")), null);
});
