import assert from "node:assert/strict";
import type { SecretToRecord } from "@/lib/store/scans.ts";
import {
  addRepositories,
  claimed,
  COMPLETE,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

/** A repository whose first scan is claimed. */
async function setup(store: TestStore) {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  const repository = { id: ids.api!, serverId };
  return { repository, serverId, job: await claimed(store, "scan") };
}

/** The only finding. */
async function theFinding(store: TestStore) {
  const { rows } = await store.findings.list({}, { limit: 10 });
  assert.equal(rows.length, 1);
  return rows[0]!;
}

const placesOf = (store: TestStore) =>
  rowsOf(
    store.db,
    `SELECT "commit", path, author, date, at_tip FROM occurrences ORDER BY date, id`,
  );

/** One whole scan that met `secrets`. */
async function scan(
  store: TestStore,
  repository: { id: string; serverId: string },
  secrets: readonly SecretToRecord[],
  scope: "history" | "new" = "history",
  result: "complete" | "partial" = "complete",
) {
  store.clock.advance(1000);
  await store.jobs.requestScan(repository, { step: "history", priority: 10, by: "person" });
  const job = await claimed(store, "scan");
  assert.ok(await store.scans.record(job, secrets, scope));
  assert.ok(await store.scans.finish(job, { ...COMPLETE, scope, result }));
}

storeTestOnBoth("record() twice doubles nothing, and renews the lease", async (store) => {
  const { job, repository } = await setup(store);
  const batch = [
    secret("a", {
      occurrenceCount: 2,
      occurrences: [...secret("a").occurrences, ...secret("b").occurrences],
    }),
    secret("c", { severity: "critical" }),
  ];
  assert.ok(await store.scans.record(job, batch, "history"));
  const read = async () => [
    await store.findings.list({}, { limit: 10 }),
    await placesOf(store),
    await store.findings.counts(),
    await store.repositories.listSlugs(repository.serverId),
  ];
  const before = await read();
  store.clock.advance(50_000);
  assert.ok(await store.scans.record(job, batch, "history"));
  assert.deepEqual(await read(), before);
  store.clock.advance(50_000);
  assert.deepEqual(await store.jobs.healLost(), { requeued: 0, setAside: 0 });
  const { critical, high, state } = (await store.repositories.find(repository.id))!;
  assert.deepEqual([critical, high, state], [1, 1, "scanning"]);
});

storeTest("record() of nothing is a sign of life too", async (store) => {
  const { job } = await setup(store);
  assert.ok(await store.scans.record(job, [], "tip"));
  assert.deepEqual(await placesOf(store), []);
});

storeTestOnBoth(
  "history after the tip replaces the place and fills author and date",
  async (store) => {
    const { job } = await setup(store);
    const place = { commit: "head", authorName: "Bob", authorEmail: "bob@example.com", date: 9000 };
    await store.scans.record(job, [secret("a", { place })], "tip");
    const early = await theFinding(store);
    assert.deepEqual(
      [early.firstCommit, early.firstAuthor, early.firstDate, early.atTip],
      ["head", null, null, true],
    );
    await store.scans.record(job, [secret("a")], "history");
    const late = await theFinding(store);
    assert.equal(late.id, early.id);
    assert.deepEqual(
      [late.firstCommit, late.firstAuthor, late.firstDate],
      ["c1", "Ada", 5000],
    );
    const emails = await rowsOf(store.db, "SELECT first_email FROM findings");
    assert.deepEqual(emails, [{ first_email: "ada@example.com" }]);
    assert.deepEqual(await placesOf(store), [
      { commit: "c1", path: "a.env", author: "Ada", date: 5000, at_tip: 1 },
    ]);
  },
);

storeTest(
  "a tip that is read again keeps the author and date that the history told",
  async (store) => {
    const { job } = await setup(store);
    await store.scans.record(job, [secret("a")], "history");
    const place = { commit: "head", authorName: "Bob", authorEmail: "b@example.com", date: 9000 };
    await store.scans.record(job, [secret("a", { place })], "tip");
    const { firstCommit, firstAuthor, firstDate } = await theFinding(store);
    assert.deepEqual([firstCommit, firstAuthor, firstDate], ["c1", "Ada", 5000]);
    const [place0] = await placesOf(store);
    assert.deepEqual([place0!.author, place0!.date], ["Ada", 5000]);
  },
);

storeTest(
  "what is new keeps the earlier first commit, and counts the places of both",
  async (store) => {
    const { job, repository } = await setup(store);
    await store.scans.record(job, [secret("a")], "history");
    await store.scans.finish(job, COMPLETE);
    const place = { commit: "c2", path: "b.env", blob: "other", date: 8000 };
    await scan(store, repository, [secret("a", { place })], "new");
    const finding = await theFinding(store);
    assert.deepEqual(
      [finding.firstCommit, finding.firstPath, finding.occurrenceCount, finding.atTip],
      ["c1", "a.env", 2, true],
    );
    assert.deepEqual((await placesOf(store)).map((one) => [one.commit, one.at_tip]), [
      ["c1", 1],
      ["c2", 1],
    ]);
  },
);

storeTest("what is new, but older than what is known, becomes the first", async (store) => {
  const { job, repository } = await setup(store);
  await store.scans.record(job, [secret("a")], "history");
  await store.scans.finish(job, COMPLETE);
  const place = { commit: "c0", path: "old.env", blob: "other", date: 1000, atTip: false };
  await scan(store, repository, [secret("a", { place, atTip: false })], "new");
  const finding = await theFinding(store);
  assert.deepEqual([finding.firstCommit, finding.firstDate, finding.atTip], ["c0", 1000, true]);
});

storeTest("a secret that left the tip is marked so at all its places", async (store) => {
  const { repository, job } = await setup(store);
  await store.scans.record(job, [secret("a")], "history");
  await store.scans.finish(job, COMPLETE);
  await scan(store, repository, [secret("a", { atTip: false })]);
  assert.equal((await theFinding(store)).atTip, false);
  assert.deepEqual((await placesOf(store)).map((one) => one.at_tip), [0]);
});

storeTest(
  "a revoked secret reopens when it returns to the tip, and not while it stays there",
  async (store) => {
    const { repository, job } = await setup(store);
    await store.scans.record(job, [secret("a")], "history");
    await store.scans.finish(job, COMPLETE);
    const { id } = await theFinding(store);
    await store.findings.triage([id], "revoked", { who: "ada", reason: "rotated" });
    await scan(store, repository, [secret("a")]);
    assert.equal((await theFinding(store)).state, "revoked");
    await scan(store, repository, [secret("a", { atTip: false })]);
    assert.equal((await theFinding(store)).state, "revoked");
    await scan(store, repository, [secret("a")]);
    const back = await theFinding(store);
    assert.deepEqual([back.state, back.triagedBy], ["open", "ada"]);
  },
);

storeTest("other judgements of a person survive every scan", async (store) => {
  const { repository, job } = await setup(store);
  await store.scans.record(job, [secret("a")], "history");
  await store.scans.finish(job, COMPLETE);
  const { id } = await theFinding(store);
  for (const state of ["to_fix", "false_positive", "accepted"] as const) {
    await store.findings.triage([id], state, { who: "ada", reason: "seen" });
    for (const atTip of [false, true]) {
      await scan(store, repository, [secret("a", { atTip, suppressedBy: "inline comment" })]);
      assert.equal((await theFinding(store)).state, state);
    }
  }
});

storeTest(
  "a suppressed secret is no open finding, and opens when the comment goes",
  async (store) => {
    const { repository, job } = await setup(store);
    await store.scans.record(job, [secret("a", { suppressedBy: "inline comment" })], "history");
    await store.scans.finish(job, COMPLETE);
    assert.equal((await store.repositories.find(repository.id))!.state, "clean");
    await scan(store, repository, [secret("a")]);
    // A file or a rule may suppress it as well: that is judged next, and nothing flickers.
    assert.equal((await theFinding(store)).state, "suppressed");
    await store.suppressions.apply({ repositoryId: repository.id });
    const finding = await theFinding(store);
    assert.deepEqual([finding.state, finding.suppressedBy], ["open", null]);
    assert.equal((await store.repositories.find(repository.id))!.state, "findings");
    await scan(store, repository, [secret("a", { suppressedBy: "inline comment" })]);
    assert.equal((await theFinding(store)).state, "suppressed");
  },
);

storeTestOnBoth(
  "a complete history marks what it did not meet as missing, until it is met again",
  async (store) => {
    const { repository, job } = await setup(store);
    await store.scans.record(job, [secret("a")], "history");
    await store.scans.finish(job, COMPLETE);
    await scan(store, repository, []);
    const missing = await theFinding(store);
    assert.deepEqual([missing.missingAt, missing.atTip], [store.clock.now(), false]);
    const since = store.clock.now();
    await scan(store, repository, []);
    assert.equal((await theFinding(store)).missingAt, since);
    await scan(store, repository, [secret("a")]);
    const met = await theFinding(store);
    assert.deepEqual([met.missingAt, met.atTip], [null, true]);
  },
);

for (const [scope, result] of [["history", "partial"], ["new", "complete"]] as const) {
  storeTest(`a ${result} reading of the ${scope} marks nothing as missing`, async (store) => {
    const { repository, job } = await setup(store);
    await store.scans.record(job, [secret("a")], "history");
    await store.scans.finish(job, COMPLETE);
    await scan(store, repository, [], scope, result);
    const { missingAt, atTip } = await theFinding(store);
    assert.deepEqual([missingAt, atTip], [null, true]);
  });
}

storeTestOnBoth(
  "finish() stores the ref tips of a complete scan, and of no other",
  async (store) => {
    const { repository, job } = await setup(store);
    assert.deepEqual(await store.scans.refTips(repository.id), []);
    await store.scans.finish(job, COMPLETE);
    assert.deepEqual(await store.scans.refTips(repository.id), COMPLETE.refs);
    assert.equal(await store.scans.finish(job, COMPLETE), false);
    store.clock.advance(1);
    await store.jobs.requestScan(repository, { step: "history", priority: 10, by: "person" });
    const next = await claimed(store, "scan");
    const refs = [{ name: "refs/heads/main", oid: "o2" }];
    await store.scans.finish(next, {
      ...COMPLETE,
      refs,
      headCommit: "o2",
      result: "partial",
      leftOut: ["2 blobs over 25 MB"],
      figures: { commits: 7 },
    });
    assert.deepEqual(await store.scans.refTips(repository.id), COMPLETE.refs);
    const row = (await store.repositories.find(repository.id))!;
    assert.deepEqual(
      [row.state, row.scannedCommit, row.scannedAt, row.scan!.leftOut, row.scan!.progress],
      ["partial", "o2", store.clock.now(), ["2 blobs over 25 MB"], { commits: 7 }],
    );
    await store.scans.forgetRefTips(repository.id);
    assert.deepEqual(await store.scans.refTips(repository.id), []);
  },
);

storeTest("finish() of a scan cancelled in the same instant stores nothing", async (store) => {
  const { repository, job } = await setup(store);
  await store.jobs.cancel(job.id);
  assert.equal(await store.scans.finish(job, COMPLETE), false);
  assert.deepEqual(await store.scans.refTips(repository.id), []);
  assert.equal((await store.repositories.find(repository.id))!.scannedAt, 0);
});
