import assert from "node:assert/strict";
import { COSTS, LETTERS } from "@/lib/detect/language.ts";
import { MODEL } from "@/lib/detect/language_model.ts";

Deno.test("MODEL has a cost for each triple, plain words, and a weight for each feature", () => {
  assert.equal(MODEL.trigrams.length, LETTERS.length ** 3);
  for (const cost of MODEL.trigrams) assert.ok(COSTS.includes(cost));
  for (const word of MODEL.words.split(" ")) assert.match(word, /^[a-z]{4,14}$/);
  assert.equal(MODEL.weights.length, 16);
});
