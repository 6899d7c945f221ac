/** Tells scans by which rules they looked, those of the installation included. */

import { createHash } from "node:crypto";

/** What of a rule decides what it finds; its name and help may change without a scan. */
export interface VersionedRule {
  id: string;
  pattern: string;
  keywords: readonly string[];
  severity: string;
}

/** The built-in rules' version, and behind a dot what the enabled rules of admins come to, if any. */
export function rulesVersionWith(builtIn: string, rules: readonly VersionedRule[]): string {
  if (rules.length === 0) return builtIn;
  const facts = rules.map((
    { id, pattern, keywords, severity },
  ) => [id, pattern, keywords, severity])
    .sort(([a], [b]) => a! < b! ? -1 : 1);
  const hash = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  return `${builtIn}.${hash.slice(0, 8)}`;
}

/** Never the version of today's rules, so that what was read in part by others is read again. */
export const MIXED_RULES = "mixed";

/** The version that a scan followed whose readings followed these. */
export function commonRulesVersion(versions: readonly [string, ...string[]]): string {
  return versions.every((version) => version === versions[0]) ? versions[0] : MIXED_RULES;
}
