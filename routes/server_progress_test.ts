/** What a server's page tells of the time left, of its basis, and of the end. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

appTest(
  "a server's page estimates the time left, names its basis, and sums up at the end",
  async (app) => {
    const { serverId } = await addRepositories(app.store, ["a", "b", "c", "d", "e"]);
    const page = async () => await (await app.ask(`/servers/${serverId}`)).text();
    const scan = async () => {
      app.clock.advance(30_000);
      assert.ok(await app.store.scans.finish(await claimed(app.store, "scan"), COMPLETE));
    };
    for (let count = 0; count < 2; count++) await scan();
    assert.doesNotMatch(await page(), /left, at/);
    for (let count = 0; count < 2; count++) await scan();
    const html = await page();
    assert.match(html, /4 of 5 repositories\s+scanned/);
    assert.match(html, /about 30 s left, at 2 repositories a minute/);
    assert.doesNotMatch(html, /All scans are over/);
    await scan();
    const over = await page();
    assert.match(over, /All scans are over: 5 repositories/);
    assert.doesNotMatch(over, /left, at/);
  },
);
