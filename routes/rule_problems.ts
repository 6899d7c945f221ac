/** Why scans pass over rules that admins wrote: those were fine when they were saved. */

import { customRule } from "@/lib/detect/mod.ts";
import { rulesVersionWith } from "@/lib/rules_version.ts";
import type { CustomRuleRow } from "@/lib/store/custom_rules.ts";

/** Gives the problems of rules by their ids; each version of the rules is compiled once. */
export function ruleProblems(
  make: typeof customRule = customRule,
): (rules: readonly CustomRuleRow[]) => ReadonlyMap<string, string> {
  let known: { version: string; problems: ReadonlyMap<string, string> } | null = null;
  return (rules) => {
    const enabled = rules.filter((rule) => rule.enabled);
    const version = rulesVersionWith("", enabled);
    if (known?.version === version) return known.problems;
    const problems = new Map<string, string>();
    for (const rule of enabled) {
      const made = make(rule);
      if ("problem" in made) problems.set(rule.id, made.problem);
    }
    known = { version, problems };
    return problems;
  };
}
