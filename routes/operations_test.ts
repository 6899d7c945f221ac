import assert from "node:assert/strict";
import { addRepositories } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

appTest(
  "GET /settings/operations shows what runs, what waits and why, and what failed",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["runs", "waits", "failed"]);
    for (const _ of Object.keys(ids)) {
      const job = (await app.store.jobs.claim("scan", "local:one"))!;
      if (job.repositoryId === ids.waits) {
        await app.store.jobs.retry(job, app.clock.now() + 60_000, "unavailable");
      } else if (job.repositoryId === ids.failed) {
        await app.store.jobs.fail(job, "not_found", "Cannot see it");
      }
    }
    const html = await (await app.ask("/settings/operations", { role: "viewer" })).text();
    assert.match(
      html,
      /Running.*runs.*local:one.*Waiting for another try.*waits.*Failed last.*failed/s,
    );
    assert.match(html, /Cannot see it/);
    assert.match(html, /0 of 1 scan threads/);
  },
);

appTest("GET /settings/operations says so when there is nothing", async (app) => {
  const html = await (await app.ask("/settings/operations")).text();
  assert.match(html, /Nothing is queued or running/);
  assert.match(html, /Nothing has failed/);
});
