/** What the page of one repository says in words. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

appTest("a skipped repository says exactly why, and nothing vaguer", async (app) => {
  const { store } = app;
  const { ids } = await addRepositories(store, ["a"]);
  await store.scans.finish(await claimed(store, "scan"), {
    ...COMPLETE,
    result: "skipped",
    leftOut: ["It is empty."],
  });
  const html = await (await app.ask(`/repositories/${ids.a}`)).text();
  const text = html.replaceAll(/<[^>]*>/g, " ");
  assert.match(text, /It is empty\./);
  assert.doesNotMatch(text, /left out by a limit/);
});

appTest(
  "a finding tells its places here from the other repositories of its secret",
  async (app) => {
    const { store } = app;
    const { ids } = await addRepositories(store, ["a", "b", "c"]);
    const scans = [1, 2, 3].map(() => claimed(store, "scan"));
    for (const scan of await Promise.all(scans)) {
      await store.scans.record(scan, [secret("one")], "history");
      await store.scans.finish(scan, COMPLETE);
    }
    const html = await (await app.ask(`/repositories/${ids.a}`)).text();
    assert.match(html, />1 place here, also in 2 other repositories</);
  },
);
