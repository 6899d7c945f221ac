/** What the list of findings says of how many there are. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

appTest(
  "a page of findings says which they are, and of how many where that is known",
  async (app) => {
    const { store } = app;
    await addRepositories(store, ["a"]);
    const scan = await claimed(store, "scan");
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    await store.scans.record(scan, names.map((name) => secret(name)), "history");
    await store.scans.finish(scan, COMPLETE);
    const pager = async (path: string) => {
      const html = await (await app.ask(path)).text();
      const [, range] = /<nav class="pager"[^>]*><span class="num">([^<]*)</.exec(html) ?? [];
      const [, next] = /href="([^"]*)"[^>]*>\s*Next page/.exec(html) ?? [];
      return { range, next: next?.replaceAll("&amp;", "&") };
    };
    const first = await pager("/findings");
    assert.equal(first.range, "1–50 of 60");
    assert.equal((await pager(first.next!)).range, "10 shown of 60");
    // Under a narrower filter nobody has counted them.
    const narrowed = await pager("/findings?severity=high");
    assert.equal(narrowed.range, "50 shown");
    assert.equal((await pager(narrowed.next!)).range, "10 shown");
    assert.equal((await pager("/findings?rule=other")).range, undefined);
    const secrets = await pager("/findings?group=secret");
    assert.equal(secrets.range, "1–50");
    assert.equal((await pager(secrets.next!)).range, "51–60 of 60");
    await store.findings.triage(
      [(await store.findings.list({}, { limit: 1 })).rows[0]!.id],
      "to_fix",
      {
        who: "ada@example.com",
        reason: "",
      },
    );
    assert.equal((await pager("/findings?state=to_fix")).range, "1 finding");
  },
);
