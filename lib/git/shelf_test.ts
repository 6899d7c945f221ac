import assert from "node:assert/strict";
import { createShelf } from "@/lib/git/shelf.ts";

const filled = (size: number, byte: number) => new Uint8Array(size).fill(byte);

Deno.test("find() gives what was put, also at the edge of a slab, and nothing else", () => {
  const shelf = createShelf(400);
  const source = filled(10_000, 0);
  for (let i = 0; i < 300; i++) shelf.put(i, source.fill(i % 251).subarray(0, 9_000 + i));
  for (let i = 0; i < 300; i++) assert.deepEqual(shelf.find(i), filled(9_000 + i, i % 251));
  assert.equal(shelf.find(300), null);
});

Deno.test("put() passes over what is large, and what comes when the shelf is full", () => {
  const shelf = createShelf(4, 20_000);
  shelf.put(0, filled((1 << 14) + 1, 1));
  shelf.put(1, filled(1 << 14, 1));
  shelf.put(2, filled(5_000, 2));
  shelf.put(3, filled(3_616, 3));
  assert.deepEqual([0, 1, 2, 3].map((i) => shelf.find(i)?.length ?? null), [
    null,
    1 << 14,
    null,
    3_616,
  ]);
});

Deno.test("an object of no bytes is found as such", () => {
  const shelf = createShelf(2);
  shelf.put(0, filled(0, 0));
  assert.equal(shelf.find(0)?.length, 0);
  assert.equal(shelf.find(1), null);
});
