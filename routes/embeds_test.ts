/** Embeds by key: the four forms, who may show them, and what they never tell. */

import assert from "node:assert/strict";
import { newAccessKey } from "@/lib/access_key.ts";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest, countQueries, type TestApp } from "./test_app.ts";

const PORTAL = "https://portal.example.com";

/** A repository with a finding, and a way to make keys and ask with them. */
async function setup(app: TestApp) {
  const { store } = app;
  const { serverId, ids } = await addRepositories(store, ["app", "web"]);
  for (let i = 0; i < 2; i++) {
    const job = await claimed(store, "scan");
    if (job.repositoryId === ids.app) {
      const place = { path: "very-private-path.env", authorName: "Private Person" };
      await store.scans.record(job, [secret("x", { preview: "AKIA*private*", place })], "history");
    }
    await store.scans.finish(job, COMPLETE);
  }
  const makeKey = (given: Partial<Parameters<typeof store.embedKeys.create>[0]> = {}) =>
    store.embedKeys.create({
      name: "portal",
      serverIds: [],
      repositoryIds: [],
      origins: [PORTAL],
      showCounts: true,
      createdBy: "admin@example.com",
      expiresAt: null,
      ...given,
    });
  return { serverId, ids, makeKey };
}

const FORMS = [
  ["", "text/html"],
  ["/fragment", "text/html"],
  ["/badge.svg", "image/svg+xml"],
  ["/status.json", "application/json"],
] as const;

/** As a browser asks for a frame or an image: from no foreign origin. */
function bare(app: TestApp, path: string, key: string, headers: Record<string, string> = {}) {
  return app.ask(`/embed${path}?key=${key}`, { role: "nobody", headers });
}

appTest("the four forms tell state and counts, and nothing of a finding", async (app) => {
  const { serverId, ids, makeKey } = await setup(app);
  const { key } = await makeKey();
  for (const path of [`/repositories/${ids.app}`, `/servers/${serverId}`]) {
    for (const [form, type] of FORMS) {
      const response = await bare(app, path + form, key);
      assert.equal(response.status, 200, path + form);
      assert.equal(response.headers.get("content-type")?.split(";")[0], type);
      assert.equal(response.headers.get("cross-origin-resource-policy"), "cross-origin");
      assert.equal(response.headers.get("referrer-policy"), "no-referrer");
      assert.equal(response.headers.get("x-frame-options"), null);
      const text = await response.text();
      if (form !== "/badge.svg") {
        assert.match(text, path.startsWith("/rep") ? /findings/ : /active/);
      }
      assert.match(text, /1 high|"high":1/);
      assert.doesNotMatch(text, /private|aws-access-key|print of/i);
    }
  }
  const json = await (await bare(app, `/repositories/${ids.app}/status.json`, key)).json();
  assert.deepEqual(
    [json.name, json.state, json.findings],
    ["acme/app", "findings", { critical: 0, high: 1, medium: 0, low: 0 }],
  );
});

appTest("a key that hides the counts shows the state, and no number", async (app) => {
  const { serverId, ids, makeKey } = await setup(app);
  const { key } = await makeKey({ showCounts: false });
  for (const path of [`/repositories/${ids.app}`, `/servers/${serverId}`]) {
    for (const [form] of FORMS) {
      const text = await (await bare(app, path + form, key)).text();
      assert.doesNotMatch(text, /1 high|"high"|No unresolved finding|1 clean/);
      assert.match(text, path.startsWith("/rep") ? /findings/ : /active/);
    }
  }
});

appTest("a key opens its scope and nothing else, in each form", async (app) => {
  const { serverId, ids, makeKey } = await setup(app);
  const other = (await addRepositories(app.store, ["lib"], "other")).ids.lib!;
  const one = await makeKey({ repositoryIds: [ids.app!] });
  const server = await makeKey({ serverIds: [serverId] });
  const statuses = async (key: string, paths: string[]) =>
    await Promise.all(
      paths.map(async (path) => (await bare(app, `${path}/status.json`, key)).status),
    );
  const paths = [
    `/repositories/${ids.app}`,
    `/repositories/${ids.web}`,
    `/servers/${serverId}`,
    `/repositories/${other}`,
    "/repositories/nothing",
  ];
  assert.deepEqual(await statuses(one.key, paths), [200, 404, 404, 404, 404]);
  assert.deepEqual(await statuses(server.key, paths), [200, 200, 200, 404, 404]);
});

appTest("no, unknown, revoked and expired keys get a small clear answer", async (app) => {
  const { ids, makeKey } = await setup(app);
  const revoked = await makeKey();
  const expired = await makeKey({ expiresAt: app.clock.now() + 1000 });
  const path = `/repositories/${ids.app}`;
  assert.equal((await bare(app, path, revoked.key)).status, 200);
  assert.equal((await bare(app, path, expired.key)).status, 200);
  await app.store.embedKeys.revoke(revoked.id);
  app.clock.advance(1000);
  for (
    const [key, status, sentence] of [
      ["", 401, /is missing/],
      ["nonsense", 403, /is unknown/],
      [newAccessKey("embed"), 403, /is unknown/],
      [revoked.key, 403, /was revoked/],
      [expired.key, 403, /has expired/],
    ] as const
  ) {
    for (const [form, type] of FORMS) {
      const response = await bare(app, path + form, key);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type")?.split(";")[0], type);
      assert.equal(response.headers.get("cache-control"), "no-store");
      const text = await response.text();
      assert.match(text, sentence);
      assert.doesNotMatch(text, /acme|hx-get|sluice-src/);
    }
  }
});

appTest("CORS and frame-ancestors follow the key's origins", async (app) => {
  const { ids, makeKey } = await setup(app);
  const { key } = await makeKey();
  const path = `/repositories/${ids.app}`;
  const page = await bare(app, path, key);
  assert.match(
    page.headers.get("content-security-policy")!,
    /frame-ancestors 'self' https:\/\/portal\.example\.com$/,
  );
  for (const form of ["/fragment", "/status.json"]) {
    const preflight = (origin: string) =>
      app.ask(`/embed${path}${form}?key=${key}`, {
        role: "nobody",
        method: "OPTIONS",
        headers: { origin },
      });
    const allowed = await preflight(PORTAL);
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get("access-control-allow-origin"), PORTAL);
    assert.equal(allowed.headers.get("access-control-allow-headers"), "*");
    assert.equal(allowed.headers.get("access-control-allow-credentials"), null);
    const refused = await preflight("https://evil.example");
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);

    const get = (origin: string) =>
      app.ask(`/embed${path}${form}?key=${key}`, { role: "nobody", headers: { origin } });
    const answer = await get(PORTAL);
    assert.equal(answer.headers.get("access-control-allow-origin"), PORTAL);
    assert.equal(answer.headers.get("vary"), "Origin, Accept-Encoding");
    const foreign = await get("https://evil.example");
    assert.equal(foreign.status, 403);
    assert.equal(foreign.headers.get("access-control-allow-origin"), null);
    assert.doesNotMatch(await foreign.text(), /acme/);
    assert.equal((await get("null")).status, 403);
  }
});

appTest("an unchanged embed costs no query, a changed one is seen within a second", async (app) => {
  const { ids, makeKey } = await setup(app);
  const { key } = await makeKey();
  const path = `/repositories/${ids.app}/badge.svg`;
  const first = await bare(app, path, key);
  assert.match(first.headers.get("cache-control")!, /^public, max-age=\d+, s-maxage=\d+$/);
  const tag = first.headers.get("etag")!;
  // The first use of the minute was noted, which was a write: this one reads again.
  await bare(app, path, key);
  let again!: Response;
  const asked = await countQueries(app, async () => {
    again = await bare(app, path, key, { "if-none-match": tag.replace("W/", "") });
  });
  assert.deepEqual([again.status, await again.text(), asked], [304, "", 0]);
  await app.store.jobs.requestScan((await app.store.repositories.find(ids.app!))!, {
    step: "history",
    priority: 10,
    by: "person",
  });
  app.clock.advance(1000);
  const changed = await bare(app, path, key, { "if-none-match": tag });
  assert.equal(changed.status, 200);
  assert.match(await changed.text(), /queued/);
});

appTest(
  "a fragment polls itself, fast while something is open and every five minutes after",
  async (app) => {
    const { ids, makeKey } = await setup(app);
    const { key } = await makeKey();
    const path = `/repositories/${ids.app}/fragment`;
    const over = await (await bare(app, path, key)).text();
    assert.match(over, /hx-trigger="every 300s"/);
    assert.match(over, /data-sluice-every="300"/);
    await app.store.jobs.requestScan((await app.store.repositories.find(ids.app!))!, {
      step: "history",
      priority: 10,
      by: "person",
    });
    app.clock.advance(1000);
    const open = await bare(app, path, key);
    const tag = open.headers.get("hx-ptag")!;
    const html = await open.text();
    const src = `http://sluice.test/embed${path}?key=${key}`;
    assert.ok(html.includes(`hx-get="${src}"`), html);
    assert.match(html, /hx-trigger="every 30s"/);
    assert.equal((await bare(app, path, key, { "hx-ptag": tag })).status, 304);
  },
);

appTest("hostile names stay text in page, fragment and badge", async (app) => {
  const { ids, makeKey } = await setup(app);
  const { key } = await makeKey();
  await app.store.db.execute("UPDATE repositories SET full_name = ? WHERE id = ?", [
    `"><script>alert(1)</script>`,
    ids.app!,
  ]);
  for (const [form] of FORMS.slice(0, 3)) {
    const text = await (await bare(app, `/repositories/${ids.app}${form}`, key)).text();
    assert.doesNotMatch(text, /<script>alert/);
  }
});

appTest(
  "embeds asked for again are told from memory, packed or not, while scans write",
  async (app) => {
    const { ids, serverId, makeKey } = await setup(app);
    const { key } = await makeKey();
    for (const path of [`/repositories/${ids.app}`, `/servers/${serverId}`]) {
      for (const [form, type] of FORMS) {
        const first = await (await bare(app, path + form, key)).text();
        await app.store.db.execute("UPDATE jobs SET beat_at = 1");
        let plain!: Response;
        let packed!: Response;
        const asked = await countQueries(app, async () => {
          plain = await bare(app, path + form, key);
          packed = await bare(app, path + form, key, { "accept-encoding": "br, gzip" });
        });
        assert.equal(asked, 0, path + form);
        assert.equal(await plain.text(), first);
        assert.equal(packed.headers.get("content-encoding"), "gzip");
        assert.equal(packed.headers.get("content-type")?.split(";")[0], type);
        assert.match(packed.headers.get("vary")!, /Accept-Encoding/);
        const unpacked = packed.body!.pipeThrough(new DecompressionStream("gzip"));
        assert.equal(await new Response(unpacked).text(), first);
      }
    }
  },
);

appTest(
  "what memory knows of an embed ends with its key, and is for its origins alone",
  async (app) => {
    const { ids, makeKey } = await setup(app);
    const { id, key } = await makeKey({ expiresAt: app.clock.now() + 60_000 });
    const path = `/repositories/${ids.app}/fragment`;
    const status = async (headers: Record<string, string> = {}) =>
      (await bare(app, path, key, headers)).status;
    const allowed = async (origin: string) =>
      (await bare(app, path, key, { origin })).headers.get("access-control-allow-origin");
    for (let time = 0; time < 2; time++) {
      assert.equal(await status({ origin: PORTAL }), 200);
      assert.equal(await allowed(PORTAL), PORTAL);
      assert.equal(await allowed("http://sluice.test"), null);
      assert.equal(await status({ origin: "https://evil.example" }), 403);
    }
    app.clock.advance(60_000);
    assert.equal(await status({ origin: PORTAL }), 403);
    const other = await makeKey();
    for (const expected of [200, 200]) {
      assert.equal((await bare(app, path, other.key)).status, expected);
    }
    assert.ok(await app.store.embedKeys.revoke(other.id));
    assert.equal((await bare(app, path, other.key)).status, 403);
    assert.notEqual(id, other.id);
  },
);
