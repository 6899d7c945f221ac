import assert from "node:assert/strict";
import { giveSlabs, SLAB_BYTES, takeSlab } from "./slabs.ts";

Deno.test("a slab that was given back is the next one taken, and at most 32 are kept", () => {
  const slabs = Array.from({ length: 40 }, takeSlab);
  assert.ok(slabs.every((slab) => slab.length === SLAB_BYTES));
  giveSlabs(slabs);
  const again = new Set(Array.from({ length: 40 }, takeSlab));
  assert.equal(again.size, 40, "none is given twice");
  assert.equal(slabs.filter((slab) => again.has(slab)).length, 32);
});
