import assert from "node:assert/strict";
import { customRule, type CustomRuleInput } from "@/lib/detect/custom_rule.ts";
import { createDetector } from "@/lib/detect/detector.ts";

const good: CustomRuleInput = {
  id: "acme-door",
  name: "Acme door code",
  pattern: "ACME-DOOR-([A-Z0-9]{12})",
  keywords: ["ACME-DOOR-"],
  severity: "high",
};

function problem(change: Partial<CustomRuleInput>): string {
  const made = customRule({ ...good, ...change });
  return "problem" in made ? made.problem : "none";
}

Deno.test("customRule() gives a rule that runs like a built-in one", () => {
  const made = customRule(good);
  assert.ok("rule" in made);
  const detector = createDetector({ fingerprintKey: new Uint8Array(32), rules: [made.rule] });
  const { hits } = detector.detect(new TextEncoder().encode("code: ACME-DOOR-Q8ZT3LMW0PR7\n"));
  assert.deepEqual(hits.map((hit) => hit.ruleId), ["custom-acme-door"]);
});

Deno.test("customRule() refuses with a sentence that says what to change", () => {
  assert.match(problem({ id: "Acme Door" }), /small letters/);
  assert.match(problem({ name: " " }), /needs a name/);
  assert.match(problem({ severity: "urgent" }), /one of critical, high/);
  assert.match(problem({ keywords: [] }), /1 to 50 keywords/);
  assert.match(problem({ keywords: ["ab"] }), /3 to 64 plain characters, this one not: ab/);
  assert.match(problem({ pattern: "acme(" }), /no regular expression/);
  assert.match(problem({ pattern: "(?:acme)?" }), /empty text/);
  assert.match(problem({ pattern: "x".repeat(1001) }), /1 to 1000 characters/);
});

Deno.test("customRule() names the field to mend", () => {
  const field = (change: Partial<CustomRuleInput>) => {
    const made = customRule({ ...good, ...change });
    return "field" in made ? made.field : null;
  };
  assert.equal(field({ name: "" }), "name");
  assert.equal(field({ keywords: [] }), "keywords");
  assert.equal(field({ pattern: "(" }), "pattern");
  assert.equal(field({ severity: "" }), "severity");
});

Deno.test("customRule() refuses what takes more than linear time", () => {
  assert.match(problem({ pattern: "acme(?:a+)+b" }), /endless time: it repeats/);
  assert.match(problem({ pattern: "acme.*.*.*x" }), /tighter bounds/);
  assert.match(problem({ pattern: "acme[a-z]+:[0-9]+x" }), /tighter bounds/);
  assert.equal(problem({ pattern: "ACME-DOOR-[A-Z]{4,20}:[0-9A-Z]{12,40}" }), "none");
});

Deno.test("customRule() refuses what finds plain words", () => {
  assert.match(problem({ pattern: "[a-z]{4,20}" }), /too broad/);
  assert.match(problem({ pattern: "ACME-DOOR- \\w+", keywords: ["acme-door-"] }), /too broad/);
});
