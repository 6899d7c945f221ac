/** The main job without pages: a workspace is discovered, scanned, and survives what goes wrong. */

import assert from "node:assert/strict";
import { systemClock } from "@/lib/clock.ts";
import {
  fakeBitbucketCloud,
  type FakeSetup,
} from "@/lib/codeserver/bitbucket_cloud/fake_server.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { type TestRepository, testRepository } from "@/lib/git/test_repository.ts";
import { silentLog } from "@/lib/log.ts";
import { createSeal } from "@/lib/seal.ts";
import { openStore } from "@/lib/store/mod.ts";
import { readLimits } from "@/workers/limits.ts";
import { createDispatcher } from "@/workers/mod.ts";
import { createOpener } from "@/workers/open_server.ts";
import { createInPlacePool } from "@/workers/pool.ts";

const SECRET = ["ATATT3x", "F".repeat(40)].join("");

async function setup(fakeSetup: FakeSetup) {
  const dir = await Deno.makeTempDir();
  const fake = fakeBitbucketCloud({
    credentials: [{ kind: "api_token", secret: SECRET, email: "ada@example.org" }],
    ...fakeSetup,
  });
  const running = fake.serve();
  const seal = await createSeal(crypto.getRandomValues(new Uint8Array(32)));
  const store = await openStore({ url: `file:${dir}/test.db`, seal });
  const opener = createOpener({
    store,
    clock: systemClock,
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
  });
  const threads = createInPlacePool({ threads: 2 });
  const dispatcher = createDispatcher({
    store,
    clock: systemClock,
    log: silentLog,
    threads,
    limits: readLimits({ maxPackBytes: 1e9, maxBlobBytes: 1e7 }),
    spoolDir: null,
    fingerprintKey: seal.fingerprintKey,
    rulesVersion: RULES_VERSION,
    openServer: opener.openServer,
    owner: "test",
  });
  const workspace = fake.state.workspaces.get("demo")!;
  const serverId = await store.servers.create({
    draftId: null,
    type: "bitbucket_cloud",
    workspace: { slug: "demo", uuid: workspace.uuid, name: "Demo" },
    credential: { kind: "api_token", user: "ada@example.org", secret: SECRET },
    tokenExpiresAt: null,
  });
  await store.jobs.requestDiscovery(serverId, "wizard");
  const states = async () => {
    const { rows } = await store.repositories.list({}, {
      sort: "name",
      descending: false,
      limit: 100,
    });
    return Object.fromEntries(rows.map((row) => [row.slug, row.state]));
  };
  return {
    fake,
    store,
    serverId,
    dispatcher,
    states,
    /** Runs until `enough`, at most 20 seconds. */
    async run(enough: () => Promise<boolean>) {
      dispatcher.wake();
      for (let i = 0; i < 400; i++) {
        if (await enough()) return;
        await systemClock.sleep(50);
      }
      assert.fail(`still not there: ${JSON.stringify(await states())}`);
    },
    async settled() {
      const counts = await store.repositories.countByState();
      const open = ["queued", "scanning", "waiting"].some((state) => counts[state]);
      const server = await store.servers.find(serverId);
      return !open && server!.discoveryState === "succeeded";
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.stop();
      await threads.close();
      await fake.close();
      store.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

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
  await using app = await setup({
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
  await using app = await setup({ repositories: [{ name: "leaky", git: leak.dir }] });
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
  await using app = await setup({
    repositories: Array.from({ length: 250 }, (_, i) => ({ name: `r${i}`, git: clean.dir })),
    faults: [{
      on: "GET /2.0/repositories/*",
      skip: 1,
      times: 1,
      status: 429,
      headers: { "Retry-After": "1" },
    }],
  });
  await app.run(async () => (await app.store.servers.find(app.serverId))!.state === "waiting");
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.discoveryWaitReason, "rate_limited");
  await app.run(async () => (await app.store.servers.find(app.serverId))!.foundCount === 250);
  assert.equal(app.fake.count("GET /2.0/repositories/demo"), 4);
});
