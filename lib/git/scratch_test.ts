import assert from "node:assert/strict";
import { createScratch } from "@/lib/git/scratch.ts";

Deno.test("take() lends one buffer again and again, larger when it must be", () => {
  const scratch = createScratch();
  const first = scratch.take(10);
  assert.equal(first.length, 10);
  assert.equal(scratch.take(20).buffer, first.buffer);
  const large = scratch.take(100_000);
  assert.equal(large.length, 100_000);
  assert.equal(scratch.take(5).buffer, large.buffer);
});
