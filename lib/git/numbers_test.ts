import assert from "node:assert/strict";
import { createNumbers } from "@/lib/git/numbers.ts";

Deno.test("a list of numbers grows, and gives -1 where nothing was put", () => {
  const numbers = createNumbers();
  for (let i = 0; i < 3000; i++) numbers.push(i * 2);
  numbers.set(10_000, 7);
  assert.equal(numbers.length, 10_001);
  assert.deepEqual([0, 2999, 3000, 9999, 10_000, 10_001].map((at) => numbers.at(at)), [
    0,
    5998,
    -1,
    -1,
    7,
    -1,
  ]);
});
