import assert from "node:assert/strict";
import {
  addRepositories,
  claimed,
  COMPLETE,
  rowsOf,
  secret,
  storeTestOnBoth,
} from "@/lib/store/test_store.ts";

storeTestOnBoth(
  "remove() leaves no row of a server in any table, and those of others",
  async (store) => {
    const one = await addRepositories(store, ["a", "b"], "acme");
    for (let i = 0; i < 2; i++) {
      const job = await claimed(store, "scan");
      assert.ok(await store.scans.record(job, [secret(`key-${i}`)], "history"));
      assert.ok(await store.scans.finish(job, COMPLETE));
    }
    const tables = (await rowsOf(
      store.db,
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`,
    )).map(({ name }) => String(name));
    const ids = [one.serverId, ...Object.values(one.ids)];
    const held = async () => {
      const found: string[] = [];
      for (const table of tables) {
        const text = JSON.stringify(await rowsOf(store.db, `SELECT * FROM "${table}"`));
        if (ids.some((id) => text.includes(id))) found.push(table);
      }
      return found;
    };
    for (
      const table of ["servers", "repositories", "jobs", "findings", "ref_tips", "state_counts"]
    ) {
      assert.ok((await held()).includes(table), `${table} holds something to remove`);
    }
    const other = await addRepositories(store, ["c"], "other");
    const occurrences = "SELECT count(*) AS n FROM occurrences";
    assert.equal((await rowsOf(store.db, occurrences))[0]!.n, 2);
    await store.servers.remove(one.serverId);
    assert.deepEqual(await held(), []);
    assert.equal((await rowsOf(store.db, occurrences))[0]!.n, 0);
    assert.ok(await store.servers.find(other.serverId));
    assert.ok(await store.repositories.find(other.ids.c!));
  },
);
