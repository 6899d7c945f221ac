/** Made-up rows for the gallery: every state once, long names, large numbers. */

import type { FindingRowView } from "@/components/finding_row.tsx";
import type { Frame } from "@/components/layout.tsx";
import type { RepositoryRowView } from "@/components/repository_row.tsx";
import type { StatusView } from "@/components/scan_status.tsx";
import type { SelectionView } from "@/components/selection_form.tsx";
import type { ServerRowView } from "@/components/server_row.tsx";
import type { ServerView } from "@/components/server_status.tsx";
import {
  FINDING_STATES,
  FINDING_WORDS,
  OUTDATED_SENTENCE,
  REPOSITORY_STATES,
  REPOSITORY_WORDS,
  type RepositoryState,
  SERVER_WORDS,
  type ServerState,
  SEVERITY_ORDER,
  SEVERITY_WORDS,
} from "@/lib/status.ts";

/** The moment at which every gallery page is rendered. */
export const NOW = Date.UTC(2026, 10, 24, 14, 5, 0);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A signed-in admin. */
export const FRAME: Frame = {
  instanceName: "Acme Platform",
  user: { email: "robin.admin@acme.example", role: "admin" },
  flash: null,
};

/** The same for who reads only. */
export const VIEWER: Frame = { ...FRAME, user: { email: "vic@acme.example", role: "viewer" } };

/** A status with its words, plain unless told. */
export function repositoryStatus(
  state: RepositoryState,
  rest: Partial<StatusView> = {},
): StatusView {
  return {
    state,
    ...REPOSITORY_WORDS[state],
    detail: null,
    until: null,
    progress: null,
    ...rest,
  };
}

function serverStatus(state: ServerState, rest: Partial<StatusView> = {}): StatusView {
  return { state, ...SERVER_WORDS[state], detail: null, until: null, progress: null, ...rest };
}

const DETAILS: Partial<Record<RepositoryState, Partial<StatusView>>> = {
  scanning: {
    progress: {
      step: "History: reading",
      done: 48_211,
      total: 92_114,
      unit: "objects",
      bytes: 61_000_000,
      beatAt: NOW - 3000,
      stalled: false,
      silenceEndsMs: null,
    },
  },
  waiting: { until: NOW + 27 * MINUTE, detail: "Bitbucket asked us to wait." },
  failed: { detail: "Bitbucket did not answer. 5 tries were made." },
  partial: { detail: "3 files larger than 5 MB were left out." },
  outdated: { detail: OUTDATED_SENTENCE },
  skipped: { detail: "The repository is empty." },
  gone: { detail: "Since 2026-11-20." },
};

const NAMES = [
  "payments-gateway",
  "shop-frontend",
  "infrastructure-as-code-for-every-region-and-stage",
  "mobile-app",
  "data-warehouse",
  "legacy-monolith",
  "docs",
  "design-tokens",
  "empty-template",
  "experiments",
  "old-website",
  "vendor-fork",
];

/** One row a state. */
export const ROWS: readonly RepositoryRowView[] = REPOSITORY_STATES.map((state, index) => ({
  id: `r${index}`,
  fullName: `acme-platform/${NAMES[index]}`,
  projectName: index % 3 === 0 ? "Payments" : index % 3 === 1 ? "Customer journeys" : null,
  isPrivate: index % 4 !== 3,
  server: { id: "s1", name: "Acme Platform" },
  status: repositoryStatus(state, DETAILS[state]),
  findings: ["queued", "not_selected", "waiting"].includes(state)
    ? null
    : ["findings", "partial", "scanning", "gone"].includes(state)
    ? { critical: index % 2, high: 3, medium: 12, low: 1204 }
    : { critical: 0, high: 0, medium: 0, low: 0 },
  lastScan: ["queued", "not_selected", "scanning"].includes(state)
    ? null
    : { at: NOW - index * 47 * MINUTE, commit: "9fceb02d0ae598e95dc970b74767f19372d61af8" },
  openScanId: ["scanning", "queued", "waiting"].includes(state) ? `j${index}` : null,
  inLine: state === "queued",
  canScan: !["gone", "not_selected"].includes(state),
  failed: state === "failed",
}));

/** A stalled scan, for its warning. */
export const STALLED: RepositoryRowView = {
  ...ROWS[0]!,
  id: "stalled",
  fullName: "acme-platform/very-slow-one",
  status: repositoryStatus("scanning", {
    progress: {
      step: "Tip: receiving",
      done: 12,
      total: null,
      unit: "objects",
      bytes: 1_200_000,
      beatAt: NOW - 40_000,
      stalled: true,
      silenceEndsMs: MINUTE,
    },
  }),
};

const RULES = ["AWS access key", "GitHub fine-grained token", "Private key", "Password in a URL"];

/** Findings of each severity and state. */
export const FINDINGS: readonly FindingRowView[] = FINDING_STATES.map((state, index) => ({
  id: `f${index}`,
  rule: RULES[index % RULES.length]!,
  severity: SEVERITY_WORDS[SEVERITY_ORDER[index % 4]!],
  state: FINDING_WORDS[state],
  preview: ["AKIA…7Q", "gith…3f", "-----BEGIN … KEY-----", "post…:…@db"][index % 4]!,
  repository: { id: "r0", fullName: `acme-platform/${NAMES[index]}` },
  path: index % 2
    ? "deploy/environments/production/eu-central-1/values.secret.yaml"
    : "src/config.ts",
  line: 12 + index * 31,
  atTip: index % 2 === 0,
  occurrences: 1 + index * 3,
  repositories: 1 + (index % 3),
  foundAt: NOW - index * 9 * MINUTE,
}));

/** One server a state. */
export const SERVERS: readonly ServerRowView[] = [
  {
    id: "s1",
    name: "Acme Platform",
    workspace: "acme-platform",
    type: "Bitbucket Cloud",
    status: serverStatus("discovering", { detail: "300 of 1,266 repositories found" }),
    selectedCount: 214,
    repositoryCount: 1266,
    discoveredAt: null,
    tokenExpiresAt: NOW + 200 * DAY,
    paused: false,
  },
  {
    id: "s2",
    name: "Acme Research",
    workspace: "acme-research",
    type: "Bitbucket Cloud",
    status: serverStatus("needs_attention", {
      detail: "Bitbucket no longer accepts the token. Replace it to go on.",
    }),
    selectedCount: 31,
    repositoryCount: 31,
    discoveredAt: NOW - 2 * DAY,
    tokenExpiresAt: NOW - DAY,
    paused: false,
  },
  {
    id: "s3",
    name: "Skunkworks",
    workspace: "skunkworks",
    type: "Bitbucket Cloud",
    status: serverStatus("waiting", { until: NOW + 27 * MINUTE }),
    selectedCount: 9,
    repositoryCount: 120,
    discoveredAt: NOW - 40 * MINUTE,
    tokenExpiresAt: NOW + 6 * DAY,
    paused: false,
  },
];

/** A server in the middle of its first scans. */
export const SERVER: ServerView = {
  id: "s1",
  name: "Acme Platform",
  workspace: "acme-platform",
  type: "Bitbucket Cloud",
  htmlUrl: "https://bitbucket.org/acme-platform/",
  status: serverStatus("discovering", { detail: "300 of 1,266 repositories found" }),
  attention: null,
  paused: false,
  discovery: {
    state: "running",
    found: 300,
    reported: 1266,
    startedAt: NOW - 4000,
    finishedAt: null,
    sentence: null,
    nextQueued: false,
  },
  budget: { used: 412, limit: 1000, pausedUntil: NOW + 27 * MINUTE, gitPausedUntil: null },
  totals: {
    states: REPOSITORY_STATES.slice(0, 8).map((state, index) => ({
      words: REPOSITORY_WORDS[state],
      count: [4, 821, 2, 3, 37, 5, 0, 394][index]!,
      href: `/repositories?server=s1&state=${state}`,
    })),
    selected: 1266,
    done: 439,
    waiting: 823,
    findings: { critical: 2, high: 31, medium: 80, low: 211 },
    summary: null,
    estimate: { leftMs: 59 * MINUTE, basis: "at 14 repositories a minute" },
  },
  selection: {
    sentence: "All repositories, including ones added later.",
    patterns: ["!*-archive"],
  },
  webhook: { state: "created", seenAt: NOW - 90_000 },
  token: { kind: "API token", user: "robin.admin@acme.example", expiresAt: NOW + 200 * DAY },
  everySeconds: 2,
  tag: "v1",
  now: NOW,
};

/** Step 4 with custom choice. */
export const SELECTION: SelectionView = {
  edit: null,
  action: "/servers/new/d1/repositories",
  mode: "custom",
  form: { values: {}, errors: {} },
  patterns: "payments-* !*-archive",
  q: "",
  project: "",
  projects: [{ value: "PAY", word: "Payments" }, { value: "CJ", word: "Customer journeys" }],
  rows: ROWS.map((row, index) => ({
    id: row.id,
    fullName: row.fullName,
    projectName: row.projectName,
    isPrivate: row.isPrivate,
    sizeBytes: index === 3 ? null : 4096 * 7 ** index,
    updatedAt: NOW - index * 3 * DAY,
    picked: index % 3 === 0,
  })),
  range: "1–12 of 300",
  offset: 0,
  previousOffset: null,
  nextOffset: 100,
  matches: { matching: 214, total: 1266, picked: 4 },
  found: 300,
  reported: 1266,
  halts: [],
  everySeconds: 2,
  tag: "v1",
  now: NOW,
};
