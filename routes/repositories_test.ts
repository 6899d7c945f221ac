/** The live list: what it shows, what a poll costs, and when polling ends. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, remote, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

const POLL = { "HX-Request": "true" };

/** The address that a page's poller asks, and the tag that it holds. */
function poller(html: string): { href: string; tag: string; every: string } | null {
  const match = html.match(
    /<div id="live"[^>]*hx-get="([^"]+)" hx-trigger="every (\w+)"[^>]*hx-ptag="([^"]+)"/,
  );
  return match && { href: match[1]!.replaceAll("&amp;", "&"), every: match[2]!, tag: match[3]! };
}

/** Asks as the poller does, a second later. */
async function poll(app: TestApp, href: string, tag?: string): Promise<Response> {
  app.clock.advance(1000);
  return await app.ask(href, {
    headers: { "HX-Request": "true", ...(tag ? { "HX-PTag": tag } : {}) },
  });
}

async function page(app: TestApp, path: string): Promise<string> {
  const response = await app.ask(path);
  assert.equal(response.status, 200);
  return await response.text();
}

appTest("GET /repositories leads into the wizard while no server is connected", async (app) => {
  const html = await page(app, "/repositories");
  assert.match(html, /No code server yet/);
  assert.match(html, /href="\/servers\/new"/);
  const viewer = await (await app.ask("/repositories", { role: "viewer" })).text();
  assert.doesNotMatch(viewer, /href="\/servers\/new"/);
});

appTest(
  "GET /repositories shows rows, counts by state, and polls slowly while all wait",
  async (app) => {
    await addRepositories(app.store, ["a", "b"]);
    const html = await page(app, "/repositories");
    assert.match(html, /acme\/a/);
    assert.match(html, /queued<span class="count">2<\/span>/);
    assert.equal(poller(html)?.every, "15s");
    await claimed(app.store, "scan");
    assert.equal(poller(await page(app, "/repositories"))?.every, "2s");
  },
);

appTest(
  "GET /repositories/refresh answers 304 without a row while nothing changed",
  async (app) => {
    await addRepositories(app.store, ["a", "b"]);
    const { href, tag } = poller(await page(app, "/repositories"))!;
    const response = await poll(app, href, tag);
    assert.equal(response.status, 304);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.equal(await response.text(), "");
  },
);

appTest("an unchanged poll is for nobody whose session ended, from this moment on", async (app) => {
  await addRepositories(app.store, ["a"]);
  const { href, tag } = poller(await page(app, "/repositories"))!;
  assert.equal((await poll(app, href, tag)).status, 304);
  await app.store.sessions.end(app.sessions.admin);
  assert.equal((await poll(app, href, tag)).status, 401);
});

appTest(
  "GET /repositories/refresh carries only the row that changed, with the counts",
  async (app) => {
    await addRepositories(app.store, ["a", "b", "c"]);
    const { href, tag } = poller(await page(app, "/repositories"))!;
    const job = await claimed(app.store, "scan");
    const response = await poll(app, href, tag);
    assert.equal(response.status, 200);
    const html = await response.text();
    assert.deepEqual([...html.matchAll(/<tr id="repository-(\w+)"/g)].map((one) => one[1]), [
      job.repositoryId,
    ]);
    assert.match(html, /scanning<span class="count">1<\/span>/);
    assert.notEqual(response.headers.get("HX-PTag"), tag);
    assert.equal(poller(html)?.tag, response.headers.get("HX-PTag"));
  },
);

appTest("GET /repositories/refresh carries all rows when another repository came", async (app) => {
  const { serverId } = await addRepositories(app.store, ["b"]);
  const { href } = poller(await page(app, "/repositories"))!;
  await app.store.jobs.requestDiscovery(serverId, "schedule");
  await app.store.discoveries.savePage(await claimed(app.store, "discovery"), {
    repositories: [{ ...remote("a"), selected: true }, { ...remote("b"), selected: true }],
    cursor: "end",
    total: 2,
  });
  const html = await (await poll(app, href)).text();
  assert.match(html, /hx-target="#repository-list"/);
  assert.ok(html.indexOf("acme/a") < html.indexOf("acme/b"));
});

appTest(
  "viewers of the same news share one answer, and another second brings other news",
  async (app) => {
    await addRepositories(app.store, ["a", "b"]);
    const { href, tag } = poller(await page(app, "/repositories"))!;
    await claimed(app.store, "scan");
    const first = await (await poll(app, href, tag)).text();
    await claimed(app.store, "scan");
    assert.equal(
      await (await app.ask(href, { headers: { ...POLL, "HX-PTag": tag } })).text(),
      first,
    );
    const viewer = await app.ask(href, { role: "viewer", headers: { ...POLL, "HX-PTag": tag } });
    assert.doesNotMatch(await viewer.text(), /Cancel/);
    const later = await (await poll(app, href, tag)).text();
    assert.match(later, /scanning<span class="count">2<\/span>/);
  },
);

appTest("news is packed for who takes it packed, and says the same", async (app) => {
  await addRepositories(app.store, ["a\u202eb"]);
  const { href } = poller(await page(app, "/repositories"))!;
  await claimed(app.store, "scan");
  app.clock.advance(1000);
  const plain = await (await app.ask(href, { headers: POLL })).text();
  const response = await app.ask(href, { headers: { ...POLL, "Accept-Encoding": "br, gzip" } });
  assert.equal(response.headers.get("Content-Encoding"), "gzip");
  const unpacked = response.body!.pipeThrough(new DecompressionStream("gzip"));
  const html = await new Response(unpacked).text();
  assert.equal(html, plain);
  assert.match(html, /a\[U\+202E\]b/);
});

appTest("polling ends when every scan is over", async (app) => {
  await addRepositories(app.store, ["a"]);
  const { href } = poller(await page(app, "/repositories"))!;
  assert.ok(await app.store.scans.finish(await claimed(app.store, "scan"), COMPLETE));
  const html = await (await poll(app, href)).text();
  assert.match(html, /id="live"/);
  assert.equal(poller(html), null);
  assert.match(html, /clean/);
});

appTest(
  "a scan without a sign of life for two minutes is flagged by the poll itself",
  async (app) => {
    await addRepositories(app.store, ["a"]);
    const job = await claimed(app.store, "scan");
    await app.store.jobs.beat(job, {
      phase: "reading",
      objectsDone: 5,
      objectsTotal: 10,
      packBytes: 2048,
    });
    const { href, tag } = poller(await page(app, "/repositories"))!;
    app.clock.advance(3 * 60_000);
    const html = await (await poll(app, href, tag)).text();
    assert.match(html, /No progress for 3 min/);
    assert.match(html, /5 of 10 objects, 2 KB/);
  },
);

appTest("GET /repositories searches, filters and keeps the order in its links", async (app) => {
  await addRepositories(app.store, ["pay-api", "docs"]);
  const html = await page(app, "/repositories?q=pay&sort=-findings&state=queued");
  assert.match(html, /acme\/pay-api/);
  assert.doesNotMatch(html, /acme\/docs/);
  assert.match(html, /href="\/repositories\?q=pay&amp;state=failed&amp;sort=-findings"/);
  const odd = await page(app, "/repositories?state=nonsense&sort=1&key=%FF");
  assert.match(odd, /acme\/docs/);
});

appTest("GET /repositories sorts by state, and by server where there are several", async (app) => {
  await addRepositories(app.store, ["b", "c"]);
  const heads = (html: string) =>
    [...html.matchAll(/<th[^>]*>(?:<a href="([^"]*)">)?([\w ]+)/g)].map((one) => [one[2], one[1]]);
  const alone = Object.fromEntries(heads(await page(app, "/repositories")));
  assert.equal(alone["Code server"], undefined);
  assert.equal(alone["State"], "/repositories?sort=state");
  await addRepositories(app.store, ["a"], "zoo");
  const running = await claimed(app.store, "scan");
  const html = await page(app, "/repositories?sort=state");
  assert.match(html, /aria-sort="ascending"><a href="\/repositories\?sort=-state">State/);
  assert.match(html, /hx-get="\/repositories\/refresh\?sort=state&amp;/);
  const order = [...html.matchAll(/<tr id="repository-(\w+)"/g)].map((one) => one[1]);
  assert.equal(order[0], running.repositoryId);
  const byServer = await page(app, "/repositories?sort=-server");
  assert.deepEqual(
    [...byServer.matchAll(/<a href="\/repositories\/\w+">([^<]+)/g)].map((one) => one[1]),
    ["acme/a", "acme/c", "acme/b"],
  );
  // In one state the state says nothing about the order.
  const queued = Object.fromEntries(heads(await page(app, "/repositories?state=queued")));
  assert.equal(queued["State"], undefined);
});

appTest(
  "GET /repositories/:id shows steps, scans and findings, and its status polls by itself",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["a"]);
    const job = await claimed(app.store, "scan");
    await app.store.scans.record(job, [secret("one")], "history");
    const html = await page(app, `/repositories/${ids.a}`);
    assert.match(html, /hx-get="\/repositories\/\w+\/status" hx-trigger="every 2s"/);
    assert.match(html, /one\.env:3/);
    await app.store.scans.finish(job, COMPLETE);
    const status = await (await app.ask(`/repositories/${ids.a}/status`, { headers: POLL })).text();
    assert.match(status, /<section id="scan"/);
    assert.doesNotMatch(status, /hx-trigger/);
    assert.doesNotMatch(status, /<html/);
  },
);

appTest("GET /repositories/:id of nothing is a page that says so", async (app) => {
  const response = await app.ask("/repositories/nothing");
  assert.equal(response.status, 404);
  assert.match(await response.text(), /There is no such repository/);
});
