/** Whole pages' views for the gallery. */

import type { FindingView } from "@/components/finding_page.tsx";
import type { FindingsView } from "@/components/findings_page.tsx";
import type { RepositoriesView } from "@/components/repositories_live.tsx";
import type { RepositoryView } from "@/components/repository_page.tsx";
import type { TokenStepView } from "@/components/wizard_steps.tsx";
import { FINDING_WORDS, REPOSITORY_WORDS, SEVERITY_WORDS, TRIAGE_STATES } from "@/lib/status.ts";
import { FINDINGS, NOW, ROWS, SERVERS, STALLED } from "./gallery_views.ts";

/** The live list in the middle of the first scans. */
export const REPOSITORIES: RepositoriesView = {
  rows: [STALLED, ...ROWS],
  tabs: [
    { href: "/repositories", word: "All", icon: null, count: 100_266, current: true },
    ...ROWS.map((row, index) => ({
      href: `/repositories?state=${row.status.state}`,
      word: row.status.word,
      icon: row.status.icon,
      count: index === 2 ? 0 : 7 ** (index % 6),
      current: false,
    })),
  ],
  columns: [
    { word: "Repository", href: "?sort=-name", sorted: "ascending" },
    { word: "Code server", href: "?sort=server", sorted: null },
    { word: "State", href: "?sort=state", sorted: null },
    { word: "Findings", href: "?sort=-findings", sorted: null },
    { word: "Last scan", href: "?sort=-scanned", sorted: null },
  ],
  pager: {
    range: "50 a page, 100,266 in all",
    firstHref: "#1",
    previousHref: "#1",
    nextHref: "#2",
  },
  filters: {
    q: "",
    server: "s1",
    project: "",
    servers: [{ value: "s1", word: "Acme Platform" }],
    projects: [{ value: "PAY", word: "Payments" }],
    state: "",
    sort: "",
  },
  live: { href: "/repositories/refresh?since=1", everySeconds: 600, tag: "v1" },
  announcement: "40 % scanned",
  failedCount: 3,
  hasServers: true,
  notices: [SERVERS[1]!, SERVERS[2]!],
  emptiness: { kind: "looking", found: 0, total: 1266 },
  here: "/repositories",
  now: NOW,
};

/** A repository while its history is read. */
export const REPOSITORY: RepositoryView = {
  row: ROWS[0]!,
  htmlUrl: "https://bitbucket.org/acme-platform/payments-gateway",
  defaultBranch: "main",
  language: "typescript",
  sizeBytes: 81_000_000,
  updatedAt: NOW - 3_600_000,
  scan: {
    repositoryId: "r0",
    fullName: ROWS[0]!.fullName,
    status: ROWS[0]!.status,
    steps: [
      { word: "Tip", sentence: "what the default branch shows today", state: "done" },
      { word: "History", sentence: "all branches and tags", state: "running" },
    ],
    openScanId: "j0",
    inLine: false,
    canScan: false,
    failed: false,
    everySeconds: 600,
    tag: "v1",
    now: NOW,
  },
  refs: {
    count: 140,
    shown: [{ name: "refs/heads/main", oid: "9fceb02d0ae598e95dc970b74767f19372d61af8" }],
  },
  scans: [
    {
      id: "j2",
      words: REPOSITORY_WORDS.failed,
      requestedBy: "a person",
      startedAt: NOW - 86_400_000,
      durationMs: 93_000,
      commits: null,
      packBytes: 12_000_000,
      sentences: ["Bitbucket did not answer. 5 tries were made."],
      detail: "Cannot read the pack: the connection closed after 12,000,000 bytes",
    },
    {
      id: "j1",
      words: REPOSITORY_WORDS.partial,
      requestedBy: "the first discovery",
      startedAt: NOW - 2 * 86_400_000,
      durationMs: 61_000,
      commits: 10_412,
      packBytes: 76_000_000,
      sentences: ["3 files larger than 5 MB were left out."],
      detail: null,
    },
  ],
  findings: FINDINGS.slice(0, 4),
  suppressions: {
    files: [".sluice.yml", ".gitleaksignore"],
    problems: [".sluice.yml, line 4: unknown key allow"],
  },
  now: NOW,
};

/** The list of findings, narrowed to one repository. */
export const FINDINGS_VIEW: FindingsView = {
  rows: FINDINGS,
  secrets: null,
  tabs: [
    { href: "/findings", word: "open", icon: "key", count: 324, current: true },
    { href: "/findings?state=to_fix", word: "to fix", icon: "wrench", count: 12, current: false },
  ],
  unresolvedCounts: { critical: 2, high: 31, medium: 80, low: 211 },
  pager: { range: "1–50 of 324", firstHref: null, previousHref: null, nextHref: "#2" },
  filters: {
    severity: "",
    rule: "",
    server: "",
    tip: "",
    state: "",
    group: "",
    repository: { text: "acme-platform/payments-gateway", error: undefined, names: [] },
    fingerprint: "",
    severities: [{ value: "critical", word: "critical" }],
    rules: [{ value: "aws-access-key", word: "AWS access key" }],
    servers: [{ value: "s1", word: "Acme Platform" }],
  },
  unclear: null,
  triageOptions: TRIAGE_STATES.map((state) => ({ value: state, word: FINDING_WORDS[state].word })),
  bulk: { form: { values: {}, errors: {} }, ticked: [] },
  scannedAny: true,
  here: "/findings",
  now: NOW,
};

const FITTING = ["payments-api", "payments-gateway", "payments-ledger", "payments-web"]
  .map((slug) => `acme-platform/${slug}`);
const SEVERAL = `4 repositories fit; say more: ${FITTING.slice(0, 3).join(", ")}…`;

/** The list of findings when more than one repository fits what was typed. */
export const FINDINGS_UNCLEAR: FindingsView = {
  ...FINDINGS_VIEW,
  rows: [],
  filters: {
    ...FINDINGS_VIEW.filters,
    repository: { text: "payments", error: SEVERAL, names: FITTING },
  },
  unclear: {
    title: "Which repository?",
    sentence: "Choose one, or type more of its full name.",
    fits: FITTING.map((word) => ({ word, href: "#" })),
  },
};

const PLACE = {
  commit: "9fceb02d0ae598e95dc970b74767f19372d61af8",
  path: "deploy/environments/production/eu-central-1/values.secret.yaml",
  line: 43,
  author: "Kim Committer",
  date: NOW - 400 * 86_400_000,
  atTip: true,
  lineUrl: "https://bitbucket.org/acme-platform/payments-gateway/src/9fceb02/values.yaml#lines-43",
};

/** A finding whose triage lacks a reason. */
export const FINDING: FindingView = {
  id: "f0",
  rule: {
    id: "aws-access-key",
    name: "AWS access key",
    vendor: "AWS",
    help: "Opens the account it belongs to. Deactivate it in IAM, then delete it.",
  },
  revokeUrl: "https://console.aws.amazon.com/iam",
  docsUrl: "https://docs.aws.amazon.com/IAM/",
  preview: "AKIA…7Q",
  fingerprint: "5f0c".repeat(16),
  severity: SEVERITY_WORDS.critical,
  confidence: "high",
  reasons: ["still at the tip of the default branch", "the account number in it is well formed"],
  state: FINDING_WORDS.open,
  urgency: ["still at the tip of the default branch", "known to others for 3 months"],
  byName: false,
  suppressedBy: null,
  repository: { id: "r0", fullName: "acme-platform/payments-gateway" },
  atTip: true,
  missingAt: null,
  first: PLACE,
  commitUrl: "https://bitbucket.org/acme-platform/payments-gateway/commits/9fceb02",
  occurrences: [PLACE, { ...PLACE, line: 81, atTip: false, author: null, date: null }],
  occurrenceCount: 612,
  elsewhere: [{ findingId: "f9", fullName: "acme-platform/docs", state: FINDING_WORDS.to_fix }],
  triage: {
    options: TRIAGE_STATES.map((state) => ({ value: state, ...FINDING_WORDS[state] })),
    form: { values: { state: "accepted" }, errors: { reason: "Say why the risk is accepted." } },
    by: "robin.admin@acme.example",
    at: NOW - 86_400_000,
    reason: "Asked the team",
  },
  now: NOW,
};

/** Step 3 before anything was entered. */
export const TOKEN: TokenStepView = {
  form: { values: {}, errors: {} },
  kept: null,
  preflight: [],
  state: "none",
  unchecked: [],
  connected: [],
  others: [],
};

/** A pre-flight with every outcome. */
export const CHECKED: TokenStepView["preflight"] = [{
  workspace: "acme-platform",
  running: false,
  repositoryCount: 0,
  checks: [
    { id: "workspace", state: "passed", sentence: "acme-platform is Acme Platform." },
    { id: "credential", state: "passed", sentence: "It is an API token." },
    { id: "scopes", state: "warning", sentence: "read:user:bitbucket is missing; not needed." },
    { id: "rest", state: "passed", sentence: "The list of repositories was answered." },
    { id: "git", state: "failed", sentence: "Git refused the token (401)." },
    { id: "repositories", state: "skipped", sentence: "Not asked, since git failed." },
  ],
}];
