import assert from "node:assert/strict";
import { createNameTable } from "@/lib/git/name_table.ts";

Deno.test("intern() numbers each name once, long and many ones too", () => {
  const table = createNameTable();
  const encoder = new TextEncoder();
  const names = Array.from({ length: 3000 }, (_, i) => `name ${i} ${"x".repeat(i % 50)}`);
  names.push("y".repeat(1_000_000));
  for (let round = 0; round < 2; round++) {
    for (const [i, name] of names.entries()) {
      const bytes = encoder.encode(`<${name}>`);
      assert.equal(table.intern(bytes, 1, bytes.length - 1), i);
    }
  }
  assert.equal(table.size, names.length);
  for (const [i, name] of names.entries()) {
    assert.equal(new TextDecoder().decode(table.bytesOf(i)), name);
  }
});
