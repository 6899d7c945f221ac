import assert from "node:assert/strict";
import { compileRule, note, type RawHit, run } from "@/lib/detect/compiled_rule.ts";
import type { Rule } from "@/lib/detect/rule.ts";

function rule(pattern: RegExp, more: Partial<Rule> = {}): Rule {
  return {
    id: "acme",
    name: "Acme",
    vendor: "Acme",
    keywords: ["acme_"],
    pattern,
    severity: "high",
    confidence: "high",
    help: "A made-up token for tests.",
    version: 1,
    matches: () => [],
    ignores: () => [],
    ...more,
  };
}

Deno.test("compileRule() refuses short keywords, and wide windows without a marker", () => {
  assert.throws(() => compileRule(rule(/x/, { keywords: ["ab"] })), /short keyword: acme/);
  const wide = { window: { before: 0, after: 5000 }, anchor: "keyword" } as const;
  assert.throws(() => compileRule(rule(/\w+/, wide)), /window too wide: acme/);
  assert.deepEqual(compileRule(rule(/\w+/, { ...wide, marker: "acme_" })).markers, ["acme_"]);
});

Deno.test("compileRule() sees that a pattern begins with its keyword", () => {
  assert.equal(compileRule(rule(/acme_[a-z]{4}/)).anchored, true);
  assert.equal(compileRule(rule(/[a-z]{4}acme_/)).anchored, false);
});

Deno.test("run() gives matches near the noted keywords, in bytes of the text", () => {
  const one = compileRule(rule(/id=([a-z]{6}) acme_/));
  const text = "....id=qwerty acme_....";
  note(one, text.indexOf("acme_"), text.indexOf("acme_") + 5);
  const found: RawHit[] = [];
  assert.equal(run(one, { text, base: 100, more: false }, found), false);
  assert.deepEqual(
    found.map(({ secret, start, end, matchStart }) => ({ secret, start, end, matchStart })),
    [{ secret: "qwerty", start: 107, end: 113, matchStart: 104 }],
  );
});

Deno.test("mayMatch() tells by the signs behind a keyword where an anchored rule need not look", () => {
  const one = compileRule(rule(/acme_[a-z]{4}(?![a-z])/));
  const bytes = new TextEncoder().encode("acme_ab1d acme_abcd acme_ab");
  for (let i = 0; i < 50; i++) one.mayMatch(bytes, 0);
  assert.deepEqual([0, 10, 20].filter((at) => one.mayMatch(bytes, at)), [10]);
  const free = compileRule(rule(/[0-9]{9}/));
  assert.ok(free.mayMatch(bytes, 0), "a rule that is not anchored looks at more than its keyword");
});
