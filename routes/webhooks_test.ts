import assert from "node:assert/strict";
import { testRepository } from "@/lib/git/test_repository.ts";
import { silentLog } from "@/lib/log.ts";
import { localDoorbell } from "@/lib/doorbell/local.ts";
import { Hono } from "hono";
import { mainJob } from "@/workers/fake_main_job.ts";
import type { AppEnv } from "./deps.ts";
import { webhookRoutes } from "./webhooks.ts";

const SECRET = "a secret of the webhook";

async function setup() {
  const repository = await testRepository();
  await repository.commit({ files: { "a.txt": "text\n" } });
  const job = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await job.run(job.settled);
  await job.store.webhooks.save(job.serverId, { state: "manual", id: null, secret: SECRET });
  const doorbell = localDoorbell();
  let rings = 0;
  doorbell.answer(() => rings++);
  const app = new Hono<AppEnv>();
  app.route("/", webhookRoutes({ store: job.store, doorbell, log: silentLog }));
  const { rows: [row] } = await job.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  return {
    store: job.store,
    job,
    uuid: row!.uuid,
    repositoryId: row!.id,
    rings: () => rings,
    async post(body: string, options: { secret?: string; id?: string; event?: string } = {}) {
      const key = await crypto.subtle.importKey(
        "raw",
        new TextEncoder().encode(options.secret ?? SECRET),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      );
      const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body));
      const hex = Array.from(new Uint8Array(mac), (b) => b.toString(16).padStart(2, "0")).join("");
      return await app.request(`/webhooks/bitbucket-cloud/${job.serverId}`, {
        method: "POST",
        headers: {
          "X-Event-Key": options.event ?? "repo:push",
          "X-Request-UUID": options.id ?? crypto.randomUUID(),
          "X-Hub-Signature": `sha256=${hex}`,
        },
        body,
      });
    },
    async [Symbol.asyncDispose]() {
      await job[Symbol.asyncDispose]();
      await repository[Symbol.asyncDispose]();
    },
  };
}

function push(uuid: string): string {
  return JSON.stringify({
    repository: { uuid, full_name: "demo/one", name: "one" },
    push: {
      changes: [{
        old: { type: "branch", name: "main", target: { hash: "a".repeat(40) } },
        new: { type: "branch", name: "main", target: { hash: "b".repeat(40) } },
      }],
    },
  });
}

Deno.test("POST /webhooks asks for one scan of the pushed repository, however often it comes", async () => {
  await using app = await setup();
  const body = push(app.uuid);
  assert.deepEqual(await (await app.post(body, { id: "one" })).json(), { taken: "push" });
  assert.deepEqual(await (await app.post(body, { id: "one" })).json(), { taken: "before" });
  assert.deepEqual(await (await app.post(body, { id: "two" })).json(), { taken: "push" });
  const scans = await app.store.repositories.listScans(app.repositoryId, 10);
  assert.deepEqual(scans.map((scan) => scan.requestedBy), ["webhook", "discovery"]);
  assert.equal(app.rings(), 2);
});

Deno.test("POST /webhooks refuses a wrong signature and an unknown server alike, and does nothing", async () => {
  await using app = await setup();
  const answer = await app.post(push(app.uuid), { secret: "another" });
  assert.equal(answer.status, 401);
  assert.equal((await app.store.repositories.listScans(app.repositoryId, 10)).length, 1);
  assert.equal(app.rings(), 0);
});

Deno.test("POST /webhooks reads the list again for a new repository or an unknown one", async () => {
  await using app = await setup();
  const created = await app.post("{}", { event: "repo:created" });
  assert.deepEqual(await created.json(), { taken: "discovery" });
  const [newest] = await app.store.jobs.listDiscoveries(app.job.serverId, 1);
  assert.equal(newest!.state, "queued");
});

Deno.test("a push that comes while its scan runs is followed by another scan", async () => {
  await using app = await setup();
  await app.store.jobs.requestScan({ id: app.repositoryId, serverId: app.job.serverId }, {
    step: "history",
    priority: 10,
    by: "schedule",
  });
  await app.post(push(app.uuid));
  // The push came before the scan began: this one reads it already.
  await app.job.run(app.job.settled);
  assert.equal((await app.store.repositories.listScans(app.repositoryId, 10)).length, 2);

  const job = await (async () => {
    await app.job.dispatcher.stop();
    await app.store.jobs.requestScan({ id: app.repositoryId, serverId: app.job.serverId }, {
      step: "history",
      priority: 10,
      by: "schedule",
    });
    return (await app.store.jobs.claim("scan", "test"))!;
  })();
  await app.post(push(app.uuid));
  await app.store.scans.finish(job, {
    result: "complete",
    refs: [],
    headCommit: null,
    rulesVersion: "x",
    scope: "new",
  });
  const [next] = await app.store.repositories.listScans(app.repositoryId, 1);
  assert.equal(next!.requestedBy, "webhook");
  assert.equal(next!.state, "queued");
});
