/** What the API refuses, and how it says so. */

import assert from "node:assert/strict";
import { newAccessKey } from "@/lib/access_key.ts";
import { addRepositories } from "@/lib/store/test_store.ts";
import { appTest, type Ask, type TestApp } from "../test_app.ts";
import { CALLS_PER_MINUTE } from "./caller.ts";

async function keyed(app: TestApp, role: "admin" | "viewer" = "admin") {
  const { id, key } = await app.store.apiKeys.create({
    name: "test",
    role,
    createdBy: "admin@example.com",
    expiresAt: null,
  });
  const ask = (path: string, options: Ask = {}) =>
    app.ask(`/api/v1${path}`, {
      role: "nobody",
      ...options,
      headers: { authorization: `Bearer ${key}`, ...options.headers },
    });
  return { id, ask };
}

async function problemOf(response: Response, status: number) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  return await response.json();
}

appTest("without a key or a session, and with a dead key, nothing is told", async (app) => {
  const nobody = await app.ask("/api/v1/servers", { role: "nobody" });
  assert.match(nobody.headers.get("www-authenticate") ?? "", /^Bearer/);
  await problemOf(nobody, 401);
  const headers = { authorization: `Bearer ${newAccessKey("api")}` };
  await problemOf(await app.ask("/api/v1/servers", { role: "admin", headers }), 401);
  const { id, ask } = await keyed(app);
  assert.equal((await ask("/servers")).status, 200);
  await app.store.apiKeys.revoke(id);
  await problemOf(await ask("/servers"), 401);
});

appTest("a viewer's key reads everything and changes nothing", async (app) => {
  const { ask } = await keyed(app, "viewer");
  const { serverId } = await addRepositories(app.store, ["app"]);
  assert.equal((await ask(`/servers/${serverId}`)).status, 200);
  for (
    const [method, path] of [
      ["POST", "/servers"],
      ["PATCH", `/servers/${serverId}`],
      ["DELETE", `/servers/${serverId}`],
      ["POST", `/servers/${serverId}/discoveries`],
      ["POST", "/repositories/x/scans"],
      ["DELETE", "/scans/x"],
      ["PATCH", "/findings/x"],
    ] as const
  ) {
    await problemOf(await ask(path, { method, json: {} }), 403);
  }
});

appTest("a change by cookie must come from a page of ours, and be JSON", async (app) => {
  const { serverId } = await addRepositories(app.store, ["app"]);
  const path = `/api/v1/servers/${serverId}`;
  const patch = (headers: Record<string, string>) =>
    app.ask(path, { method: "PATCH", json: { paused: true }, headers });
  await problemOf(await patch({ origin: "https://evil.example" }), 403);
  await problemOf(await patch({ origin: "null" }), 403);
  await problemOf(await patch({ "content-type": "text/plain" }), 415);
  assert.equal((await app.store.servers.find(serverId))?.pausedAt, null);
  assert.equal((await patch({})).status, 200);
  const viewer = await app.ask(path, { method: "DELETE", role: "viewer" });
  await problemOf(viewer, 403);
});

appTest("fields that are wrong, missing or unknown are named", async (app) => {
  const { ask } = await keyed(app);
  const wrong = await problemOf(
    await ask("/servers", {
      method: "POST",
      json: { type: "bitbucket_cloud", workspace: "a b", colour: 1, selection: { mode: "some" } },
    }),
    422,
  );
  const paths = wrong.errors.map((one: { path: string }) => one.path);
  assert.ok(paths.includes("body.workspace"), String(paths));
  assert.ok(paths.includes("body.token"), String(paths));
  assert.match(JSON.stringify(wrong.errors), /colour/);
  await problemOf(await ask("/repositories?limit=9999"), 400);
  await problemOf(await ask("/repositories?colour=red"), 400);
  await problemOf(await ask("/repositories?cursor=xyz"), 400);
  await problemOf(await ask("/findings?cursor=xyz"), 400);
  await problemOf(await ask("/servers?cursor=xyz"), 400);
  await problemOf(await ask("/nowhere"), 404);
  const put = await ask("/servers", { method: "PUT", json: {} });
  assert.equal(put.headers.get("allow"), "POST, GET");
  await problemOf(put, 405);
  await problemOf(await ask("/findings/nothing"), 404);
});

appTest("a token that is refused stands in no answer", async (app) => {
  const { ask } = await keyed(app);
  const secret = ["verysecret", "x".repeat(20)].join("");
  app.access.set("acme", { ok: false, checks: [] });
  const answer = await ask("/servers", {
    method: "POST",
    json: {
      type: "bitbucket_cloud",
      workspace: "acme",
      token: `ada@example.com:${secret}`,
      selection: { mode: "all" },
    },
  });
  assert.ok(!JSON.stringify(await problemOf(answer, 422)).includes(secret));
});

appTest("the limit of a minute is told with every answer and kept", async (app) => {
  const { id, ask } = await keyed(app);
  const first = await ask("/servers");
  assert.equal(first.headers.get("x-ratelimit-remaining"), String(CALLS_PER_MINUTE - 1));
  assert.equal(first.headers.get("ratelimit-policy"), `"minute";q=${CALLS_PER_MINUTE};w=60`);
  const minute = Math.floor(app.clock.now() / 60_000);
  await app.store.db.execute("UPDATE api_calls SET calls = ? WHERE key_id = ? AND minute = ?", [
    CALLS_PER_MINUTE,
    `key:${id}`,
    minute,
  ]);
  const over = await ask("/servers");
  assert.equal(over.headers.get("retry-after"), "60");
  assert.match((await problemOf(over, 429)).type, /#rate-limited$/);
  app.clock.advance(60_000);
  assert.equal((await ask("/servers")).status, 200);
});

appTest("an equal If-None-Match gets 304 until something changes", async (app) => {
  const { ask } = await keyed(app);
  const { serverId } = await addRepositories(app.store, ["app"]);
  const tag = (await ask(`/servers/${serverId}`)).headers.get("etag")!;
  const headers = { "if-none-match": `"other", W/${tag}` };
  const same = await ask(`/servers/${serverId}`, { headers });
  assert.deepEqual([same.status, await same.text()], [304, ""]);
  await app.store.servers.pause(serverId, true);
  assert.equal((await ask(`/servers/${serverId}`, { headers })).status, 200);
});

appTest("a POST with an Idempotency-Key is carried out once", async (app) => {
  const { ask } = await keyed(app);
  const { serverId } = await addRepositories(app.store, ["app"]);
  const post = (key: string, path: string, json: unknown = undefined) =>
    ask(path, { method: "POST", json, headers: { "idempotency-key": key } });
  const first = await post("k1", `/servers/${serverId}/discoveries`);
  const job = await app.store.jobs.claim("discovery", "test");
  await app.store.discoveries.finish(job!, { found: 1, reported: 1 });
  const second = await post("k1", `/servers/${serverId}/discoveries`);
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  assert.deepEqual(await second.json(), await first.json());
  assert.equal((await app.store.jobs.listDiscoveries(serverId, 9)).length, 2);
  assert.notDeepEqual(
    await (await post("k2", `/servers/${serverId}/discoveries`)).json(),
    await (await post("k1", `/servers/${serverId}/discoveries`)).json(),
  );
  const server = (workspace: string) => ({
    type: "bitbucket_cloud",
    workspace,
    token: `ada@example.com:${"x".repeat(24)}`,
    selection: { mode: "all" },
  });
  app.access.set("one", { ok: false, checks: [] });
  assert.equal((await post("k3", "/servers", server("one"))).status, 422);
  app.access.delete("one");
  const made = await post("k3", "/servers", server("one"));
  assert.equal(made.status, 201);
  const replayed = await post("k3", "/servers", server("one"));
  assert.equal(replayed.status, 201);
  assert.equal(replayed.headers.get("location"), made.headers.get("location"));
  const other = await problemOf(await post("k3", "/servers", server("two")), 422);
  assert.match(other.type, /#idempotency-key-reused$/);
});
