/** What becomes of a hit once its path is known. */

import type { Hit } from "@/lib/detect/detector.ts";
import { type PathKind, pathKindOf } from "@/lib/detect/path_kind.ts";
import { type Confidence, type Rule, SEVERITIES, type Severity } from "@/lib/detect/rule.ts";

/** A hit at a path, ready to be stored. */
export interface Judgement {
  severity: Severity;
  confidence: Confidence;
  pathKind: PathKind;
  /** Why this severity, each a short fact. */
  reasons: string[];
  suppressedBy: string | null;
}

/** By how many steps a kind of path lowers a severity, and the fact that says so. */
const LOWERED: Readonly<Partial<Record<PathKind, { steps: number; reason: string }>>> = {
  test: { steps: 2, reason: "in a test" },
  example: { steps: 2, reason: "in an example" },
  documentation: { steps: 2, reason: "in documentation" },
  vendored: { steps: 1, reason: "in vendored code" },
  generated: { steps: 1, reason: "in a generated file" },
  lock_file: { steps: 2, reason: "in a lock file" },
};

/** Weighs a hit at a path; null when its rule does not speak for this path. */
export function judgeWith(rules: ReadonlyMap<string, Rule>, hit: Hit, path: string) {
  const rule = rules.get(hit.ruleId);
  if (rule?.paths !== undefined && !rule.paths(path, hit.confidence)) return null;
  const pathKind = pathKindOf(path);
  const lowered = LOWERED[pathKind];
  const judgement: Judgement = {
    severity: lowered === undefined ? hit.severity : lower(hit.severity, lowered.steps),
    confidence: hit.confidence,
    pathKind,
    reasons: lowered === undefined ? [...hit.reasons] : [...hit.reasons, lowered.reason],
    suppressedBy: hit.suppressedBy,
  };
  return judgement;
}

function lower(severity: Severity, steps: number): Severity {
  return SEVERITIES[Math.min(SEVERITIES.length - 1, SEVERITIES.indexOf(severity) + steps)]!;
}
