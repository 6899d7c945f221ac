import assert from "node:assert/strict";
import { customRule } from "@/lib/detect/mod.ts";
import { ruleProblems } from "./rule_problems.ts";

const RULE = {
  id: "door",
  name: "Door code",
  pattern: "ACME-DOOR-([A-Z0-9]{12})",
  keywords: ["ACME-DOOR-"],
  severity: "high",
  help: "",
  enabled: true,
  createdBy: "ada",
  createdAt: 1,
  updatedBy: "ada",
  updatedAt: 1,
} as const;

Deno.test("ruleProblems() compiles each version of the rules once, and none that is switched off", () => {
  const made: string[] = [];
  const problemsOf = ruleProblems((rule) => {
    made.push(rule.id);
    return customRule(rule);
  });
  const broad = { ...RULE, id: "broad", pattern: "[A-Z]{4,20}", keywords: ["ACME"] };
  const off = { ...RULE, id: "off", enabled: false, pattern: "(" };
  for (let views = 0; views < 3; views++) {
    const problems = problemsOf([RULE, broad, off]);
    assert.deepEqual([...problems.keys()], ["broad"]);
    assert.match(problems.get("broad")!, /too broad|could take|plain words/);
  }
  assert.deepEqual(made, ["door", "broad"]);
  assert.deepEqual([...problemsOf([{ ...broad, pattern: RULE.pattern }]).keys()], []);
  assert.deepEqual(made, ["door", "broad", "broad"]);
});
