/** From a finding's row and its rule to what the pages show. */

import type { FindingRowView } from "@/components/finding_row.tsx";
import type { SecretRowView } from "@/components/findings_page.tsx";
import { RULES, SENSITIVE_FILE_RULES } from "@/lib/detect/mod.ts";
import {
  FINDING_STATES,
  FINDING_WORDS,
  isOneOf,
  SEVERITY_WORDS,
  type StateWords,
} from "@/lib/status.ts";
import type { FindingRow } from "@/lib/store/findings.ts";
import type { SecretRow } from "@/lib/store/secrets.ts";
import type { RouteDeps } from "./deps.ts";

interface KnownRule {
  id: string;
  name: string;
  vendor?: string;
  help: string;
  revokeUrl?: string;
  docsUrl?: string;
}

const RULE_BY_ID = new Map<string, KnownRule>(
  [...RULES, ...SENSITIVE_FILE_RULES].map((rule) => [rule.id, rule]),
);

/** Names rules, those of the installation included; one that no longer exists keeps its id. */
export async function loadRuleWords({ store }: Pick<RouteDeps, "store">) {
  const custom = new Map<string, KnownRule>((await store.customRules.list()).map((rule) => {
    const help = rule.help || "A rule of this installation found it.";
    return [`custom-${rule.id}`, { id: `custom-${rule.id}`, name: rule.name, help }];
  }));
  return (id: string) => {
    const rule = RULE_BY_ID.get(id) ?? custom.get(id);
    return {
      id,
      name: rule?.name ?? id,
      vendor: rule?.vendor ?? "",
      help: rule?.help ??
        "The rule that found it no longer exists. Judge it by its place and revoke it if it is real.",
      revokeUrl: rule?.revokeUrl ?? null,
      docsUrl: rule?.docsUrl ?? null,
    };
  };
}

/** The words of a stored finding state. */
export function findingWords(state: string): StateWords {
  return isOneOf(FINDING_STATES, state) ? FINDING_WORDS[state] : FINDING_WORDS.open;
}

/** A row of the list. */
export function findingRowView(
  row: FindingRow,
  words: (id: string) => { name: string },
): FindingRowView {
  return {
    id: row.id,
    rule: words(row.ruleId).name,
    severity: SEVERITY_WORDS[row.severity],
    state: findingWords(row.state),
    preview: row.preview,
    repository: { id: row.repositoryId, fullName: row.repositoryFullName },
    path: row.firstPath,
    line: row.firstLine,
    atTip: row.atTip,
    occurrences: row.occurrenceCount,
    repositories: row.repositoriesWithSecret,
    foundAt: row.createdAt,
  };
}

/** A row of the list that is grouped by secret. */
export function secretRowView(
  row: SecretRow,
  words: (id: string) => { name: string },
): SecretRowView {
  return {
    fingerprint: row.fingerprint,
    rule: words(row.ruleId).name,
    preview: row.preview,
    severity: SEVERITY_WORDS[row.severity],
    repositories: row.repositories,
    findings: row.findings,
    atTip: row.atTip,
    lastFoundAt: row.lastFoundAt,
  };
}
