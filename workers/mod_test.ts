/** The main job without pages: a workspace is discovered, scanned, and survives what goes wrong. */

import assert from "node:assert/strict";
import { type TestRepository, testRepository } from "@/lib/git/test_repository.ts";
import { mainJob } from "@/workers/fake_main_job.ts";

async function leaky(): Promise<TestRepository> {
  const repository = await testRepository();
  const token = ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn8R"].join("");
  await repository.commit(
    { files: { "config.py": `TOKEN = "${token}"\n`, "README.md": "hello\n" } },
    { files: { "config.py": "TOKEN = read()\n" } },
  );
  return repository;
}

Deno.test("a workspace is discovered, scanned to the end, and its finding has its first commit", async () => {
  await using leak = await leaky();
  await using clean = await testRepository();
  await clean.commit({ files: { "a.txt": "nothing here\n" } });
  await using app = await mainJob({
    repositories: [
      { name: "leaky", git: leak.dir },
      { name: "clean", git: clean.dir },
      { name: "empty" },
    ],
  });
  await app.run(app.settled);
  assert.deepEqual(await app.states(), { leaky: "findings", clean: "clean", empty: "skipped" });
  const { rows: [finding] } = await app.store.findings.list({}, { limit: 10 });
  assert.equal(finding!.ruleId.startsWith("gitlab"), true);
  assert.equal(finding!.firstPath, "config.py");
  assert.equal(finding!.firstLine, 1);
  assert.equal(finding!.atTip, false);
  assert.equal(finding!.firstAuthor, "Ada");
  const first = (await leak.git(["rev-list", "--max-parents=0", "HEAD"])).trim();
  assert.equal(finding!.firstCommit, first);
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.state, "active");
  assert.equal(server!.foundCount, 3);
  assert.equal(server!.reportedCount, 3);
});

Deno.test("a rejected token stops the server and keeps its results; a new token goes on", async () => {
  await using leak = await leaky();
  await using app = await mainJob({ repositories: [{ name: "leaky", git: leak.dir }] });
  app.fake.credentials[0]!.expired = true;
  await app.run(async () => (await app.store.servers.find(app.serverId))!.attentionReason !== null);
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.state, "needs_attention");
  assert.equal(server!.attentionReason, "token_rejected");
  app.fake.credentials[0]!.expired = false;
  await app.store.servers.clearAttention(app.serverId);
  await app.store.jobs.hastenDiscovery(app.serverId);
  await app.run(app.settled);
  assert.deepEqual(await app.states(), { leaky: "findings" });
});

Deno.test("a rate limit in the middle of a discovery waits and goes on at the page where it was", async () => {
  await using clean = await testRepository();
  await clean.commit({ files: { "a.txt": "nothing here\n" } });
  await using app = await mainJob({
    repositories: Array.from({ length: 250 }, (_, i) => ({ name: `r${i}`, git: clean.dir })),
    faults: [{
      on: "GET /2.0/repositories/*",
      skip: 1,
      times: 1,
      status: 429,
      headers: { "Retry-After": "3" },
    }],
  });
  await app.run(async () => (await app.store.servers.find(app.serverId))!.state === "waiting");
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.discoveryWaitReason, "rate_limited");
  await app.run(async () => (await app.store.servers.find(app.serverId))!.foundCount === 250);
  assert.equal(app.fake.count("GET /2.0/repositories/demo"), 4);
});

Deno.test("quiet() waits for what a look that is under way claims", async () => {
  await using leak = await leaky();
  await using app = await mainJob({ repositories: [{ name: "leaky", git: leak.dir }] });
  // The look is asking the database when `quiet` begins, so that nothing runs yet.
  app.dispatcher.wake();
  await app.dispatcher.quiet(20_000);
  assert.deepEqual(await app.states(), { leaky: "findings" });
});
