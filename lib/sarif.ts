/** Findings as SARIF 2.1.0, the form in which other tools take them in. */

/** One kind of finding, as a report describes it. */
export interface SarifRule {
  id: string;
  name: string;
  help: string;
  helpUri?: string;
  severity: "critical" | "high" | "medium" | "low";
}

/** One finding at one place. */
export interface SarifFinding {
  rule: string;
  severity: "critical" | "high" | "medium" | "low";
  path: string;
  line: number;
  column?: number;
  preview: string;
  fingerprint: string;
  commit?: string | null;
  author?: string | null;
  date?: string | null;
  reasons?: readonly string[];
  /** What suppresses it in the repository itself: a comment, or a file. */
  suppressedBy?: string | null;
  /** What people decided elsewhere about leaving it as it is. */
  accepted?: string | null;
}

const LEVELS = { critical: "error", high: "error", medium: "warning", low: "note" } as const;
/** What code hosts show beside a finding; 9.0 and more is critical, 7.0 high, 4.0 medium. */
const SCORES = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

/** The head of a report up to its first result; `sarifTail` closes it. */
export function sarifHead(rules: readonly SarifRule[], version: string): string {
  const driver = {
    name: "Sluice",
    semanticVersion: version,
    rules: rules.map((rule) => ({
      id: rule.id,
      name: rule.name,
      shortDescription: { text: rule.name },
      fullDescription: { text: rule.help },
      help: { text: rule.help },
      ...(rule.helpUri === undefined ? {} : { helpUri: rule.helpUri }),
      defaultConfiguration: { level: LEVELS[rule.severity] },
      properties: {
        "security-severity": SCORES[rule.severity],
        tags: ["security", "secret"],
      },
    })),
  };
  const run = JSON.stringify({ tool: { driver }, columnKind: "utf16CodeUnits" });
  return `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",` +
    `"runs":[${run.slice(0, -1)},"results":[`;
}

/** What follows the last result. */
export const sarifTail = "]}]}";

/** One result; results are joined by commas. */
export function sarifResult(finding: SarifFinding): string {
  return JSON.stringify({
    ruleId: finding.rule,
    level: LEVELS[finding.severity],
    message: { text: [`Secret ${finding.preview}`, ...finding.reasons ?? []].join(", ") },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: pathUri(finding.path), uriBaseId: "%SRCROOT%" },
        region: {
          startLine: finding.line,
          ...(finding.column === undefined ? {} : { startColumn: finding.column }),
        },
      },
    }],
    ...(finding.fingerprint === ""
      ? {}
      : { partialFingerprints: { "secret/v1": finding.fingerprint } }),
    properties: {
      severity: finding.severity,
      "security-severity": SCORES[finding.severity],
      ...(finding.commit == null ? {} : { commit: finding.commit }),
      ...(finding.author == null ? {} : { author: finding.author }),
      ...(finding.date == null ? {} : { date: finding.date }),
    },
    ...suppressions(finding),
  });
}

function suppressions({ suppressedBy, accepted }: SarifFinding) {
  const found = [
    ...(suppressedBy == null ? [] : [{ kind: "inSource", justification: suppressedBy }]),
    ...(accepted == null
      ? []
      : [{ kind: "external", status: "accepted", justification: accepted }]),
  ];
  return found.length === 0 ? {} : { suppressions: found };
}

/**
 * A relative address of a path in which `#`, `?` and whatever else a name may hold is plain text.
 * A name that viewers would walk out of the folder by, escaped or not, becomes a visible `…`.
 */
function pathUri(path: string): string {
  return path.toWellFormed().split("/")
    .map((name) => encodeURIComponent(["", ".", ".."].includes(name) ? "…" : name)).join("/");
}
