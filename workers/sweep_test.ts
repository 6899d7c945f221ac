import assert from "node:assert/strict";
import { testRepository } from "@/lib/git/test_repository.ts";
import { silentLog } from "@/lib/log.ts";
import { mainJob } from "@/workers/fake_main_job.ts";
import { sweep } from "./sweep.ts";

Deno.test("sweep() sends what other rules have read to be read again, behind everything else", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "a.txt": "text\n" } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await app.dispatcher.stop();
  const deps = { store: app.store, log: silentLog, rulesVersion: "newer", vitals: app.vitals };
  await sweep(deps);
  await sweep(deps);
  const { rows: [row] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  assert.equal(row!.outdatedReason, "rules");
  const scans = await app.store.repositories.listScans(row!.id, 10);
  assert.deepEqual(scans.map((scan) => scan.requestedBy), ["rules", "discovery"]);
});

Deno.test("sweep() asks for a discovery only of servers whose list is due", async () => {
  await using app = await mainJob({ repositories: [{ name: "one" }] });
  await app.run(app.settled);
  await sweep({ store: app.store, log: silentLog, rulesVersion: "x", vitals: app.vitals });
  assert.equal((await app.store.jobs.listDiscoveries(app.serverId, 10)).length, 1);
});
