import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createObjectHash } from "@/lib/git/object_hash.ts";
import { BLOB, TREE } from "@/lib/git/pack.ts";

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

Deno.test("the ids of nothing are those that git gives", () => {
  const hash = createObjectHash();
  assert.equal(hex(hash.of(BLOB, new Uint8Array(0))), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  assert.equal(hex(hash.of(TREE, new Uint8Array(0))), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
});

Deno.test("small and large objects get the same id as from a hash object", () => {
  const hash = createObjectHash();
  for (const size of [1, 31, 32, 4097, 1 << 16, (1 << 16) + 1]) {
    const data = new Uint8Array(size).map((_, i) => i * 7);
    const expected = createHash("sha1").update(`blob ${size}\0`).update(data).digest("hex");
    assert.equal(hex(hash.of(BLOB, data)), expected);
  }
});
