/** One secret in several repositories is one row. */

import assert from "node:assert/strict";
import { addRepositories, claimed, secret, storeTest } from "@/lib/store/test_store.ts";

storeTest("list() groups by fingerprint, the most widely spread first", async (store) => {
  await addRepositories(store, ["a", "b"]);
  for (const names of [["shared", "alone"], ["shared"]]) {
    const job = await claimed(store, "scan");
    await store.scans.record(
      job,
      names.map((name) => secret(name, { severity: name === "alone" ? "critical" : "low" })),
      "history",
    );
  }
  const { rows, more } = await store.secrets.list({ state: "open" }, { offset: 0, limit: 1 });
  assert.equal(more, true);
  assert.deepEqual(
    rows.map((row) => [row.fingerprint, row.repositories, row.findings, row.severity]),
    [["print of shared", 2, 2, "low"]],
  );
  const second = await store.secrets.list({ state: "open" }, { offset: 1, limit: 1 });
  assert.equal(second.more, false);
  assert.deepEqual(second.rows.map((row) => [row.fingerprint, row.severity]), [[
    "print of alone",
    "critical",
  ]]);
});
