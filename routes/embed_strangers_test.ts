/** What strangers' made-up embed keys cost: nothing that is kept, and no other key's answer. */

import assert from "node:assert/strict";
import { newAccessKey } from "@/lib/access_key.ts";
import { addRepositories } from "@/lib/store/test_store.ts";
import { appTest, countQueries, type TestApp } from "./test_app.ts";

function bare(app: TestApp, path: string, key: string): Promise<Response> {
  return app.ask(`/embed${path}?key=${key}`, { role: "nobody" });
}

async function makeKey(app: TestApp) {
  return await app.store.embedKeys.create({
    name: "Portal",
    serverIds: [],
    repositoryIds: [],
    origins: [],
    showCounts: true,
    createdBy: "admin@example.com",
    expiresAt: null,
  });
}

appTest(
  "a key without a key's form is unknown, without a question to the database",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["app"]);
    for (const key of ["x", "k".repeat(60_000), newAccessKey("api"), `${newAccessKey("embed")}0`]) {
      const asked = await countQueries(app, async () => {
        const answer = await bare(app, `/repositories/${ids.app}/status.json`, key);
        assert.equal(answer.status, 403);
        assert.match(await answer.text(), /This embed key is unknown/);
      });
      assert.equal(asked, 0, key.slice(0, 50));
    }
  },
);

appTest(
  "an id longer than any of ours is refused, without a question to the database",
  async (app) => {
    const { key } = await makeKey(app);
    const asked = await countQueries(app, async () => {
      const answer = await bare(app, `/repositories/${"r".repeat(41)}/status.json`, key);
      assert.equal(answer.status, 404);
      await answer.body?.cancel();
    });
    assert.equal(asked, 0);
  },
);

appTest("made-up keys push no good key's answer out of memory", async (app) => {
  const { ids } = await addRepositories(app.store, ["app"]);
  const { key } = await makeKey(app);
  const path = `/repositories/${ids.app}/status.json`;
  // The first use of the minute is noted, which is a write: the second is what stays.
  for (let time = 0; time < 2; time++) assert.equal((await bare(app, path, key)).status, 200);
  for (let round = 0; round < 42; round++) {
    await Promise.all(Array.from({ length: 100 }, async (_, at) => {
      const madeUp = at % 2 === 0 ? newAccessKey("embed") : `${round}-${at}`;
      const answer = await bare(app, path, madeUp);
      assert.equal(answer.status, 403);
      await answer.body?.cancel();
    }));
  }
  const asked = await countQueries(app, async () => {
    assert.equal((await bare(app, path, key)).status, 200);
  });
  assert.equal(asked, 0);
});
