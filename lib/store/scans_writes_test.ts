/** What slices of a history write of the tip. */

import assert from "node:assert/strict";
import {
  addRepositories,
  claimed,
  COMPLETE,
  rowsOf,
  secret,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

async function theFinding(store: TestStore) {
  const { rows } = await store.findings.list({}, { limit: 10 });
  assert.equal(rows.length, 1);
  return rows[0]!;
}

storeTestOnBoth(
  "an older slice takes no place from the tip, which the last one looks at",
  async (store) => {
    const { ids, serverId } = await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    assert.ok(await store.scans.record(job, [secret("a")], "history"));
    assert.ok(await store.scans.finish(job, COMPLETE));
    store.clock.advance(1000);
    await store.jobs.requestScan({ id: ids.api!, serverId }, {
      step: "history",
      priority: 10,
      by: "person",
    });
    const again = await claimed(store, "scan");
    const old = secret("a", { atTip: false, place: { atTip: false } });
    assert.ok(await store.scans.record(again, [old], "slice"));
    assert.equal((await theFinding(store)).atTip, true);
    assert.deepEqual(await rowsOf(store.db, "SELECT at_tip FROM occurrences"), [{ at_tip: 1 }]);
  },
);

storeTestOnBoth(
  "a slice that brings a finding to the tip by a lesser place says so",
  async (store) => {
    await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    const first = secret("a", { atTip: false, place: { atTip: false } });
    assert.ok(await store.scans.record(job, [first], "slice"));
    const other = { path: "z.env", blob: "another", atTip: true };
    assert.ok(await store.scans.record(job, [secret("a", { place: other })], "slice"));
    const { atTip, occurrenceCount, firstPath } = await theFinding(store);
    assert.deepEqual([atTip, occurrenceCount, firstPath], [true, 2, "a.env"]);
  },
);

storeTestOnBoth(
  "a clock set back between slices leaves them one scan's, of which the first says what was first",
  async (store) => {
    const { clock } = store;
    await addRepositories(store, ["api"]);
    await store.clockSteps.note();
    const job = await claimed(store, "scan");
    const first = secret("a", { place: { commit: "older", date: 2000 } });
    assert.ok(await store.scans.record(job, [first], "slice"));
    assert.ok(await store.jobs.advance(job, "history", 30, "{}"));
    clock.advance(-24 * 60 * 60_000);
    assert.ok(await store.clockSteps.note() > 0);
    const later = await claimed(store, "scan");
    const second = secret("a", { place: { commit: "newer", date: 1000 } });
    assert.ok(await store.scans.record(later, [second], "slice"));
    assert.equal((await theFinding(store)).firstCommit, "older");
    const commits = await rowsOf(store.db, `SELECT "commit" FROM occurrences`);
    assert.deepEqual(commits, [{ commit: "older" }]);
  },
);

storeTestOnBoth(
  "what a rule no longer finds is gone when the scan knew of its change, and else not to be said",
  async (store) => {
    const { clock, customRules } = store;
    const rule = { name: "Door", keywords: ["door"], severity: "high", help: "" } as const;
    const { ids, serverId } = await addRepositories(store, ["api"]);
    await customRules.create("door", { ...rule, pattern: "door-[0-9]+" }, "ada@example.com");
    const first = await claimed(store, "scan");
    await store.scans.record(first, [secret("a", { ruleId: "custom-door" })], "history");
    await store.scans.finish(first, COMPLETE);

    for (const known of [false, true]) {
      clock.advance(1000);
      await store.jobs.requestScan({ id: ids.api!, serverId }, {
        step: "history",
        priority: 30,
        by: "rules",
      });
      const job = await claimed(store, "scan");
      clock.advance(1000);
      await customRules.update("door", { ...rule, pattern: "gate-[0-9]+" }, "ada@example.com");
      clock.advance(1000);
      await store.scans.finish(job, known ? { ...COMPLETE, rulesReadAt: clock.now() } : COMPLETE);
      const { atTip, missingAt } = await theFinding(store);
      assert.deepEqual([atTip, missingAt], known ? [false, clock.now()] : [true, null]);
    }
  },
);

storeTestOnBoth(
  "what the tip showed by a rule that was edited before the history was read is read again",
  async (store) => {
    const { clock, customRules } = store;
    const rule = { name: "Door", keywords: ["door"], severity: "high", help: "" } as const;
    await addRepositories(store, ["api"]);
    await customRules.create("door", { ...rule, pattern: "door-[0-9]+" }, "ada@example.com");
    clock.advance(1000);
    const tip = await claimed(store, "scan");
    await store.scans.record(tip, [secret("a", { ruleId: "custom-door" })], "tip");
    await store.jobs.advance(tip, "history", 30);
    clock.advance(1000);
    await customRules.update("door", { ...rule, pattern: "gate-[0-9]+" }, "ada@example.com");
    clock.advance(1000);
    const job = await claimed(store, "scan");
    await store.scans.finish(job, { ...COMPLETE, rulesReadAt: clock.now() });

    assert.equal(await store.jobs.rescanOutdated(COMPLETE.rulesVersion, 10), 1);
    clock.advance(1000);
    const again = await claimed(store, "scan");
    await store.scans.finish(again, { ...COMPLETE, rulesReadAt: clock.now() });
    const { atTip, missingAt } = await theFinding(store);
    assert.deepEqual([atTip, missingAt], [false, clock.now()]);
    assert.equal(await store.jobs.rescanOutdated(COMPLETE.rulesVersion, 10), 0);
  },
);
