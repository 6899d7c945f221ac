import assert from "node:assert/strict";
import { patternCost } from "@/lib/detect/pattern_cost.ts";

Deno.test("patternCost() multiplies what repetitions can share out", () => {
  assert.deepEqual(patternCost("acme_[a-z]{20}"), { ways: 1, problem: null });
  assert.equal(patternCost("a{2,4}b?").ways, 6);
  assert.equal(patternCost("x.*y").ways, 401);
  assert.equal(patternCost("(?:ab|c{1,2})d").ways, 3);
  assert.equal(patternCost("(?:[a-z]{4}-){3}").problem, null);
});

Deno.test("patternCost() refuses repetitions inside repetitions and references", () => {
  for (const source of ["(a+)+", "(?:a|b)*", "(?:x{1,3}){2,}", "(?:(?:a?))+"]) {
    assert.match(patternCost(source).problem ?? "", /repeats something/, source);
  }
  assert.match(patternCost("(a)\\1").problem ?? "", /refers back/);
});

Deno.test("patternCost() takes signs in classes and escapes for what they are", () => {
  assert.deepEqual(patternCost("[(+*]\\(\\+[)\\]{]"), { ways: 1, problem: null });
});
