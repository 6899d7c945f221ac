import assert from "node:assert/strict";
import { createDetector, RULES } from "@/lib/detect/mod.ts";

const fingerprintKey = new Uint8Array(32).fill(7);
const encode = (text: string) => new TextEncoder().encode(text);

for (const rule of RULES) {
  Deno.test(`${rule.id} finds its examples and passes over its look-alikes`, () => {
    // What an encoding hides is for the other rules to find.
    const detector = rule.unwrap === undefined
      ? createDetector({ fingerprintKey, rules: [rule] })
      : createDetector({ fingerprintKey });
    const matches = rule.matches();
    assert.ok(matches.length > 0, "it has no example");
    for (const text of matches) {
      const { hits } = detector.detect(encode(text));
      assert.equal(hits.length, 1, `not exactly one secret: ${text}`);
      if (rule.unwrap === undefined) assert.equal(hits[0]!.ruleId, rule.id);
      else assert.ok(hits[0]!.reasons.includes(rule.name));
    }
    const ignores = rule.ignores();
    assert.ok(ignores.length > 0, "it has no look-alike");
    for (const text of ignores) {
      assert.deepEqual(detector.detect(encode(text)).hits, [], `found one: ${text}`);
    }
  });
}

Deno.test("RULES have unique kebab-case ids, help, and keywords of 3 or more characters", () => {
  const seen = new Set<string>();
  for (const rule of RULES) {
    assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(!seen.has(rule.id), `twice: ${rule.id}`);
    seen.add(rule.id);
    assert.ok(rule.help.length >= 20, `no help: ${rule.id}`);
    assert.ok(rule.keywords.length > 0, `no keyword: ${rule.id}`);
    for (const keyword of rule.keywords) assert.match(keyword, /^[\x20-\x40\x5b-\x7e]{3,}$/);
  }
});

Deno.test("RULES see their own examples even when all of them run together", () => {
  const detector = createDetector({ fingerprintKey });
  for (const rule of RULES) {
    for (const text of rule.matches()) {
      assert.ok(detector.detect(encode(text)).hits.length > 0, `${rule.id}: ${text}`);
    }
  }
});
