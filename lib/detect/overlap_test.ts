import assert from "node:assert/strict";
import type { RawHit } from "@/lib/detect/compiled_rule.ts";
import { withoutOverlaps } from "@/lib/detect/overlap.ts";
import type { Rule, Specificity } from "@/lib/detect/rule.ts";

function hit(
  id: string,
  start: number,
  end: number,
  specificity: Specificity = "format",
  confidence: RawHit["confidence"] = "high",
): RawHit {
  const rule: Partial<Rule> = { id, specificity };
  return {
    rule: rule as Rule,
    secret: "x",
    start,
    end,
    matchStart: start,
    matchEnd: end,
    severity: "high",
    confidence,
    reasons: [],
  };
}

const left = (...hits: RawHit[]) => withoutOverlaps(hits).map((one) => one.rule.id);

Deno.test("withoutOverlaps() keeps the format before the place before the name", () => {
  assert.deepEqual(
    left(hit("name", 0, 50, "generic"), hit("place", 5, 40, "structure"), hit("format", 10, 30)),
    ["format"],
  );
});

Deno.test("withoutOverlaps() keeps the surer, then the longer of two equals", () => {
  assert.deepEqual(left(hit("doubt", 0, 30, "format", "low"), hit("sure", 5, 20)), ["sure"]);
  assert.deepEqual(left(hit("short", 0, 10), hit("long", 5, 30)), ["long"]);
  assert.deepEqual(left(hit("b", 0, 10), hit("a", 0, 10)), ["a"]);
});

Deno.test("withoutOverlaps() lets a dropped hit still drop lesser ones, and neighbours be", () => {
  assert.deepEqual(
    left(hit("format", 0, 10), hit("place", 5, 20, "structure"), hit("name", 15, 30, "generic")),
    ["format"],
  );
  assert.deepEqual(left(hit("first", 0, 10), hit("second", 10, 20)), ["first", "second"]);
});
