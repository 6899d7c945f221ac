import assert from "node:assert/strict";
import { mainJob } from "@/workers/fake_main_job.ts";

const hooks = "POST /2.0/workspaces/demo/hooks";

Deno.test("the first discovery subscribes a webhook where the address can be reached", async () => {
  await using app = await mainJob({ repositories: [{ name: "one" }] }, {
    publicUrl: "https://sluice.example.com",
  });
  await app.run(app.settled);
  await app.run(async () => (await app.store.servers.find(app.serverId))!.webhookState !== null);
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.webhookState, "created");
  assert.notEqual(server!.webhookId, null);
  assert.equal(app.fake.count(hooks), 1);
  assert.equal((await app.store.webhooks.openSecret(server!))!.length >= 32, true);
});

Deno.test("without the right to it a secret is kept for a person to paste, and nothing fails", async () => {
  await using app = await mainJob({
    repositories: [{ name: "one" }],
    faults: [{ on: hooks, status: 403 }],
  }, { publicUrl: "https://sluice.example.com" });
  await app.run(app.settled);
  await app.run(async () => (await app.store.servers.find(app.serverId))!.webhookState !== null);
  const server = await app.store.servers.find(app.serverId);
  assert.equal(server!.webhookState, "manual");
  assert.equal(server!.state, "active");
});

Deno.test("without a public address no webhook is asked for", async () => {
  await using app = await mainJob({ repositories: [{ name: "one" }] });
  await app.run(app.settled);
  assert.equal(app.fake.count(hooks), 0);
});
