/** Rules that an admin writes: checked before they run, so that none can stall a scan. */

import { createDetector } from "@/lib/detect/detector.ts";
import { MODEL } from "@/lib/detect/language_model.ts";
import { patternCost } from "@/lib/detect/pattern_cost.ts";
import { literalPrefixes } from "@/lib/detect/prefixes.ts";
import { type Rule, SEVERITIES, type Severity } from "@/lib/detect/rule.ts";

/** As the admin gives it. */
export interface CustomRuleInput {
  /** Kebab-case; the rule is known as `custom-` and this. */
  id: string;
  name: string;
  pattern: string;
  /** Lower or upper case; one of them must stand near each match. */
  keywords: readonly string[];
  severity: string;
  help?: string;
}

/** Why a rule is refused, and which field says so. */
export interface CustomRuleProblem {
  problem: string;
  field: "id" | "name" | "pattern" | "keywords" | "severity";
}

const LONGEST_PATTERN = 1000;
/** A file of nothing but keywords then takes some 4 s a megabyte at worst (measured), never hours. */
const MOST_WAYS = 2_000;
const MOST_KEYWORDS = 50;

/** A rule ready to run, or a plain sentence on what to change. */
export function customRule(input: CustomRuleInput): { rule: Rule } | CustomRuleProblem {
  const problem = problemOf(input);
  if (problem !== null) return problem;
  const rule: Rule = {
    id: `custom-${input.id}`,
    name: input.name,
    vendor: "",
    keywords: keywordsOf(input),
    pattern: new RegExp(input.pattern),
    severity: input.severity as Severity,
    confidence: "medium",
    keepsPlaceholders: true,
    help: input.help || "A rule of this installation.",
    version: 1,
    matches: () => [],
    ignores: () => [],
  };
  // Without plain text at its beginning the pattern may look at so much before its keyword.
  return isTooBroad(rule)
    ? {
      problem: "The pattern is too broad: it also finds plain words beside its keyword.",
      field: "pattern",
    }
    : { rule };
}

/** Lower case, without doubles. */
function keywordsOf({ keywords }: CustomRuleInput): string[] {
  return [...new Set(keywords.map((keyword) => keyword.trim().toLowerCase()))];
}

function problemOf(input: CustomRuleInput): CustomRuleProblem | null {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(input.id)) {
    const problem = "The id takes small letters and digits, with single hyphens between them.";
    return { problem, field: "id" };
  }
  if (input.name.trim() === "") return { problem: "The rule needs a name.", field: "name" };
  if (!SEVERITIES.some((severity) => severity === input.severity)) {
    return {
      problem: `The severity must be one of ${SEVERITIES.join(", ")}.`,
      field: "severity",
    };
  }
  const keywords = keywordsOf(input);
  if (keywords.length === 0 || keywords.length > MOST_KEYWORDS) {
    return { problem: `The rule needs 1 to ${MOST_KEYWORDS} keywords.`, field: "keywords" };
  }
  const odd = keywords.find((keyword) => !/^[\x20-\x7e]{3,64}$/.test(keyword));
  if (odd !== undefined) {
    const problem = `A keyword has 3 to 64 plain characters, this one not: ${odd}`;
    return { problem, field: "keywords" };
  }
  const problem = patternProblem(input.pattern);
  return problem === null ? null : { problem, field: "pattern" };
}

function patternProblem(pattern: string): string | null {
  if (pattern === "" || pattern.length > LONGEST_PATTERN) {
    return `The pattern has 1 to ${LONGEST_PATTERN} characters.`;
  }
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern);
  } catch (error) {
    return `The pattern is no regular expression: ${error instanceof Error ? error.message : ""}`;
  }
  const { ways, problem } = patternCost(pattern);
  if (problem !== null) return `The pattern could take endless time: ${problem}.`;
  if (ways > MOST_WAYS) {
    return "The pattern could take too long: give its repetitions tighter bounds, such as {20,40}.";
  }
  if (compiled.test("")) return "The pattern matches an empty text.";
  return null;
}

/** Whether the pattern finds more than now and then something in words around its keyword. */
function isTooBroad(rule: Rule): boolean {
  const detector = createDetector({ fingerprintKey: new Uint8Array(32), rules: [rule] });
  const words = MODEL.words.split(" ");
  const keyword = (literalPrefixes(rule.pattern.source) ?? [])[0]?.trimEnd() ?? rule.keywords[0]!;
  const finds = (text: string) => detector.detect(new TextEncoder().encode(text)).hits.length > 0;
  let noisy = 0;
  const rounds = 20;
  for (let round = 0; round < rounds; round++) {
    const some = words.slice(round * 300, round * 300 + 40);
    const text = `${some.slice(0, 20).join(" ")} ${keyword} ${some.slice(20).join(" ")}\n` +
      `${keyword}${some[5]} ${keyword} = ${some[3]}_${some[9]}(${some[17]});\n`;
    if (finds(text) || finds(text.toUpperCase())) noisy++;
  }
  return noisy > rounds / 4;
}
