/** Every route of the app, asked by everybody in every way: a new one is asked without being named here. */

import assert from "node:assert/strict";
import { accessOf } from "./permissions.ts";
import { appTest, type TestApp } from "./test_app.ts";

interface Route {
  method: string;
  /** With its parameters filled in. */
  path: string;
}

/** What something is mounted at; middleware, which is mounted at everything, is not asked. */
function routesOf(app: TestApp): Route[] {
  const routes = new Map<string, Route>();
  for (const { method, path } of app.routes) {
    if (method === "ALL" || path.includes("*")) continue;
    const filled = path.replaceAll(/:\w+(\{[^}]*\})?/g, "none");
    routes.set(`${method} ${filled}`, { method, path: filled });
  }
  return [...routes.values()];
}

const isApi = ({ path }: Route) => path.startsWith("/api/");
const isUnsafe = ({ method }: Route) => !["GET", "HEAD", "OPTIONS"].includes(method);

/** The ways to send a change; each is to be refused where it is to be refused. */
const WAYS: Record<string, { type: string | null; headers: Record<string, string> }> = {
  "a form": { type: "application/x-www-form-urlencoded", headers: {} },
  "a form with a file": { type: "multipart/form-data; boundary=x", headers: {} },
  "plain text": { type: "text/plain", headers: {} },
  "htmx": {
    type: "application/x-www-form-urlencoded",
    headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
  },
  "JSON": { type: "application/json", headers: {} },
  "no body": { type: null, headers: {} },
};

function send(app: TestApp, route: Route, way: string, headers: Record<string, string>) {
  const { type, headers: own } = WAYS[way]!;
  return app.fetch(
    new Request(`http://sluice.test${route.path}`, {
      method: route.method,
      headers: { ...(type === null ? {} : { "content-type": type }), ...own, ...headers },
      ...(type === null || !isUnsafe(route) ? {} : { body: type.includes("json") ? "{}" : "a=b" }),
    }),
  );
}

function asRole(app: TestApp, role: "admin" | "viewer") {
  return { cookie: `${app.cookie.name}=${app.sessions[role]}` };
}

appTest("the app has its routes, and every one of them is asked", async (app) => {
  const routes = routesOf(app);
  assert.ok(routes.length > 60, `${routes.length}`);
  for (const path of ["/servers/none/removal", "/api/v1/servers/none", "/account/password"]) {
    assert.ok(routes.some((route) => route.path === path), path);
  }
  await Promise.resolve();
});

appTest("nobody who is not signed in gets beyond what is open to anyone", async (app) => {
  const wrong: string[] = [];
  for (const route of routesOf(app)) {
    if (accessOf(route.method, route.path) === "anyone") continue;
    for (const way of Object.keys(WAYS)) {
      const answer = await send(app, route, way, { origin: "http://sluice.test" });
      const signsIn = answer.headers.get("location")?.startsWith("/sign-in") ?? false;
      if (answer.status !== 401 && !(answer.status === 303 && signsIn)) {
        wrong.push(`${route.method} ${route.path} by ${way}: ${answer.status}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

appTest("a viewer is refused every change, by form, htmx and JSON alike", async (app) => {
  const wrong: string[] = [];
  let asked = 0;
  const before = app.store.writes;
  for (const route of routesOf(app).filter((one) => !isApi(one))) {
    if (accessOf(route.method, route.path) !== "admin") continue;
    for (const way of Object.keys(WAYS)) {
      const own = { origin: "http://sluice.test", ...asRole(app, "viewer") };
      const { status } = await send(app, route, way, own);
      if (status !== 403) wrong.push(`${route.method} ${route.path} by ${way}: ${status}`);
      asked++;
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(asked > 100, `${asked}`);
  assert.equal(app.store.writes, before);
});

appTest("a viewer is refused every change by the API, by cookie and by key", async (app) => {
  const { key } = await app.store.apiKeys.create({
    name: "reader",
    role: "viewer",
    createdBy: "test",
    expiresAt: null,
  });
  const wrong: string[] = [];
  for (const route of routesOf(app).filter((one) => isApi(one) && isUnsafe(one))) {
    const proofs: Record<string, Record<string, string>> = {
      cookie: { origin: "http://sluice.test", ...asRole(app, "viewer") },
      key: { authorization: `Bearer ${key}` },
    };
    for (const [proof, headers] of Object.entries(proofs)) {
      const { status } = await send(app, route, "JSON", headers);
      if (status !== 403) wrong.push(`${route.method} ${route.path} by ${proof}: ${status}`);
    }
  }
  assert.deepEqual(wrong, []);
});

appTest("an admin's browser changes nothing for a page of another site", async (app) => {
  const foreign: Record<string, Record<string, string>> = {
    "another origin": { origin: "https://evil.example" },
    "another origin that lies about the site": {
      origin: "https://evil.example",
      "sec-fetch-site": "same-origin",
    },
    "a neighbour": { origin: "http://other.sluice.test", "sec-fetch-site": "same-site" },
    "another port": { origin: "http://sluice.test:81" },
    "an opaque origin": { origin: "null" },
    "another site that hides its origin": { "sec-fetch-site": "cross-site" },
    "no word of where from": {},
  };
  const wrong: string[] = [];
  const before = app.store.writes;
  for (const route of routesOf(app).filter(isUnsafe)) {
    // Signed by the code server, and no cookie counts there.
    if (route.path.startsWith("/webhooks/")) continue;
    for (const way of Object.keys(WAYS)) {
      for (const [from, headers] of Object.entries(foreign)) {
        const { status } = await send(app, route, way, { ...headers, ...asRole(app, "admin") });
        if (status !== 403) {
          wrong.push(`${route.method} ${route.path} by ${way} of ${from}: ${status}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(app.store.writes, before);
});

appTest("no answer allows another site to read it, embeds aside", async (app) => {
  const wrong: string[] = [];
  for (const route of routesOf(app).filter((one) => !one.path.startsWith("/embed"))) {
    for (const method of [route.method, "OPTIONS"]) {
      const answer = await send(app, { ...route, method }, "no body", {
        origin: "https://evil.example",
        ...asRole(app, "admin"),
      });
      await answer.body?.cancel();
      if (answer.headers.has("access-control-allow-origin")) wrong.push(`${method} ${route.path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

appTest("every answer has the headers that keep a browser safe", async (app) => {
  const wrong: string[] = [];
  for (const route of [...routesOf(app), { method: "GET", path: "/nowhere" }]) {
    if (route.path.startsWith("/embed")) continue;
    const answer = await send(app, route, "no body", asRole(app, "admin"));
    await answer.body?.cancel();
    const policy = answer.headers.get("content-security-policy") ?? "";
    const lacks = [
      answer.headers.get("x-content-type-options") === "nosniff" ? "" : "nosniff",
      /default-src 'none'/.test(policy) ? "" : "default-src",
      /frame-ancestors 'none'/.test(policy) ? "" : "frame-ancestors",
      /unsafe|\*|http:/.test(policy) ? "a strict policy" : "",
      answer.headers.has("cache-control") || answer.status === 404 ? "" : "cache-control",
    ].filter((one) => one !== "");
    if (lacks.length > 0) wrong.push(`${route.method} ${route.path}: ${lacks.join(", ")}`);
  }
  assert.deepEqual(wrong, []);
});

appTest("a body above the limit is refused before it is read", async (app) => {
  for (const path of ["/sign-in", "/setup", "/findings/triage", "/api/v1/servers"]) {
    const answer = await app.fetch(
      new Request(`http://sluice.test${path}`, {
        method: "POST",
        headers: {
          origin: "http://sluice.test",
          "content-type": "application/x-www-form-urlencoded",
          "content-length": String(2 * 1024 * 1024),
          ...asRole(app, "admin"),
        },
        body: "a=" + "b".repeat(2 * 1024 * 1024),
      }),
    );
    assert.equal(answer.status, 413, path);
  }
});
