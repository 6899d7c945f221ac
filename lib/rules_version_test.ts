import assert from "node:assert/strict";
import { commonRulesVersion, rulesVersionWith } from "@/lib/rules_version.ts";

const rule = { id: "a", pattern: "acme_[a-z]{20}", keywords: ["acme_"], severity: "high" };

Deno.test("rulesVersionWith() changes with what a rule finds, and not with its order or name", () => {
  assert.equal(rulesVersionWith("v1", []), "v1");
  const one = rulesVersionWith("v1", [rule]);
  assert.match(one, /^v1\.[0-9a-f]{8}$/);
  for (const change of [{ id: "b" }, { pattern: "x" }, { keywords: ["x"] }, { severity: "low" }]) {
    assert.notEqual(rulesVersionWith("v1", [{ ...rule, ...change }]), one);
  }
  const named = { ...rule, name: "Other" };
  assert.equal(rulesVersionWith("v1", [named]), one);
  const second = { ...rule, id: "b" };
  assert.equal(rulesVersionWith("v1", [rule, second]), rulesVersionWith("v1", [second, rule]));
});

Deno.test("commonRulesVersion() gives what all followed, and else what no rules ever have", () => {
  assert.equal(commonRulesVersion(["v1"]), "v1");
  assert.equal(commonRulesVersion(["v1", "v1"]), "v1");
  const mixed = commonRulesVersion(["v1", "v1", "v2"]);
  assert.notEqual(mixed, "v1");
  assert.notEqual(mixed, "v2");
  assert.equal(commonRulesVersion(["v2", mixed]), mixed);
});
