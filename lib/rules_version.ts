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
