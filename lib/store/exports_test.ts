import assert from "node:assert/strict";
import { OF_INSTANCE, OF_SERVER, OF_WORK } from "@/lib/store/exports.ts";
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

async function exported(store: TestStore, serverId: string) {
  const rows = await Array.fromAsync(store.exports.rows(serverId));
  return Map.groupBy(rows, ({ table }) => table);
}

storeTest(
  "every table is exported, or named as one of the instance or of work under way",
  async ({ db }) => {
    const tables = (await rowsOf(
      db,
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
       AND name NOT LIKE '\\_\\_%' ESCAPE '\\'`,
    )).map(({ name }) => String(name));
    assert.deepEqual([...Object.keys(OF_SERVER), ...OF_WORK, ...OF_INSTANCE].sort(), tables.sort());
  },
);

storeTest(
  "no exported column is sealed or a key's hash, and each that names a server is read by it",
  async ({ db }) => {
    for (const [table, { omit = [] }] of Object.entries(OF_SERVER)) {
      const columns = (await rowsOf(db, `SELECT name FROM pragma_table_xinfo('${table}')`))
        .map(({ name }) => String(name));
      assert.deepEqual(
        columns.filter((name) => /sealed|hash|password|token$|credential_key/.test(name)),
        [...omit],
        table,
      );
    }
    for (const table of OF_INSTANCE) {
      const columns = await rowsOf(db, `SELECT name FROM pragma_table_xinfo('${table}')`);
      assert.deepEqual(
        columns.filter(({ name }) => /server_id|repository_id/.test(String(name))),
        [],
      );
    }
  },
);

storeTestOnBoth(
  "rows() gives all rows of a server, and none of others, in pages",
  async (store) => {
    const many = Array.from({ length: 1_100 }, (_, index) => `r-${index}`);
    const one = await addRepositories(store, many, "acme");
    const other = await addRepositories(store, ["b"], "other");
    for (let scans = 0; scans < 3; scans++) {
      const job = await claimed(store, "scan");
      assert.ok(await store.scans.record(job, [secret(`key-${scans}`)], "history"));
      assert.ok(await store.scans.finish(job, COMPLETE));
    }
    await store.audit.add({
      who: "ada",
      action: "server.connected",
      target: `ACME (${one.serverId})`,
      detail: null,
    });
    const note = (action: string, target: string | null) =>
      store.audit.add({ who: "ada", action, target, detail: null });
    await note("signed in", null);
    await note("triaged", "rule in acme/r-1 (0123456789abcdefghij)");
    await note("server.removed", "acme-two (0123456789abcdefghij)");
    const rows = await exported(store, one.serverId);
    for (const table of ["servers", "repositories", "jobs", "findings", "occurrences"]) {
      const by = table === "servers" ? "id" : "server_id";
      const where = table === "occurrences"
        ? `finding_id IN (SELECT id FROM findings WHERE server_id = '${one.serverId}')`
        : `${by} = '${one.serverId}'`;
      const [count] = await rowsOf(store.db, `SELECT count(*) AS n FROM ${table} WHERE ${where}`);
      assert.equal(rows.get(table)?.length ?? 0, count!.n, table);
    }
    assert.equal(rows.get("repositories")!.length, 1_100);
    assert.deepEqual(rows.get("audit_log")!.map(({ row }) => row.action), [
      "server.connected",
      "triaged",
    ]);
    const text = JSON.stringify([...rows.values()]);
    assert.doesNotMatch(text, new RegExp(other.serverId));
    const [server] = await rowsOf(store.db, `SELECT sealed_secret AS sealed FROM servers LIMIT 1`);
    assert.ok(!text.includes(String(server!.sealed)));
  },
);
