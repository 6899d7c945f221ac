/** What a server's page tells of the time left, of its basis, and of the end. */

import assert from "node:assert/strict";
import { LIGHT_BYTES, PRIORITY } from "@/lib/store/job_moves.ts";
import {
  addRepositories,
  addServer,
  claimed,
  COMPLETE,
  discover,
  remote,
  secret,
} from "@/lib/store/test_store.ts";
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

const READING = { phase: "reading", objectsDone: 5, objectsTotal: 10, packBytes: 2048 };

appTest(
  "a scan tells its last sign of life, and is flagged past two minutes without",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["a"]);
    const job = await claimed(app.store, "scan");
    await app.store.jobs.beat(job, READING);
    const pages = async () =>
      await Promise.all(
        ["/repositories", `/repositories/${ids.a}`].map(async (path) =>
          (await (await app.ask(path)).text()).replaceAll(/<[^>]*>/g, "")
        ),
      );
    app.clock.advance(2 * 60_000);
    for (const text of await pages()) {
      assert.match(text, /5 of 10 objects, 2 KB/);
      assert.match(text, /last sign of life 2 min ago/);
      assert.doesNotMatch(text, /No progress/);
    }
    app.clock.advance(1);
    for (const text of await pages()) {
      assert.match(text, /No progress for 2 min/);
      assert.doesNotMatch(text, /last sign of life/);
    }
    await app.store.jobs.beat(job, READING);
    for (const text of await pages()) assert.match(text, /last sign of life just now/);
  },
);

appTest(
  "a scan that waits for Bitbucket is flagged before its silence ends it, and says when that is",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["a"]);
    const job = await claimed(app.store, "scan");
    const text = async () =>
      (await (await app.ask(`/repositories/${ids.a}/status`)).text()).replaceAll(/<[^>]*>/g, "");
    for (const phase of ["connecting", "fetching"]) {
      await app.store.jobs.beat(job, { phase, packBytes: 2048 });
      app.clock.advance(20_000);
      assert.match(await text(), /last sign of life/);
      app.clock.advance(20_000);
      assert.match(
        await text(),
        /No progress for 40 s; a connection that stays silent ends after 1 min and is tried again/,
      );
    }
    await app.store.jobs.beat(job, READING);
    app.clock.advance(40_000);
    assert.doesNotMatch(await text(), /No progress/);
  },
);

appTest("a scan that read more than is new, as the history was rewritten, says so", async (app) => {
  const { ids } = await addRepositories(app.store, ["a"]);
  const page = async () => await (await app.ask(`/repositories/${ids.a}`)).text();
  const end = async (fellBackToFull: boolean) => {
    const job = await claimed(app.store, "scan");
    assert.ok(await app.store.scans.finish(job, { ...COMPLETE, figures: { fellBackToFull } }));
  };
  await end(false);
  assert.doesNotMatch(await page(), /rewritten/);
  const repository = (await app.store.repositories.find(ids.a!))!;
  await app.store.jobs.requestScan(repository, { step: "history", priority: 25, by: "webhook" });
  await end(true);
  assert.match(
    await page(),
    /The history was rewritten: more than what is new had to be read\./,
  );
});

appTest("a pause for a rate limit says why and when it ends, wherever it is seen", async (app) => {
  const { store, clock } = app;
  const { serverId, ids } = await addRepositories(store, ["a"]);
  const until = clock.now() + 32 * 60_000;
  const time = new RegExp(`${new Date(until).toISOString().slice(11, 16)} UTC`);
  await store.jobs.snooze(await claimed(store, "scan"), until, "rate_limited");
  for (const path of ["/repositories", `/repositories/${ids.a}`]) {
    const html = await (await app.ask(path)).text();
    assert.match(html, /waiting/);
    assert.match(html, time);
    assert.match(html, /Bitbucket asked us to wait\./);
  }
  const server = async () =>
    (await (await app.ask(`/servers/${serverId}`)).text()).replaceAll(/<[^>]*>/g, "");
  await store.servers.wait(serverId, until);
  assert.match(await server(), new RegExp(`scans go on at ${time.source}`));
  clock.advance(60_000);
  await store.jobs.requestDiscovery(serverId, "person");
  await store.jobs.snooze(await claimed(store, "discovery"), until, "rate_limited");
  const html = await server();
  assert.match(html, new RegExp(`REST calls this hour\\s*; paused until ${time.source}`));
  const list = (await (await app.ask("/servers")).text()).replaceAll(/<[^>]*>/g, "");
  assert.match(list, new RegExp(`until ${time.source}`));
});

appTest(
  "the first scans are summed up: what was read, found and left out, and why",
  async (app) => {
    const { store } = app;
    const { serverId } = await addRepositories(store, ["a", "b", "c"]);
    const figures = { commits: 600, scannedBytes: 2 * 1024 * 1024 };
    const first = await claimed(store, "scan");
    await store.scans.record(first, [
      secret("one", { severity: "critical" }),
      secret("two", { severity: "critical" }),
      secret("three", { severity: "low" }),
    ], "history");
    await store.scans.finish(first, { ...COMPLETE, figures });
    const partly = await claimed(store, "scan");
    const leftOut = ["3 files larger than 25 MB were left out."];
    await store.scans.finish(partly, { ...COMPLETE, figures, result: "partial", leftOut });
    await store.jobs.fail(await claimed(store, "scan"), "not_found", "");
    const html = await (await app.ask(`/servers/${serverId}`)).text();
    const text = html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    assert.match(text, /All scans are over: 3 repositories, 1,200 commits, 4 MB of text read/);
    assert.match(text, /2 critical 1 low/);
    assert.match(text, /Not read whole, and why.*failed acme\/\w We cannot see this repository\./);
    assert.match(text, /partial acme\/\w 3 files larger than 25 MB were left out\./);
  },
);

appTest("a repository in line for its history says that its tip was read", async (app) => {
  const { store } = app;
  const serverId = await addServer(store);
  await discover(store, serverId, [remote("big", { sizeBytes: LIGHT_BYTES + 1 }), remote("small")]);
  const list = async () => await (await app.ask("/repositories")).text();
  assert.doesNotMatch(await list(), /Tip read/);
  const first = await claimed(store, "scan");
  const job = first.step === "tip" ? first : await claimed(store, "scan");
  assert.ok(await store.jobs.advance(job, "history", PRIORITY.history));
  const rows = (await list()).split("<tr ").filter((row) =>
    /Tip read; its history is next\./.test(row)
  );
  assert.equal(rows.length, 1);
  assert.match(rows[0]!, /acme\/big/);
});
