/** Every page in its telling states, for screenshots and for the accessibility checks. */

import type { JSX } from "hono/jsx/jsx-runtime";
import { ErrorPage } from "@/components/error_page.tsx";
import { FindingPage, type FindingView } from "@/components/finding_page.tsx";
import { FindingsPage, type FindingsView } from "@/components/findings_page.tsx";
import type { Frame } from "@/components/layout.tsx";
import { RepositoriesPage, type RepositoriesView } from "@/components/repositories_page.tsx";
import { RepositoryPage, type RepositoryView } from "@/components/repository_page.tsx";
import {
  EditSelectionPage,
  RemoveDraftPage,
  RemoveServerPage,
  ReplaceTokenPage,
} from "@/components/server_forms.tsx";
import { ServerPage } from "@/components/server_page.tsx";
import { ServersPage } from "@/components/server_row.tsx";
import { SaveStep, TypeStep, WorkspaceStep } from "@/components/server_wizard.tsx";
import { SettingsPage } from "@/components/settings_page.tsx";
import { SetupClosedPage, SetupPage, SignInPage } from "@/components/sign_in_page.tsx";
import { RepositoriesStep, TokenStep, type TokenStepView } from "@/components/wizard_steps.tsx";
import { FINDING_WORDS, REPOSITORY_WORDS, SEVERITY_WORDS, TRIAGE_STATES } from "@/lib/status.ts";
import {
  FINDINGS,
  FRAME,
  NOW,
  repositoryStatus,
  ROWS,
  SELECTION,
  SERVER,
  SERVERS,
  STALLED,
} from "./gallery_views.ts";

const VIEWER: Frame = { ...FRAME, user: { email: "vic@acme.example", role: "viewer" } };
const NO_FORM = { values: {}, errors: {} };

const REPOSITORIES: RepositoriesView = {
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
    { word: "Code server", href: null, sorted: null },
    { word: "State", href: null, sorted: null },
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
  discovering: true,
  here: "/repositories",
  now: NOW,
};

const REPOSITORY: RepositoryView = {
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
  now: NOW,
};

const FINDINGS_VIEW: FindingsView = {
  rows: FINDINGS,
  secrets: null,
  tabs: [
    { href: "/findings", word: "open", icon: "key", count: 324, current: true },
    { href: "/findings?state=to_fix", word: "to fix", icon: "wrench", count: 12, current: false },
  ],
  openCounts: { critical: 2, high: 31, medium: 80, low: 211 },
  pager: { range: "1–50 of 324", firstHref: null, previousHref: null, nextHref: "#2" },
  filters: {
    severity: "",
    rule: "",
    server: "",
    tip: "",
    state: "",
    group: "",
    repository: { id: "r0", fullName: "acme-platform/payments-gateway" },
    fingerprint: "",
    severities: [{ value: "critical", word: "critical" }],
    rules: [{ value: "aws-access-key", word: "AWS access key" }],
    servers: [{ value: "s1", word: "Acme Platform" }],
  },
  triageOptions: TRIAGE_STATES.map((state) => ({ value: state, word: FINDING_WORDS[state].word })),
  bulkError: null,
  scannedAny: true,
  here: "/findings",
  now: NOW,
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

const FINDING: FindingView = {
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

const TOKEN: TokenStepView = {
  form: NO_FORM,
  kept: null,
  preflight: [],
  state: "none",
  others: [],
};

const CHECKED: TokenStepView["preflight"] = [{
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

const wizard = { frame: FRAME, draftId: "d1", reached: "save" as const };
const live = { everySeconds: 600, tag: "v1" };
const server = { id: "s1", name: "Acme Platform" };

/** Page by name; names are those of the image files. */
export const GALLERY: Record<string, () => JSX.Element> = {
  "repositories": () => <RepositoriesPage frame={FRAME} view={REPOSITORIES} />,
  "repositories-viewer": () => (
    <RepositoriesPage
      frame={{ ...VIEWER, flash: { tone: "good", text: "Acme Platform is connected." } }}
      view={{ ...REPOSITORIES, live: { ...REPOSITORIES.live, everySeconds: null } }}
    />
  ),
  "repositories-empty": () => (
    <RepositoriesPage frame={FRAME} view={{ ...REPOSITORIES, hasServers: false, failedCount: 0 }} />
  ),
  "repositories-loading": () => (
    <RepositoriesPage
      frame={FRAME}
      view={{ ...REPOSITORIES, rows: [], filters: { ...REPOSITORIES.filters, server: "" } }}
    />
  ),
  "repositories-nothing": () => (
    <RepositoriesPage
      frame={FRAME}
      view={{ ...REPOSITORIES, rows: [], filters: { ...REPOSITORIES.filters, q: "zzz" } }}
    />
  ),
  "repository": () => <RepositoryPage frame={FRAME} view={REPOSITORY} />,
  "repository-new": () => (
    <RepositoryPage
      frame={VIEWER}
      view={{
        ...REPOSITORY,
        row: ROWS[1]!,
        findings: [],
        scans: [],
        refs: { count: 0, shown: [] },
        scan: { ...REPOSITORY.scan, status: repositoryStatus("queued"), everySeconds: null },
      }}
    />
  ),
  "findings": () => <FindingsPage frame={FRAME} view={FINDINGS_VIEW} />,
  "findings-secrets": () => (
    <FindingsPage
      frame={FRAME}
      view={{
        ...FINDINGS_VIEW,
        rows: [],
        secrets: FINDINGS.map((row) => ({
          fingerprint: row.id,
          rule: row.rule,
          preview: row.preview,
          severity: row.severity,
          repositories: row.repositories,
          findings: row.occurrences,
          atTip: row.atTip,
          lastFoundAt: row.foundAt,
        })),
      }}
    />
  ),
  "findings-empty": () => (
    <FindingsPage frame={VIEWER} view={{ ...FINDINGS_VIEW, rows: [], scannedAny: false }} />
  ),
  "finding": () => <FindingPage frame={FRAME} view={FINDING} />,
  "servers": () => (
    <ServersPage
      frame={FRAME}
      rows={SERVERS}
      live={live}
      now={NOW}
      drafts={[{ id: "d1", href: "#", words: "acme-labs, at the token", startedAt: NOW - 90_000 }]}
    />
  ),
  "servers-empty": () => <ServersPage frame={FRAME} rows={[]} live={live} now={NOW} drafts={[]} />,
  "server": () => <ServerPage frame={FRAME} view={SERVER} />,
  "server-attention": () => (
    <ServerPage
      frame={FRAME}
      view={{
        ...SERVER,
        status: SERVERS[1]!.status,
        attention: { sentence: SERVERS[1]!.status.detail!, detail: "GET /user answered 401" },
        discovery: {
          ...SERVER.discovery,
          state: "complete",
          found: 1266,
          finishedAt: NOW - 7_000_000,
          startedAt: NOW - 7_031_000,
        },
        everySeconds: null,
      }}
    />
  ),
  "selection": () => <EditSelectionPage frame={FRAME} server={server} view={SELECTION} />,
  "token": () => (
    <ReplaceTokenPage frame={FRAME} server={server} form={NO_FORM} preflight={CHECKED} />
  ),
  "removal": () => (
    <RemoveServerPage
      frame={FRAME}
      server={server}
      repositories={1266}
      findings={324}
      form={{ values: {}, errors: { sure: "Tick the box to go on." } }}
    />
  ),
  "wizard-1-type": () => (
    <TypeStep {...wizard} draftId={null} reached="type" form={{ ...NO_FORM, values: {} }} />
  ),
  "wizard-2-workspace": () => (
    <WorkspaceStep
      {...wizard}
      form={{
        values: { workspaces: "acme-platform, Acme!" },
        errors: { workspaces: "“Acme!” is no workspace ID." },
      }}
      connected={[{ workspace: "acme-platform", serverId: "s1" }]}
    />
  ),
  "wizard-3-token": () => <TokenStep {...wizard} view={TOKEN} />,
  "wizard-3-checking": () => (
    <TokenStep
      {...wizard}
      view={{
        ...TOKEN,
        state: "running",
        kept: "API token of robin@acme.example",
        preflight: [{ ...CHECKED[0]!, running: true, checks: CHECKED[0]!.checks.slice(0, 2) }],
      }}
    />
  ),
  "wizard-3-failed": () => (
    <TokenStep
      {...wizard}
      view={{
        ...TOKEN,
        state: "failed",
        preflight: CHECKED,
        form: { values: {}, errors: { token: "Git refused this token." } },
      }}
    />
  ),
  "wizard-3-passed": () => (
    <TokenStep
      {...wizard}
      view={{
        ...TOKEN,
        state: "passed",
        kept: "API token of robin@acme.example",
        preflight: [{ ...CHECKED[0]!, checks: CHECKED[0]!.checks.slice(0, 4) }],
        others: [{ slug: "acme-labs", chosen: false }, { slug: "acme-research", chosen: true }],
      }}
    />
  ),
  "wizard-4-repositories": () => <RepositoriesStep {...wizard} view={SELECTION} />,
  "wizard-5-save": () => (
    <SaveStep
      {...wizard}
      error={null}
      summary={{
        type: "Bitbucket Cloud",
        workspaces: [{ name: "Acme Platform", slug: "acme-platform", repositories: 1266 }],
        token: "API token of robin@acme.example",
        tokenExpiresAt: NOW + 200 * 86_400_000,
        selection: "Custom: 4 ticked repositories, and those that fit",
        patterns: ["payments-*", "!*-archive"],
      }}
    />
  ),
  "wizard-cancel": () => <RemoveDraftPage frame={FRAME} draftId="d1" back="#" />,
  "settings": () => (
    <SettingsPage
      frame={FRAME}
      form={NO_FORM}
      users={[
        { id: "u1", email: FRAME.user.email, role: "admin", createdAt: NOW, isYou: true },
        { id: "u2", email: VIEWER.user.email, role: "viewer", createdAt: NOW, isYou: false },
      ]}
    />
  ),
  "sign-in": () => (
    <SignInPage
      instanceName="Acme Platform"
      next="/repositories"
      notice={null}
      form={{
        values: { email: "robin@acme.example" },
        errors: { password: "E-mail or password is wrong." },
      }}
    />
  ),
  "setup": () => <SetupPage instanceName="Sluice" token="t" form={NO_FORM} />,
  "setup-closed": () => <SetupClosedPage instanceName="Sluice" hasUser={false} />,
  "error": () => (
    <ErrorPage
      frame={FRAME}
      instanceName="Acme Platform"
      error={{
        status: 404,
        title: "Not found",
        sentence: "There is no such repository, or it was removed with its code server.",
        requestId: "01k9x7",
        onward: { href: "/repositories", word: "To the repositories" },
      }}
    />
  ),
};
