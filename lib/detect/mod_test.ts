import assert from "node:assert/strict";
import { createDetector, judge, RULES, RULES_VERSION, versionOf } from "@/lib/detect/mod.ts";

Deno.test("createDetector() has the built-in rules unless it is given others", () => {
  const text = new TextEncoder().encode(`password = "${"Falcon" + "1987!"}"\n`);
  const fingerprintKey = new Uint8Array(32);
  const [hit] = createDetector({ fingerprintKey }).detect(text).hits;
  assert.equal(hit?.ruleId, "password-assignment");
  assert.equal(judge(hit, "src/app.py")?.severity, "high");
  assert.equal(judge(hit, "tests/test_app.py")?.severity, "low");
  assert.deepEqual(createDetector({ fingerprintKey, rules: [] }).detect(text).hits, []);
});

Deno.test("RULES are 180 at least, and RULES_VERSION is short", () => {
  assert.ok(RULES.length >= 180);
  assert.match(RULES_VERSION, /^[0-9a-f]{12}$/);
});

Deno.test("versionOf() changes with a rule's version, and not with the order of the rules", () => {
  const [first, ...others] = RULES;
  assert.equal(versionOf([...others, first!]), RULES_VERSION);
  const raised = { ...first!, version: first!.version + 1 };
  assert.notEqual(versionOf([raised, ...others]), RULES_VERSION);
  assert.notEqual(versionOf(others), RULES_VERSION);
});
