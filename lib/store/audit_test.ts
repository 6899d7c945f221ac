import assert from "node:assert/strict";
import { storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth("audit.list() pages newest first, every entry once", async (store) => {
  for (let i = 0; i < 7; i++) {
    await store.audit.add({ who: "ada@example.com", action: "thing.made", target: `t${i}` });
    if (i % 2) store.clock.advance(1);
  }
  const seen: (string | null)[] = [];
  let key: string | undefined;
  do {
    const page = await store.audit.list({}, { key, limit: 2 });
    seen.push(...page.rows.map((row) => row.target));
    key = page.next ?? undefined;
  } while (key);
  assert.deepEqual([...seen].sort(), ["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
  assert.equal(seen[0], "t6");
});

storeTestOnBoth("audit.list() narrows by action, time and part of a text", async (store) => {
  const { audit, clock } = store;
  const start = clock.now();
  await audit.add({ who: "ada@example.com", action: "a.made", target: "100% sure" });
  clock.advance(10);
  await audit.add({ who: "bob@example.com", action: "b.made", detail: "by hand", address: "::1" });
  const targets = async (filter: Parameters<typeof audit.list>[0]) =>
    (await audit.list(filter, { limit: 10 })).rows.map((row) => row.action);
  assert.deepEqual(await targets({ action: "a.made" }), ["a.made"]);
  assert.deepEqual(await targets({ search: "0%" }), ["a.made"]);
  assert.deepEqual(await targets({ search: "hand" }), ["b.made"]);
  assert.deepEqual(await targets({ search: "b_b@" }), []);
  assert.deepEqual(await targets({ from: start + 10 }), ["b.made"]);
  assert.deepEqual(await targets({ until: start + 10 }), ["a.made"]);
  assert.deepEqual(await audit.listActions(), ["a.made", "b.made"]);
});

storeTest("audit.add() cuts what is longer than a log line", async ({ audit }) => {
  await audit.add({ who: "w".repeat(600), action: "a.made", detail: "d".repeat(600) });
  const { rows: [row] } = await audit.list({}, { limit: 1 });
  assert.deepEqual([row!.who.length, row!.detail!.length, row!.target], [500, 500, null]);
});
