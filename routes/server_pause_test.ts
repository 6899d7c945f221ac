/** What a paused server's page shows, and what it does not promise. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

async function textOf(app: TestApp, path: string): Promise<string> {
  const html = await (await app.ask(path)).text();
  return html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

appTest("a paused server's page follows what still runs, and then rests", async (app) => {
  const { store } = app;
  const { serverId } = await addRepositories(store, ["a", "b", "c"]);
  const scan = await claimed(store, "scan");
  await store.servers.pause(serverId, true);
  const page = () => app.ask(`/servers/${serverId}`).then((response) => response.text());
  const running = await page();
  assert.match(running, /hx-trigger="every 2s"/);
  assert.doesNotMatch(running, /Up to date/);
  await store.jobs.giveBack(scan);
  const rests = await page();
  assert.doesNotMatch(rests, /hx-trigger/);
  assert.doesNotMatch(rests, /Up to date/);
});

appTest("a paused server's page follows a discovery that still runs", async (app) => {
  const { store } = app;
  const { serverId } = await addRepositories(store, []);
  app.clock.advance(1000);
  await store.jobs.requestDiscovery(serverId, "person");
  const job = await claimed(store, "discovery");
  await store.servers.pause(serverId, true);
  const page = () => app.ask(`/servers/${serverId}`).then((response) => response.text());
  assert.match(await page(), /hx-trigger/);
  await store.discoveries.finish(job, { found: 0, reported: 0 });
  assert.doesNotMatch(await page(), /hx-trigger/);
});

appTest("a paused server names no time left, but that its scans wait", async (app) => {
  const { store, clock } = app;
  const { serverId } = await addRepositories(store, ["a", "b", "c", "d", "e"]);
  for (let count = 0; count < 3; count++) {
    clock.advance(30_000);
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
  }
  assert.match(await textOf(app, `/servers/${serverId}`), /left, at 2 repositories a minute/);
  await store.servers.pause(serverId, true);
  const paused = await textOf(app, `/servers/${serverId}`);
  assert.doesNotMatch(paused, / left,/);
  assert.match(paused, /3 of 5 repositories scanned · waits: the server is paused/);
  await store.servers.pause(serverId, false);
  for (let count = 0; count < 2; count++) {
    await store.scans.finish(await claimed(store, "scan"), COMPLETE);
  }
  await store.servers.pause(serverId, true);
  assert.doesNotMatch(await textOf(app, `/servers/${serverId}`), /waits: the server is paused/);
});

appTest("a paused server is not discovered before it is resumed", async (app) => {
  const { store } = app;
  const { serverId } = await addRepositories(store, ["a"]);
  await store.servers.pause(serverId, true);
  const path = `/servers/${serverId}`;
  assert.doesNotMatch(await textOf(app, path), /Discover now/);
  const refused = await app.ask(`${path}/discoveries`, { form: {} });
  assert.equal(refused.headers.get("Location"), path);
  const flash = decodeURIComponent(decodeURIComponent(refused.headers.get("Set-Cookie")!));
  assert.match(flash, /is paused\. Resume it first\./);
  assert.equal((await store.jobs.listDiscoveries(serverId, 10)).length, 1);
  await store.servers.pause(serverId, false);
  assert.match(await textOf(app, path), /Discover now/);
});

appTest("the proof of the last discovery stands until the next has begun", async (app) => {
  const { store } = app;
  const { serverId } = await addRepositories(store, ["a", "b"]);
  app.clock.advance(1000);
  await app.ask(`/servers/${serverId}/discoveries`, { form: {} });
  const queued = await textOf(app, `/servers/${serverId}`);
  assert.match(queued, /took less than a second\./);
  assert.match(queued, /Found 2 of 2 that Bitbucket reports/);
  assert.match(queued, /The next one is queued\./);
  assert.doesNotMatch(queued, /In line/);
  await claimed(store, "discovery");
  const begun = await textOf(app, `/servers/${serverId}`);
  assert.match(begun, /Found 0 of 2/);
  assert.doesNotMatch(begun, /The next one is queued/);
});
