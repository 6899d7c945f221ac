import assert from "node:assert/strict";
import { checkedOid, createRefList, isScanned } from "@/lib/git/refs.ts";

Deno.test("isScanned() takes branches and tags alone", () => {
  const names = ["refs/heads/a/b", "refs/tags/v1", "refs/pull/1/head", "refs/notes/x", "HEAD"];
  assert.deepEqual(names.map(isScanned), [true, true, false, false, false]);
});

Deno.test("checkedOid() refuses what is no id of SHA-1", () => {
  assert.equal(checkedOid("ab".repeat(20)), "ab".repeat(20));
  assert.throws(() => checkedOid("ab".repeat(32)), /SHA-256, which is not supported/);
  assert.throws(() => checkedOid("AB".repeat(20)), /an object id is broken/);
  assert.throws(() => checkedOid(""), /an object id is broken/);
});

Deno.test("createRefList() takes half a million refs", () => {
  const list = createRefList();
  const ref = { name: "refs/heads/x", oid: "", peeled: null };
  for (let i = 0; i < 500_000; i++) list.add(ref, "");
  assert.throws(() => list.add(ref, ""), /more than 500000/);
});

Deno.test("createRefList() takes 64 MB of lines, those of peeled tags included", () => {
  const list = createRefList();
  const line = "x".repeat(64_000);
  const tag = { name: "refs/tags/x", oid: "", peeled: null };
  for (let i = 0; i < 500; i++) {
    list.add({ ...tag }, line);
    list.peel(i, "ab", line);
  }
  assert.equal(list.refs.length, 500);
  assert.throws(() => list.peel(0, "ab", "x"), /refs of more than 64 MB/);
  assert.throws(() => list.add(tag, "x"), /refs of more than 64 MB/);
});
