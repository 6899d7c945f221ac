/** The webhook of a server on its pages, and its end with the server. */

import assert from "node:assert/strict";
import { silentLog } from "@/lib/log.ts";
import { addServer } from "@/lib/store/test_store.ts";
import { mainJob } from "@/workers/fake_main_job.ts";
import { removeServer } from "./server_removal.ts";
import { appTest } from "./test_app.ts";

appTest("an admin sets up a webhook by hand, and a viewer never sees its secret", async (app) => {
  const id = await addServer(app.store);
  assert.match(await (await app.ask(`/servers/${id}`)).text(), /Set up a webhook/);
  const made = await app.ask(`/servers/${id}/webhook`, { form: {} });
  assert.equal(made.headers.get("location"), `/servers/${id}/webhook`);
  const html = await (await app.ask(`/servers/${id}/webhook`)).text();
  const secret = await app.store.webhooks.openSecret((await app.store.servers.find(id))!);
  assert.ok(html.includes(secret!));
  assert.ok(html.includes(`/webhooks/bitbucket-cloud/${id}`));
  assert.match(html, /cannot reach this\s+one/);

  const again = await app.ask(`/servers/${id}/webhook`, { form: {} });
  assert.equal(again.status, 303);
  const kept = await app.store.webhooks.openSecret((await app.store.servers.find(id))!);
  assert.equal(kept, secret);
  const viewer = await app.ask(`/servers/${id}/webhook`, { role: "viewer" });
  assert.equal(viewer.status, 403);
  assert.ok(!(await viewer.text()).includes(secret!));
  const page = await (await app.ask(`/servers/${id}`, { role: "viewer" })).text();
  assert.doesNotMatch(page, /Set up a webhook/);
});

Deno.test("removeServer() ends the webhook that was made, and all that was kept", async () => {
  await using job = await mainJob({ repositories: [{ name: "one" }] }, {
    publicUrl: "https://sluice.example.com",
  });
  await job.run(job.settled);
  await job.run(async () => (await job.store.servers.find(job.serverId))!.webhookId !== null);
  await job.dispatcher.stop();
  const deps = { store: job.store, openServer: job.openServer, log: silentLog };
  await removeServer(deps, (await job.store.servers.find(job.serverId))!);
  assert.equal(job.fake.count("DELETE /2.0/workspaces/demo/hooks/*"), 1);
  assert.equal(await job.store.servers.find(job.serverId), null);
  assert.deepEqual((await job.store.findings.list({}, { limit: 1 })).rows, []);
});

Deno.test("removeServer() removes a server whose token no longer works", async () => {
  await using job = await mainJob({ repositories: [{ name: "one" }] }, {
    publicUrl: "https://sluice.example.com",
  });
  await job.run(job.settled);
  await job.run(async () => (await job.store.servers.find(job.serverId))!.webhookId !== null);
  await job.dispatcher.stop();
  job.fake.credentials[0]!.expired = true;
  const deps = { store: job.store, openServer: job.openServer, log: silentLog };
  await removeServer(deps, (await job.store.servers.find(job.serverId))!);
  assert.equal(await job.store.servers.find(job.serverId), null);
});
