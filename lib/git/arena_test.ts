import assert from "node:assert/strict";
import { createArena } from "@/lib/git/arena.ts";
import { seeded } from "@/lib/git/test_repository.ts";

Deno.test("find() gives an object as it was placed, or nothing", () => {
  const random = seeded(11);
  const arena = createArena(10_000, 5000);
  const fill = (index: number) => index * 7 & 255;
  let found = 0;
  for (let index = 0; index < 5000; index++) {
    const size = random(1250);
    arena.place(index, size).fill(fill(index));
    for (let i = 0; i < 3; i++) {
      const other = Math.max(0, index - random(30));
      const bytes = arena.find(other);
      if (bytes === null) continue;
      found++;
      assert.ok(bytes.every((byte) => byte === fill(other)), `object ${other} at ${index}`);
    }
  }
  assert.ok(found > 5000);
});

Deno.test("find() keeps what is used, however much is placed", () => {
  const arena = createArena(8000, 1000);
  arena.place(0, 500).fill(42);
  for (let index = 1; index < 1000; index++) {
    arena.place(index, 700);
    const kept = arena.find(0);
    assert.ok(kept !== null && kept.every((byte) => byte === 42));
  }
  assert.equal(arena.find(1), null);
});

Deno.test("large objects drive out none of the others, and the newest of them stay", () => {
  const arena = createArena(8000, 10);
  arena.place(0, 1000).fill(1);
  for (let index = 1; index < 9; index++) arena.place(index, 3000).fill(index);
  assert.deepEqual([0, 6, 7, 8].map((index) => arena.find(index)?.[0]), [1, undefined, 7, 8]);
  arena.find(7);
  arena.place(9, 1001).fill(9);
  assert.deepEqual([7, 8, 9].map((index) => arena.find(index)?.[0]), [7, 8, 9]);
  arena.place(1, 5000).fill(10);
  assert.deepEqual([1, 7, 8, 9].map((index) => arena.find(index)?.[0]), [
    10,
    undefined,
    undefined,
    9,
  ]);
});

Deno.test("one object that is larger than the arena is at hand until the next one comes", () => {
  const arena = createArena(8000, 3);
  arena.place(0, 20_000).fill(1);
  assert.equal(arena.find(0)?.length, 20_000);
  arena.place(1, 20_000);
  assert.equal(arena.find(0), null);
});
