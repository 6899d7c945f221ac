import assert from "node:assert/strict";
import type { Hit } from "@/lib/detect/detector.ts";
import { judgeWith } from "@/lib/detect/judge.ts";
import type { Rule } from "@/lib/detect/rule.ts";

const hit: Hit = {
  ruleId: "a-rule",
  severity: "critical",
  confidence: "high",
  preview: "********",
  fingerprint: "00",
  start: 0,
  end: 1,
  from: 0,
  to: 100,
  contested: false,
  line: 1,
  column: 1,
  reasons: ["checksum is right"],
  suppressedBy: "inline comment nosemgrep",
};

Deno.test("judgeWith() keeps the severity in source and lowers it in tests, with the reason", () => {
  assert.deepEqual(judgeWith(new Map(), hit, "src/a.ts"), {
    severity: "critical",
    confidence: "high",
    pathKind: "source",
    reasons: ["checksum is right"],
    suppressedBy: "inline comment nosemgrep",
  });
  const inTest = judgeWith(new Map(), hit, "tests/a.ts");
  assert.equal(inTest?.severity, "medium");
  assert.deepEqual(inTest?.reasons, ["checksum is right", "in a test"]);
  assert.equal(judgeWith(new Map(), { ...hit, severity: "low" }, "docs/a.md")?.severity, "low");
});

Deno.test("judgeWith() gives null where the rule does not speak for the path", () => {
  const rule: Partial<Rule> = { id: "a-rule", paths: (path) => path.endsWith(".env") };
  const rules = new Map([["a-rule", rule as Rule]]);
  assert.equal(judgeWith(rules, hit, "src/a.ts"), null);
  assert.equal(judgeWith(rules, hit, "prod.env")?.pathKind, "config");
});
