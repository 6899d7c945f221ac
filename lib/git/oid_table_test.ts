import assert from "node:assert/strict";
import { createOidTable, oidBytes, readHexOid } from "@/lib/git/oid_table.ts";
import { seeded } from "@/lib/git/test_repository.ts";

Deno.test("intern() numbers each id once, also when the table grows", () => {
  const random = seeded(3);
  const table = createOidTable(0);
  const known = new Map<string, number>();
  for (let i = 0; i < 5000; i++) {
    const hex = Array.from({ length: 40 }, (_, at) => random(at < 36 ? 2 : 16).toString(16)).join(
      "",
    );
    const id = table.intern(Uint8Array.from([9, ...oidBytes(hex)]), 1);
    assert.equal(id, known.get(hex) ?? known.size);
    known.set(hex, id);
  }
  assert.equal(table.size, known.size);
  for (const [hex, id] of known) {
    assert.equal(table.hex(id), hex);
    assert.equal(table.find(oidBytes(hex), 0), id);
  }
  assert.equal(table.find(new Uint8Array(20).fill(255), 0), -1);
});

Deno.test("readHexOid() reads both cases of hex out of a text", () => {
  const text = new TextEncoder().encode("tree 0123456789abcdefABCDEF0123456789abcdef01\n");
  const bytes = readHexOid(text, 5, new Uint8Array(20));
  assert.deepEqual(bytes, oidBytes("0123456789abcdefabcdef0123456789abcdef01"));
});
