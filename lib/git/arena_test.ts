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
    arena.place(index, size)!.fill(fill(index));
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
  arena.place(0, 500)!.fill(42);
  for (let index = 1; index < 1000; index++) {
    arena.place(index, 700);
    const kept = arena.find(0);
    assert.ok(kept !== null && kept.every((byte) => byte === 42));
  }
  assert.equal(arena.find(1), null);
});

Deno.test("place() has no room for an object that would drive out too many", () => {
  const arena = createArena(8000, 2);
  assert.equal(arena.place(0, 1001), null);
  assert.equal(arena.find(0), null);
  assert.equal(arena.place(1, 1000)?.length, 1000);
});
