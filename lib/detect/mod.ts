/** The door to detection: text in, hits out, never a secret. */

import { createHash } from "node:crypto";
import {
  createDetector as createDetectorWith,
  type Detector,
  type Hit,
} from "@/lib/detect/detector.ts";
import { type Judgement, judgeWith } from "@/lib/detect/judge.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { RULES } from "@/lib/detect/rules/mod.ts";

export type { Detection, Detector, Hit, KeywordHits, Range } from "@/lib/detect/detector.ts";
export {
  customRule,
  type CustomRuleInput,
  type CustomRuleProblem,
} from "@/lib/detect/custom_rule.ts";
export type { Judgement } from "@/lib/detect/judge.ts";
export { PATH_KINDS, type PathKind, pathKindOf } from "@/lib/detect/path_kind.ts";
export * from "@/lib/detect/rule.ts";
export { hiddenNameHash, nameFingerprint } from "@/lib/detect/fingerprint.ts";
export { mask } from "@/lib/detect/mask.ts";
export {
  isSensitiveFileRule,
  maybeSensitiveName,
  SENSITIVE_FILE_RULES,
  type SensitiveFile,
  sensitiveFile,
} from "@/lib/detect/sensitive_file.ts";
export {
  MAX_FILE_BYTES as MAX_SUPPRESSION_BYTES,
  readSuppressions,
} from "@/lib/detect/suppression_file.ts";
export { RULES };

/** Raised when the engine itself finds other things with the same rules. */
const ENGINE_VERSION = 3;
const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** Names what a scan finds: equal for the same rules, in whatever order they are listed. */
export function versionOf(rules: readonly Rule[]): string {
  const facts = rules.map(({ id, version }) => [id, version] as const)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return createHash("sha256").update(JSON.stringify([ENGINE_VERSION, facts]))
    .digest("hex").slice(0, 12);
}

/** Changes when a scan with today's rules could find something else than one with yesterday's. */
export const RULES_VERSION: string = versionOf(RULES);

/** A detector with the built-in rules, or with the given ones instead. */
export function createDetector(
  { fingerprintKey, rules = RULES }: { fingerprintKey: Uint8Array; rules?: readonly Rule[] },
): Detector {
  return createDetectorWith({ fingerprintKey, rules });
}

/** Weighs a hit at a path; null when its rule does not speak for this path. */
export function judge(hit: Hit, path: string): Judgement | null {
  return judgeWith(BY_ID, hit, path);
}
