/** A finding that is to be fixed is unresolved as an open one is, wherever findings are counted. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

appTest("a finding to fix counts and is listed until it is resolved", async (app) => {
  const { store } = app;
  const { serverId, ids } = await addRepositories(store, ["a"]);
  const scan = await claimed(store, "scan");
  await store.scans.record(scan, [secret("one", { severity: "critical" })], "history");
  await store.scans.finish(scan, COMPLETE);
  const [finding] = (await store.findings.list({}, { limit: 1 })).rows;
  const judge = (state: "to_fix" | "revoked") =>
    store.findings.triage([finding!.id], state, { who: "ada@example.com", reason: "" });
  const text = async (path: string) =>
    (await (await app.ask(path)).text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

  await judge("to_fix");
  const repository = await text(`/repositories/${ids.a}`);
  assert.match(repository, /1 critical/);
  assert.match(repository, /one\.env:3/);
  assert.doesNotMatch(repository, /No unresolved finding/);
  assert.match(await text("/repositories"), /1 critical/);
  assert.match(await text(`/servers/${serverId}`), /1 critical/);
  assert.match(await text("/findings"), /Unresolved: .*1 critical/);
  const { findings } = await (await app.ask(`/api/v1/servers/${serverId}`)).json();
  assert.equal(findings.critical, 1);

  await judge("revoked");
  const resolved = await text(`/repositories/${ids.a}`);
  assert.match(resolved, /No unresolved finding/);
  assert.doesNotMatch(resolved, /one\.env/);
  assert.doesNotMatch(await text(`/servers/${serverId}`), /1 critical/);
});
