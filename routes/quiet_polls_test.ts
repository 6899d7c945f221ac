/** Polls without news: what they cost, for whom they are, and that they are as guarded as any answer. */

import assert from "node:assert/strict";
import { addRepositories, claimed } from "@/lib/store/test_store.ts";
import { appTest, countQueries, type TestApp } from "./test_app.ts";

/** The poller's address and tag, with a scan running; its session was looked up just now. */
async function setup(
  app: TestApp,
  headers: Record<string, string> = {},
): Promise<{ href: string; tag: string }> {
  await addRepositories(app.store, ["a", "b"]);
  await claimed(app.store, "scan");
  const html = await (await app.ask("/repositories", { headers })).text();
  const [, href, tag] = /hx-get="(\/repositories\/refresh[^"]*)".*?hx-ptag="([^"]+)"/.exec(html)!;
  return { href: href!.replaceAll("&amp;", "&"), tag: tag! };
}

appTest("a poll without news costs no query, also while scans write", async (app) => {
  const { href, tag } = await setup(app);
  await app.store.db.execute("UPDATE jobs SET beat_at = 1 WHERE state = 'running'");
  let status = 0;
  const asked = await countQueries(app, async () => {
    status = (await app.ask(href, { headers: { "HX-PTag": tag } })).status;
  });
  assert.deepEqual([status, asked], [304, 0]);
});

appTest("a poll answered from memory is guarded as one that was looked up", async (app) => {
  const { href, tag } = await setup(app);
  const headers = async () => {
    const response = await app.ask(href, { headers: { "HX-PTag": tag } });
    assert.equal(response.status, 304);
    return response.headers;
  };
  const quick = await headers();
  assert.equal(quick.get("x-request-id"), null);
  // Memory knows nobody any more, and the change is asked for anew.
  await app.store.settings.save("key_id", "x");
  const looked = await headers();
  assert.ok(looked.get("x-request-id"));
  for (const name of ["hx-ptag", "cache-control", "referrer-policy", "x-content-type-options"]) {
    assert.equal(quick.get(name), looked.get(name), name);
  }
  assert.match(quick.get("content-security-policy")!, /^default-src 'none'; frame-ancestors/);
});

appTest("a poll is answered from memory for a session's own cookie alone", async (app) => {
  const { href, tag } = await setup(app);
  const statusOf = async (cookie: string, method = "GET") =>
    (await app.fetch(
      new Request(`http://sluice.test${href}`, {
        method,
        headers: { "HX-PTag": tag, "HX-Request": "true", Cookie: cookie },
      }),
    )).status;
  const { name, value } = app.cookie;
  assert.equal(await statusOf(`${name}=${value}`), 304);
  assert.equal(await statusOf(`other=1; ${name}=${value}; last=2`), 304);
  for (
    const cookie of [
      "",
      `${name}=`,
      `${name}=${value}x`,
      `${name}=${value.slice(1)}`,
      `x${name}=${value}`,
      `other=${name}=${value}`,
    ]
  ) assert.equal(await statusOf(cookie), 401, cookie);
});

appTest("over TLS only the cookie that is bound to the host counts", async (app) => {
  const { href, tag } = await setup(app, { cookie: `__Host-sluice=${app.sessions.admin}` });
  const statusOf = async (cookie: string) =>
    (await app.fetch(
      new Request(`https://sluice.test${href}`, {
        headers: { "HX-PTag": tag, "HX-Request": "true", Cookie: cookie },
      }),
    )).status;
  assert.equal(await statusOf(`sluice=${app.sessions.admin}`), 401);
  assert.equal(await statusOf(`__Host-sluice=${app.sessions.admin}`), 304);
}, { publicUrl: "https://sluice.test" });

appTest("a poll is answered from memory at its own address alone", async (app) => {
  const { tag } = await setup(app);
  const status = async (path: string) =>
    (await app.ask(path, { headers: { "HX-PTag": tag } })).status;
  assert.equal(await status("/repositories/refresh"), 304);
  assert.equal(await status("/repositories/refreshed"), 404);
  assert.equal(await status("/x/repositories/refresh"), 404);
  assert.equal(await status("/?next=/repositories/refresh"), 303);
});

appTest("who lost the session hears so at the next poll, not seconds later", async (app) => {
  const { href, tag } = await setup(app);
  const headers = { "HX-PTag": tag, "HX-Request": "true" };
  const status = async () => (await app.ask(href, { headers })).status;
  assert.equal(await status(), 304);
  await app.store.sessions.end(app.sessions.admin);
  assert.equal(await status(), 401);
});

appTest("news that one viewer was told is told to the next from memory, by role", async (app) => {
  const { href, tag } = await setup(app);
  await claimed(app.store, "scan");
  app.clock.advance(1000);
  const ask = (role: "admin" | "viewer") =>
    app.ask(href, { role, headers: { "HX-PTag": tag, "Accept-Encoding": "gzip" } });
  const text = async (response: Response) => {
    assert.equal(response.headers.get("content-encoding"), "gzip");
    return await new Response(response.body!.pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const first = await ask("admin");
  let second!: Response;
  assert.equal(await countQueries(app, async () => second = await ask("admin")), 0);
  assert.equal(second.headers.get("x-request-id"), null);
  assert.equal(second.headers.get("hx-ptag"), first.headers.get("hx-ptag"));
  const html = await text(first);
  assert.equal(await text(second), html);
  assert.match(html, /Cancel/);
  for (let time = 0; time < 2; time++) {
    const viewer = await text(await ask("viewer"));
    assert.match(viewer, /scanning/);
    assert.doesNotMatch(viewer, /Cancel/);
  }
});

/** The address and the tag of the poll that a page about servers begins with. */
async function serversPoll(app: TestApp, path: string): Promise<{ href: string; tag: string }> {
  const html = await (await app.ask(path)).text();
  const [, href, tag] = /hx-get="(\/servers\/[^"]*status)".*?hx-ptag="([^"]+)"/.exec(html)!;
  return { href: href!, tag: tag! };
}

appTest(
  "a poll of the servers' pages without news costs no query, and one with news is drawn",
  async (app) => {
    await addRepositories(app.store, ["a", "b", "c"]);
    await claimed(app.store, "scan");
    const [server] = await app.store.servers.list();
    await app.store.jobs.requestDiscovery(server!.id, "person");
    for (const path of [`/servers/${server!.id}`, "/servers"]) {
      const { href, tag } = await serversPoll(app, path);
      const ask = (given = tag, headers: Record<string, string> = {}) =>
        app.ask(href, { headers: { "HX-PTag": given, "HX-Request": "true", ...headers } });
      let quick!: Response;
      assert.equal(await countQueries(app, async () => quick = await ask()), 0, href);
      assert.deepEqual([quick.status, quick.headers.get("hx-ptag")], [304, tag]);
      assert.equal(quick.headers.get("x-request-id"), null);
      assert.equal((await ask("0")).status, 200, "another tag");
      assert.equal((await ask(tag, { cookie: "sluice=x" })).status, 401, "nobody's session");
      await claimed(app.store, "scan");
      app.clock.advance(1000);
      const news = await ask();
      assert.equal(news.status, 200);
      assert.notEqual(news.headers.get("hx-ptag"), tag);
    }
  },
);

appTest(
  "a poll of the servers' pages is answered from memory at its own address alone",
  async (app) => {
    await addRepositories(app.store, ["a"]);
    await claimed(app.store, "scan");
    const [server] = await app.store.servers.list();
    const { tag } = await serversPoll(app, `/servers/${server!.id}`);
    const status = async (path: string) =>
      (await app.ask(path, { role: "viewer", headers: { "HX-PTag": tag } })).status;
    assert.equal(await status(`/servers/${server!.id}/status`), 304);
    assert.equal(await status("/servers/new/status"), 403);
    assert.equal(await status(`/servers/${server!.id}/status/x`), 404);
    assert.equal(await status(`/x/servers/status`), 404);
  },
);
