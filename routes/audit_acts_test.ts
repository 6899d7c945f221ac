/** What is done on pages stands in the audit log; what was refused or only looked at does not. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

async function logged(app: TestApp): Promise<[string, string | null, string | null][]> {
  const { rows } = await app.store.audit.list({}, { limit: 100 });
  return rows.map((row) => [row.action, row.target, row.detail] as const)
    .map(([action, target, detail]) => [action, target?.replace(/ \(\w+\)$/, "") ?? null, detail]);
}

appTest("each act on a page is one line, by whom and on what", async (app) => {
  const { store } = app;
  const { serverId, ids } = await addRepositories(store, ["app"]);
  const job = await claimed(store, "scan");
  await store.scans.record(job, [secret("one")], "history");
  await store.scans.finish(job, COMPLETE);
  const finding = (await store.findings.list({}, { limit: 1 })).rows[0]!.id;
  const server = `/servers/${serverId}`;
  const does = async (path: string, form: Record<string, string>, expected: unknown[]) => {
    app.clock.advance(1);
    const answer = await app.ask(path, { form });
    assert.ok(answer.status < 400, `${path}: ${answer.status}`);
    assert.deepEqual((await logged(app))[0], expected, path);
  };
  await does(`${server}/pause`, { paused: "yes" }, ["server.paused", "acme", null]);
  await does(`${server}/pause`, { paused: "no" }, ["server.resumed", "acme", null]);
  await does(`${server}/discoveries`, {}, ["discovery.requested", "acme", null]);
  await does("/scans", { repository: ids.app! }, ["scan.requested", "acme/app", null]);
  const scan = (await store.repositories.find(ids.app!))!.scan!.id;
  await does(`/scans/${scan}/cancellation`, {}, ["scan.cancelled", "acme/app", null]);
  await does(
    `/findings/${finding}/triage`,
    { state: "accepted", reason: "a demo" },
    ["finding.triaged", "aws-access-key in acme/app", "accepted: a demo"],
  );
  await does(
    "/findings/triage",
    { finding, state: "to_fix", reason: "" },
    ["finding.triaged", null, "1 finding, to_fix"],
  );
  await does(
    `${server}/selection`,
    { mode: "all", patterns: "!web-*", go: "next" },
    ["server.selection_changed", "acme", "all: !web-*"],
  );
  await does(`${server}/removal`, { sure: "yes" }, ["server.removed", "acme", null]);
  assert.equal((await logged(app)).length, 9);
});

appTest("what was refused, or only looked at, is no act", async (app) => {
  const { serverId } = await addRepositories(app.store, ["app"]);
  const server = `/servers/${serverId}`;
  await app.ask(`${server}/removal`, { form: { sure: "no" } });
  await app.ask(`${server}/token`, { form: { token: "" } });
  await app.ask(`${server}/pause`, { role: "viewer", form: { paused: "yes" } });
  await app.ask(`${server}/selection`, { form: { mode: "all", patterns: "", go: "search" } });
  await app.ask("/findings/nothing/triage", { form: { state: "open", reason: "" } });
  assert.deepEqual(await logged(app), []);
});

appTest("a token stands in no line of the log", async (app) => {
  const { serverId } = await addRepositories(app.store, ["app"]);
  const token = ["ATATT3x", "z".repeat(40)].join("");
  const answer = await app.ask(`/servers/${serverId}/token`, {
    form: { token: `ada@example.com:${token}`, expires: "" },
  });
  assert.equal(answer.status, 303);
  const lines = await logged(app);
  assert.deepEqual(lines, [["server.token_replaced", "acme", null]]);
});
