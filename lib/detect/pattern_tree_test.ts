import assert from "node:assert/strict";
import { type PatternTree, readPattern } from "@/lib/detect/pattern_tree.ts";
import { RULES } from "@/lib/detect/rules/mod.ts";

/** The tree as a short text: sets by how many characters they have. */
function told(tree: PatternTree): string {
  switch (tree.kind) {
    case "set":
      return String(tree.set.reduce((sum, fits) => sum + fits, 0));
    case "sequence":
      return `(${tree.items.map(told).join(" ")})`;
    case "choice":
      return `(${tree.items.map(told).join("|")})`;
    case "repeat":
      return `${told(tree.item)}{${tree.least},${tree.most}}`;
    case "edge":
      return tree.inverted ? "B" : "b";
    case "anything":
      return "?";
  }
}

Deno.test("readPattern() reads what patterns are made of", () => {
  assert.equal(told(readPattern(/a[bc]\d./)), "(1 2 10 254)");
  assert.equal(told(readPattern(/a|b(?:c|)+?/i)), "((2)|(2 ((2)|()){1,Infinity}))");
  assert.equal(told(readPattern(/\ba{2}(?<x>b){3,}\k<x>\B/)), "(b 1{2,2} (1){3,Infinity} ? B)");
  assert.equal(told(readPattern(/^(?=a)(?<!b(c))(?-i:d)e{$/i)), "(() () () (1) 2 1 ())");
});

Deno.test("readPattern() reads the pattern of every rule", () => {
  for (const { id, pattern } of RULES) assert.doesNotThrow(() => readPattern(pattern), id);
});
