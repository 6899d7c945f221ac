/** Every operation is called, and what is sent and answered is held to the document. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest, type Ask, type TestApp } from "../test_app.ts";
import { readDocument } from "./test_document.ts";

const TOKEN = `ada@example.com:${["ATATT3x", "y".repeat(30)].join("")}`;

/** Calls operations by id as the document describes them, and remembers which were called. */
async function setup(app: TestApp) {
  const document = await (await app.ask("/api/v1/openapi.json", { role: "nobody" })).json();
  const described = readDocument(document);
  const called = new Set<string>();
  const { key } = await app.store.apiKeys.create({
    name: "test",
    role: "admin",
    createdBy: "admin@example.com",
    expiresAt: null,
  });
  return {
    document,
    described,
    called,
    key,
    // deno-lint-ignore no-explicit-any
    async call(id: string, given: Ask & { id?: string; query?: string } = {}): Promise<any> {
      const operation = described.operations.find((one) => one.id === id);
      assert.ok(operation, id);
      called.add(id);
      const query = new URLSearchParams(given.query ?? "");
      described.checkQuery(id, query);
      if (given.json !== undefined) described.checkBody(id, given.json);
      const path = operation.path.replace("{id}", given.id ?? "");
      const response = await app.ask(`/api/v1${path}${query.size ? `?${query}` : ""}`, {
        role: "nobody",
        method: operation.method,
        ...given,
        headers: { authorization: `Bearer ${key}`, ...given.headers },
      });
      const { status, headers } = response;
      return { status, headers, body: await described.checkAnswer(id, response) };
    },
  };
}

/** A workspace with two scanned repositories, one of them with two findings. */
async function scanned(app: TestApp) {
  const { store } = app;
  const { serverId, ids } = await addRepositories(store, ["app", "web"]);
  for (let i = 0; i < 2; i++) {
    const job = await claimed(store, "scan");
    if (job.repositoryId === ids.app) {
      await store.scans.record(job, [
        secret("one"),
        secret("two", {
          severity: "critical",
          place: { path: "=cmd|calc.env", authorName: "@SUM(A1)" },
        }),
      ], "history");
    }
    await store.scans.finish(job, COMPLETE);
  }
  return { serverId, ids };
}

appTest("every operation of the document answers as it says", async (app) => {
  const { call, called, described } = await setup(app);
  const selection = { mode: "all" };
  const made = await call("createServer", {
    json: { type: "bitbucket_cloud", workspace: "fresh", token: TOKEN, selection },
  });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get("location"), `/api/v1/servers/${made.body.id}`);
  assert.equal(made.body.state, "discovering");
  assert.ok(!JSON.stringify(made.body).includes("yyyyyyyy"));
  // Ended here, so that the next claim is for the workspace below.
  const discovery = await claimed(app.store, "discovery");
  await app.store.discoveries.finish(discovery, { found: 0, reported: 0 });

  const { serverId, ids } = await scanned(app);
  const list = await call("listServers", { query: "limit=1" });
  assert.equal(list.body.items.length, 1);
  const rest = await call("listServers", { query: `cursor=${list.body.next}` });
  assert.deepEqual([rest.body.items.length, rest.body.next], [1, null]);

  const read = await call("readServer", { id: serverId });
  assert.deepEqual(read.body.findings, { critical: 1, high: 1, medium: 0, low: 0 });
  assert.deepEqual(read.body.repositories, { selected: 2, total: 2 });

  const changed = await call("changeServer", {
    id: serverId,
    json: { paused: true, selection: { mode: "custom", repositories: ["{app}"] } },
  });
  assert.equal(changed.body.paused, true);
  assert.deepEqual(changed.body.selection.repositories, ["{app}"]);
  assert.deepEqual([changed.body.states.findings, changed.body.states.not_selected], [1, 1]);

  assert.equal((await call("discover", { id: serverId })).status, 202);

  const repositories = await call("listRepositories", { query: "sort=-findings&limit=1" });
  const [first] = repositories.body.items;
  assert.deepEqual([first.uuid, first.state, first.server.id], ["{app}", "findings", serverId]);
  assert.equal(repositories.body.counts.findings, 1);

  const rescan = await call("requestScan", { id: ids.app! });
  assert.equal((await call("requestScan", { id: ids.app! })).body.id, rescan.body.id);
  assert.equal((await call("cancelScan", { id: rescan.body.id })).status, 204);
  assert.equal((await app.store.repositories.find(ids.app!))?.state, "cancelled");

  const findings = await call("listFindings", { query: "severity=critical" });
  assert.equal(findings.body.items.length, 1);
  const [finding] = findings.body.items;
  assert.equal(finding.url, "https://bitbucket.org/acme/app/src/c1/%3Dcmd%7Ccalc.env#lines-3");
  const detail = await call("readFinding", { id: finding.id });
  assert.equal(detail.body.places.length, 1);
  const judged = await call("triageFinding", {
    id: finding.id,
    json: { state: "accepted", reason: "a demo" },
  });
  assert.equal(judged.body.state, "accepted");
  assert.equal(judged.body.triage.by, "API key test");

  const csv = await call("exportFindingsCsv", { query: "atTip=true" });
  assert.equal(csv.body.split("\r\n").length, 4);
  const sarif = JSON.parse((await call("exportFindingsSarif")).body);
  assert.equal(sarif.runs[0].results.length, 2);

  assert.equal((await call("removeServer", { id: serverId })).status, 204);
  assert.equal((await call("readServer", { id: serverId })).status, 404);
  assert.deepEqual([...called].sort(), described.operations.map(({ id }) => id).sort());
});

appTest("a workspace is connected once, and a failed check comes with the list", async (app) => {
  const { call } = await setup(app);
  const json = {
    type: "bitbucket_cloud",
    workspace: "acme",
    token: TOKEN,
    selection: { mode: "all" },
  };
  const checks = [{ id: "git", state: "failed", sentence: "Git refuses the token." }] as const;
  app.access.set("acme", { ok: false, checks: [...checks] });
  const failed = await call("createServer", { json });
  assert.equal(failed.status, 422);
  assert.match(failed.body.type, /#preflight-failed$/);
  assert.deepEqual(failed.body.checks, checks);
  assert.deepEqual(await app.store.servers.list(), []);

  app.access.delete("acme");
  const made = await call("createServer", { json });
  const again = await call("createServer", { json: { ...json, workspace: "ACME" } });
  assert.equal(again.status, 409);
  assert.deepEqual(again.body.server, { id: made.body.id, name: "ACME" });

  const password = await call("createServer", {
    json: { ...json, workspace: "other", token: ["ATBB", "x".repeat(32)].join("") },
  });
  assert.equal(password.status, 422);
  assert.match(password.body.checks[0].sentence, /app password/);
});

appTest("PATCH with a token that fails its checks changes nothing", async (app) => {
  const { call } = await setup(app);
  const { serverId } = await scanned(app);
  const before = await app.store.servers.find(serverId);
  app.access.set("acme", { ok: false, checks: [] });
  const answer = await call("changeServer", {
    id: serverId,
    json: { token: TOKEN, paused: true, selection: { mode: "all", exclude: ["web"] } },
  });
  assert.equal(answer.status, 422);
  assert.deepEqual(await app.store.servers.find(serverId), before);
  const unknown = await call("changeServer", {
    id: serverId,
    json: { selection: { mode: "custom", repositories: ["{nowhere}"] } },
  });
  assert.equal(unknown.status, 422);
  assert.match(unknown.body.errors[0].message, /\{nowhere\}/);
  assert.deepEqual(await app.store.servers.find(serverId), before);
});

appTest("lists page through everything once, in every order", async (app) => {
  const { call } = await setup(app);
  const slugs = Array.from({ length: 7 }, (_, i) => `r${i}`);
  await addRepositories(app.store, slugs);
  for (const sort of ["name", "-name", "findings", "-updated", "scanned"]) {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await call("listRepositories", {
        query: `sort=${sort}&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      });
      // deno-lint-ignore no-explicit-any
      seen.push(...body.items.map((one: any) => one.fullName));
      cursor = body.next;
    } while (cursor);
    assert.deepEqual([...seen].sort(), slugs.map((slug) => `acme/${slug}`), sort);
  }
});

appTest(
  "a finding has no address where its path would lead elsewhere, as the document allows",
  async (app) => {
    const { call } = await setup(app);
    await addRepositories(app.store, ["app"]);
    const astray = secret("x", { place: { path: "../../../evil/x/src/main/a.env" } });
    await app.store.scans.record(await claimed(app.store, "scan"), [astray], "history");
    const { items: [finding] } = (await call("listFindings")).body;
    assert.equal(finding.url, null);
    assert.equal(finding.firstSeen.path, "../../../evil/x/src/main/a.env");
    const detail = await call("readFinding", { id: finding.id });
    assert.equal(detail.body.url, null);
    assert.deepEqual(detail.body.places.map(({ url }: { url: unknown }) => url), [null]);
  },
);
