import assert from "node:assert/strict";
import type { FindingFilter } from "@/lib/store/findings.ts";
import {
  addRepositories,
  addServer,
  claimed,
  COMPLETE,
  discover,
  remote,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

/** Three repositories of two servers with 40 findings, many of one instant. */
async function fill(store: TestStore): Promise<string> {
  const { serverId } = await addRepositories(store, ["api", "web"], "one");
  await discover(store, await addServer(store, "two"), [
    remote("cli", { fullName: "other/50%_off" }),
  ]);
  const severities = ["critical", "high", "medium", "low"] as const;
  for (let n = 0; n < 3; n++) {
    const job = await claimed(store, "scan");
    const secrets = Array.from(
      { length: 10 + n * 3 + (n === 2 ? 1 : 0) },
      (_, i) =>
        secret(`${i < 3 ? "shared" : n} ${i}`, {
          severity: severities[i % 4]!,
          ruleId: i % 3 ? "aws-access-key" : "jwt",
          atTip: i % 2 === 0,
          suppressedBy: i === 5 ? "inline comment" : null,
          place: { path: i === 7 ? "100%_sure/x.env" : `dir${i}/x.env` },
        }),
    );
    await store.scans.record(job, secrets.slice(0, 5), "history");
    store.clock.advance(1);
    await store.scans.record(job, secrets, "history");
    await store.scans.finish(job, COMPLETE);
  }
  return serverId;
}

const ALL = { limit: 500 };

storeTestOnBoth(
  "list() pages through every filter as the whole list reads, the worst and newest first",
  async (store) => {
    const serverId = await fill(store);
    const all = (await store.findings.list({}, ALL)).rows;
    assert.equal(all.length, 40);
    const order = ["low", "medium", "high", "critical"];
    const places = all.map((row) => [order.indexOf(row.severity), row.createdAt, row.id].join());
    assert.deepEqual(places, places.toSorted((a, b) => a < b ? 1 : -1));
    const repositoryId = all[0]!.repositoryId;
    const filters: [FindingFilter, (row: typeof all[number]) => boolean][] = [
      [{}, () => true],
      [{ state: "suppressed" }, (row) => row.state === "suppressed"],
      [{ severity: "high" }, (row) => row.severity === "high"],
      [{ ruleId: "jwt" }, (row) => row.ruleId === "jwt"],
      [{ serverId }, (row) => row.serverId === serverId],
      [
        { repositoryId, state: "open" },
        (row) => row.repositoryId === repositoryId && row.state === "open",
      ],
      [{ fingerprint: "print of shared 1" }, (row) => row.fingerprint === "print of shared 1"],
      [{ atTip: true }, (row) => row.atTip],
      [{ atTip: false, severity: "low" }, (row) => !row.atTip && row.severity === "low"],
      [{ search: "0%_S" }, (row) => row.firstPath.includes("0%_s")],
      [{ search: "50%_" }, (row) => row.repositoryFullName.startsWith("other/")],
      [{ search: "nowhere" }, () => false],
    ];
    for (const [filter, fits] of filters) {
      const expected = all.filter(fits).map((row) => row.id);
      const ids: string[] = [];
      let key: string | undefined;
      let pages = 0;
      do {
        const page = await store.findings.list(filter, { key, limit: 6 });
        ids.push(...page.rows.map((row) => row.id));
        key = page.next ?? undefined;
        pages++;
      } while (key);
      assert.deepEqual(ids, expected, JSON.stringify(filter));
      assert.equal(pages, Math.max(1, Math.ceil(expected.length / 6)));
    }
  },
);

storeTest("a key that is none gives the first page", async (store) => {
  await fill(store);
  const first = await store.findings.list({}, { limit: 5 });
  for (const key of ["", "x_y", "1", "'; --", "-1_a"]) {
    assert.deepEqual(await store.findings.list({}, { key, limit: 5 }), first, key);
  }
});

storeTest("list() gives at least one and at most 500 rows", async (store) => {
  await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  const secrets = Array.from({ length: 501 }, (_, i) => secret(`${i}`));
  await store.scans.record(job, secrets, "history");
  const page = await store.findings.list({}, { limit: 10_000 });
  assert.equal(page.rows.length, 500);
  assert.ok(page.next);
  assert.equal((await store.findings.list({}, { limit: 0 })).rows.length, 1);
});

storeTest(
  "find() tells a finding whole, and in how many repositories its secret stands",
  async (store) => {
    await fill(store);
    const { rows } = await store.findings.list({ fingerprint: "print of shared 1" }, ALL);
    assert.equal(rows.length, 3);
    const row = (await store.findings.find(rows[0]!.id))!;
    assert.deepEqual(row, rows[0]);
    assert.deepEqual(
      [
        row.repositoriesWithSecret,
        row.severity,
        row.confidence,
        row.reasons,
      ],
      [3, "high", "high", ["checksum fits"]],
    );
    assert.deepEqual(
      [row.firstCommit, row.firstPath, row.firstLine, row.firstAuthor, row.firstDate],
      ["c1", "dir1/x.env", 3, "Ada", 5000],
    );
    assert.equal(await store.findings.find("nobody"), null);
  },
);

storeTest(
  "listOccurrences() gives the places oldest first, those without a date last",
  async (store) => {
    await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    const places = [["b", 9], ["none", null], ["a", 2]] as const;
    await store.scans.record(job, [
      secret("a", {
        occurrenceCount: 3,
        occurrences: places.map(([path, date]) => ({
          ...secret("a").occurrences[0]!,
          path,
          date,
        })),
      }),
    ], "history");
    const [finding] = (await store.findings.list({}, ALL)).rows;
    assert.equal(finding!.occurrenceCount, 3);
    const read = await store.findings.listOccurrences(finding!.id, 10);
    assert.deepEqual(read.map((one) => one.path), ["a", "b", "none"]);
    const { id: _, ...first } = read[0]!;
    assert.deepEqual(first, {
      commit: "c1",
      path: "a",
      line: 3,
      column: 7,
      blob: "blob of a",
      author: "Ada",
      email: "ada@example.com",
      date: 2,
      atTip: true,
    });
    assert.equal((await store.findings.listOccurrences(finding!.id, 2)).length, 2);
  },
);

storeTestOnBoth("counts() counts by state and severity, of all servers or one", async (store) => {
  const serverId = await fill(store);
  const { rows } = await store.findings.list({}, ALL);
  const recount = (some: typeof rows) => {
    const counts = new Map<string, number>();
    for (const { state, severity } of some) {
      const name = `${state} ${severity}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].sort();
  };
  const kept = async (id?: string) =>
    (await store.findings.counts(id)).map((one): [string, number] => [
      `${one.state} ${one.severity}`,
      one.count,
    ]).sort();
  assert.deepEqual(await kept(), recount(rows));
  assert.deepEqual(await kept(serverId), recount(rows.filter((row) => row.serverId === serverId)));
});

storeTestOnBoth("triage() moves many at once, and tells who, when and why", async (store) => {
  await fill(store);
  const { rows } = await store.findings.list({ state: "open" }, { limit: 3 });
  const ids = rows.map((row) => row.id);
  store.clock.advance(5);
  const by = { who: "ada@example.com", reason: "a test's key" };
  await store.db.execute("UPDATE findings SET suppressed_by = 'its rule is switched off'");
  assert.equal(await store.findings.triage([...ids, "nobody"], "false_positive", by), 3);
  assert.equal(await store.findings.triage([], "accepted", by), 0);
  const moved = (await store.findings.list({ state: "false_positive" }, ALL)).rows;
  assert.deepEqual(moved.map((row) => row.id).sort(), ids.sort());
  for (const row of moved) {
    assert.deepEqual(
      [row.suppressedBy, row.triagedBy, row.triagedAt, row.triageReason],
      [null, by.who, store.clock.now(), by.reason],
    );
  }
});

storeTest("listRuleIds() gives each rule that has findings once, in order", async (store) => {
  assert.deepEqual(await store.findings.listRuleIds(), []);
  await fill(store);
  assert.deepEqual(await store.findings.listRuleIds(), ["aws-access-key", "jwt"]);
});
