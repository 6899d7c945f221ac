/** Which names the app answers to: another site's name that leads here shows nothing. */

import assert from "node:assert/strict";
import { Hono } from "hono";
import type { AppEnv } from "./deps.ts";
import { ownHost } from "./own_host.ts";
import { appTest, type TestApp } from "./test_app.ts";

function ask(app: TestApp, host: string, path: string, init: RequestInit = {}) {
  const headers = { cookie: `sluice=${app.sessions.admin}`, ...init.headers };
  return Promise.resolve(app.fetch(new Request(`http://${host}${path}`, { ...init, headers })));
}

const FOREIGN = [
  "evil.example",
  "evil.example:8000",
  "sluice.test.evil.example",
  "10.evil.example",
];

appTest("a page behind a foreign name is refused, and told where Sluice is", async (app) => {
  for (const host of FOREIGN) {
    for (const path of ["/sign-in", "/servers", "/setup?token=x", "/static/app.js", "/nowhere"]) {
      const answer = await ask(app, host, path);
      assert.equal(answer.status, 421, host + path);
      const text = await answer.text();
      assert.match(text, /This Sluice is at http:\/\/sluice\.test/);
      assert.match(text, /set PUBLIC_URL/);
    }
  }
});

appTest(
  "a form from a foreign name changes nothing, though its origin is that name",
  async (app) => {
    const headers = { origin: "http://evil.example", "sec-fetch-site": "same-origin" };
    const body = new URLSearchParams({ email: "admin@example.com", password: "x" });
    const answer = await ask(app, "evil.example", "/sign-in", { method: "POST", headers, body });
    assert.equal(answer.status, 421);
    await answer.body?.cancel();
    const { rows } = await app.store.audit.list({}, { limit: 9 });
    assert.deepEqual(rows, []);
  },
);

appTest("pages answer to the configured name, to localhost and to any address", async (app) => {
  const hosts = ["sluice.test", "sluice.test:8443", "SLUICE.test.", "localhost:8000"];
  const addresses = ["127.0.0.1:8000", "[::1]:8000", "192.0.2.7", "[2001:db8::7]"];
  for (const host of [...hosts, ...addresses]) {
    const answer = await ask(app, host, "/servers");
    assert.equal(answer.status, 200, host);
    await answer.body?.cancel();
  }
});

appTest("health, metrics, the API, embeds and webhooks answer to any name", async (app) => {
  // Each is for programs that come by inner names, and asks for a key where it says anything.
  const paths: [path: string, status: number][] = [
    ["/health", 200],
    ["/health/live", 200],
    ["/metrics", 401],
    ["/api/v1/openapi.json", 200],
    ["/embed/servers/x/status.json", 401],
  ];
  for (const [path, status] of paths) {
    const answer = await ask(app, "sluice.internal:8000", path, { headers: { cookie: "" } });
    assert.equal(answer.status, status, path);
    await answer.body?.cancel();
  }
  const delivery = { method: "POST", body: "{}" };
  const answer = await ask(app, "hooks.example", "/webhooks/bitbucket-cloud/x", delivery);
  assert.equal(answer.status, 401);
  await answer.body?.cancel();
});

appTest("where the platform alone decides on names, none is refused", async (app) => {
  const answer = await ask(app, "preview-1.deno.example", "/servers");
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
}, { anyHost: true });

Deno.test("an address that is configured with the dot of the root is the same name without it", async () => {
  const app = new Hono<AppEnv>();
  app.use(ownHost({ publicUrl: "https://sluice.test.", anyHost: false }));
  app.get("/", (c) => c.text("here"));
  for (const host of ["sluice.test", "sluice.test."]) {
    const answer = await app.request(`https://${host}/`);
    assert.equal(answer.status, 200, host);
    await answer.body?.cancel();
  }
});
