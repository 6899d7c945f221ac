/** What SQLite does for each page: steps along an index, never a sort or a read of the table. */

import assert from "node:assert/strict";
import type { InArgs } from "@libsql/client";
import type { Db } from "@/lib/store/db.ts";
import type { FindingFilter } from "@/lib/store/findings.ts";
import { createStore, type Store } from "@/lib/store/mod.ts";
import {
  keyTypeOf,
  REPOSITORY_SORTS,
  type RepositoryFilter,
  type RepositorySort,
} from "@/lib/store/repositories.ts";
import { addServer, rowsOf, storeTest, type TestStore } from "@/lib/store/test_store.ts";

/** Gives the plan of the last statement that `act` runs, a line a step. */
async function planOf(
  { db, clock, seal }: TestStore,
  act: (store: Store) => Promise<unknown>,
): Promise<string[]> {
  let last: [sql: string, args: InArgs] = ["", []];
  const spy: Db = {
    query: db.query,
    batch: db.batch,
    isCurrent: db.isCurrent,
    migrate: db.migrate,
    close: db.close,
    writes: 0,
    connection: 1,
    accessWrites: 0,
    shared: false,
    execute: (sql, args = []) => {
      last = [sql, args];
      return db.execute(sql, args);
    },
  };
  await act(createStore(spy, clock, seal));
  const { rows } = await db.execute(`EXPLAIN QUERY PLAN ${last[0]}`, last[1]);
  assert.ok(rows.length > 0);
  return rows.map((row) => String(row.detail));
}

const key = (sort: RepositorySort, filter: RepositoryFilter) => {
  const value = keyTypeOf(sort, filter) === "number" ? 1 : sort === "server" ? '["s","a"]' : "a";
  return btoa(encodeURIComponent(JSON.stringify([sort, value, "id", 0])));
};

const REPOSITORY_PAGES: [what: string, filter: RepositoryFilter, index: RegExp][] = [
  ["all", {}, /USING INDEX repositories_(name|weight|scanned|updated|rank)/],
  ["a server's", { serverId: "s" }, /repositories_server_\w+ \(server_id=\?/],
  ["a state's", { state: "clean" }, /repositories_state_\w+ \(state=\?/],
  ["a server's of a state", { serverId: "s", state: "clean" }, /_(server_)?state_\w+ \(.*state=\?/],
  ["a project's", { serverId: "s", projectKey: "P" }, /repositories_server_\w+ \(server_id=\?/],
];

for (const [what, filter, index] of REPOSITORY_PAGES) {
  storeTest(`a page of ${what} repositories steps along an index in every sort`, async (store) => {
    // By server the last query is that of one server, as in the next test.
    for (const sort of REPOSITORY_SORTS.filter((one) => one !== "server" || filter.serverId)) {
      for (const descending of [false, true]) {
        for (const at of [undefined, key(sort, filter)]) {
          const [first, ...rest] = await planOf(
            store,
            (store) => store.repositories.list(filter, { sort, descending, key: at, limit: 50 }),
          );
          const steps = `${sort} ${at ?? ""}: ${[first, ...rest].join("; ")}`;
          assert.match(first!, index, steps);
          assert.doesNotMatch(steps, /TEMP B-TREE|SCAN [sj]/, steps);
          const seeks = at === undefined || /(,id\)[<>]\(\?,\?\))/.test(first!);
          assert.ok(seeks, `the key is not sought: ${steps}`);
        }
      }
    }
  });
}

storeTest("a page by server steps along the server's index, from the key on", async (store) => {
  const serverId = await addServer(store);
  for (const filter of [{}, { state: "clean" }]) {
    for (const value of [undefined, JSON.stringify([serverId, "a"])]) {
      const at = value && btoa(encodeURIComponent(JSON.stringify(["server", value, "id", 0])));
      const plan = await planOf(
        store,
        (store) =>
          store.repositories.list(filter, {
            sort: "server",
            descending: false,
            key: at,
            limit: 50,
          }),
      );
      const steps = plan.join("; ");
      assert.match(plan[0]!, /repositories_server_\w+ \(server_id=\?/, steps);
      assert.doesNotMatch(steps, /TEMP B-TREE|SCAN [sj]/, steps);
      assert.ok(value === undefined || /,id\)>\(\?,\?\)/.test(plan[0]!), steps);
    }
  }
});

const FINDING_PAGES: [what: string, filter: FindingFilter, index: RegExp][] = [
  ["all", {}, /findings_rank/],
  ["a state's", { state: "open" }, /findings_state \(state=\?/],
  ["a severity's", { severity: "high" }, /findings_rank \(rank=\?/],
  [
    "a state's of a severity",
    { state: "open", severity: "high" },
    /findings_state \(state=\? AND rank=\?/,
  ],
  ["a rule's", { ruleId: "r" }, /findings_rule \(rule_id=\?/],
  ["a server's", { serverId: "s" }, /findings_server \(server_id=\?/],
  ["a server's of a state", { serverId: "s", state: "open" }, /findings_server_state \(server_id/],
  ["a server's of a severity", { serverId: "s", severity: "low" }, /findings_server \(server_id/],
  ["a repository's", { repositoryId: "r" }, /findings_repository \(repository_id=\?/],
  [
    "a repository's unresolved",
    { repositoryId: "r", unresolved: true },
    /findings_repository \(repository_id=\?/,
  ],
  [
    "a repository's open",
    { repositoryId: "r", state: "open" },
    /findings_repository_state \(repository_id=\?/,
  ],
  ["a secret's", { fingerprint: "f" }, /findings_fingerprint \(fingerprint=\?/],
  ["the tip's", { atTip: true, state: "open" }, /findings_state \(state=\?/],
];

for (const [what, filter, index] of FINDING_PAGES) {
  storeTest(`a page of ${what} findings steps along an index`, async (store) => {
    for (const at of [undefined, "4_1_id"]) {
      const [first, ...rest] = await planOf(
        store,
        (store) => store.findings.list(filter, { key: at, limit: 50 }),
      );
      const steps = [first, ...rest].join("; ");
      assert.match(first!, index, steps);
      // The distinct repositories of one secret are counted for the rows of the page alone.
      assert.doesNotMatch(steps, /TEMP B-TREE FOR (RIGHT PART OF )?ORDER BY/, steps);
      assert.ok(at === undefined || /,id\)<\(\?,\?(,\?)?\)/.test(first!), steps);
    }
  });
}

storeTest(
  "names are read from an index, in its order, and one name is sought there",
  async (store) => {
    for (const serverId of [undefined, "s"]) {
      const index = serverId
        ? /INDEX repositories_server_name \(server_id=\?/
        : /INDEX repositories_name/;
      const list = await planOf(store, (s) => s.repositoryNames.list("a", { serverId, limit: 20 }));
      assert.match(list[0]!, index);
      const find = await planOf(store, (s) => s.repositoryNames.find("acme/a", serverId));
      assert.match(find[0]!, index);
      assert.match(find[0]!, /full_name=\?/);
      assert.doesNotMatch([...list, ...find].join("; "), /TEMP B-TREE|SCAN s/);
    }
  },
);

storeTest("counts read the kept counts, and no repository or finding", async (store) => {
  const counts = [
    await planOf(store, (store) => store.repositories.countByState()),
    await planOf(store, (store) => store.repositories.countByState("s")),
    await planOf(store, (store) => store.findings.counts()),
    await planOf(store, (store) => store.findings.counts("s")),
    await planOf(store, (store) => store.repositories.changeNumber()),
  ].flat().join("; ");
  assert.match(counts, /state_counts_1 \(server_id=\?\).*finding_counts/);
  assert.doesNotMatch(counts, /repositories|findings_|SCAN (r|f|findings)\b/);
});

storeTest("what a poll asks for is found by key", async (store) => {
  const plan = await planOf(store, (store) => store.repositories.listChanged(["a"], 1));
  assert.match(plan[0]!, /SEARCH r USING INDEX sqlite_autoindex_repositories_1 \(id=\?\)/);
  assert.doesNotMatch(plan.join("; "), /SCAN (r|s|j)\b|TEMP B-TREE/);
});

storeTest("claim() finds the due job of each server by its index", async (store) => {
  for (const kind of ["scan", "discovery"] as const) {
    const plan = (await planOf(store, (store) => store.jobs.claim(kind, "x"))).join("; ");
    assert.match(plan, /SEARCH jobs USING INDEX jobs_due \(server_id=\? AND kind=\?/);
    assert.doesNotMatch(plan, /SCAN (j|jobs)\b/);
  }
});

storeTest("lost leases and a repository's scans are found by index", async (store) => {
  const [lost] = await rowsOf(
    store.db,
    "EXPLAIN QUERY PLAN UPDATE jobs SET beat_at = 1 WHERE state = 'running' AND lease_until < 5",
  );
  assert.match(String(lost!.detail), /jobs_lease/);
  const scans = await planOf(store, (store) => store.repositories.listScans("r", 5));
  assert.match(scans[0]!, /jobs_repository \(repository_id=\?\)/);
  const rules = await planOf(store, (store) => store.findings.listRuleIds());
  assert.match(rules.join("; "), /findings_rule \(rule_id>\?\)/);
});
