/** From a server's row, its discovery and its counts to what the pages show. */

import type { ServerRowView } from "@/components/server_row.tsx";
import type { DiscoveryView, ServerView, SummaryView } from "@/components/server_status.tsx";
import type { StatusView } from "@/components/scan_status.tsx";
import { formatCount, plural } from "@/lib/format.ts";
import {
  ATTENTION_SENTENCES,
  isOneOf,
  OPEN_REPOSITORY_STATES,
  reasonSentence,
  REPOSITORY_STATES,
  REPOSITORY_WORDS,
  SERVER_STATES,
  SERVER_WORDS,
  type ServerState,
} from "@/lib/status.ts";
import type { DiscoveryRow } from "@/lib/store/jobs.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "./deps.ts";
import { unresolvedCounts } from "./finding_list.ts";
import { everySeconds, FAST_SECONDS, tagOf } from "./live.ts";

const TYPE_WORDS: Record<Server["type"], string> = { bitbucket_cloud: "Bitbucket Cloud" };

const CREDENTIAL_WORDS: Record<Server["credentialKind"], string> = {
  api_token: "API token",
  access_token: "Access token",
  oauth: "OAuth token",
};

/** "API token of ada@example.com", "Access token". */
export function credentialWords(kind: Server["credentialKind"], user: string | null): string {
  return user === null ? CREDENTIAL_WORDS[kind] : `${CREDENTIAL_WORDS[kind]} of ${user}`;
}

/** "Bitbucket Cloud". */
export function typeWords(type: Server["type"]): string {
  return TYPE_WORDS[type];
}

/** "All repositories, including ones added later" or how the custom choice is made. */
export function selectionWords(server: Pick<Server, "selectionMode">, picked: number): string {
  if (server.selectionMode === "all") return "All repositories, including ones added later.";
  return picked === 0
    ? "Custom: the repositories that fit the patterns."
    : `Custom: ${plural(picked, "ticked repository", "ticked repositories")}, and those that fit ` +
      `the patterns.`;
}

/** The patterns as they are typed: exclusions with a leading exclamation mark. */
export function patternWords(server: Pick<Server, "include" | "exclude">): string[] {
  return [...server.include, ...server.exclude.map((glob) => `!${glob}`)];
}

/** The server's state with its reason and, while it waits, until when. */
export function serverStatus(server: Server, discovery: DiscoveryRow | null): StatusView {
  const state = toState(server.state);
  return {
    state,
    ...SERVER_WORDS[state],
    detail: statusDetail(state, server, discovery),
    until: state === "waiting" ? waitsUntil(server, discovery) : null,
    progress: null,
  };
}

function statusDetail(
  state: ServerState,
  server: Server,
  discovery: DiscoveryRow | null,
): string | null {
  if (state === "needs_attention" && server.attentionReason) {
    return ATTENTION_SENTENCES[server.attentionReason];
  }
  if (state === "waiting" && discovery?.waitReason) return reasonSentence(discovery.waitReason);
  if (state === "waiting") return "Its scans pause.";
  if (state !== "discovering") return null;
  const found = discovery?.found ?? 0;
  return discovery?.total == null
    ? `${plural(found, "repository", "repositories")} found`
    : `${formatCount(found)} of ${formatCount(discovery.total)} repositories found`;
}

function waitsUntil(server: Server, discovery: DiscoveryRow | null): number | null {
  return discovery?.state === "queued" && discovery.waitReason !== null
    ? discovery.runAt
    : server.waitingUntil;
}

/** A row of the list of servers. */
export async function serverRowView(deps: RouteDeps, server: Server): Promise<ServerRowView> {
  const [discovery] = await deps.store.jobs.listDiscoveries(server.id, 1);
  return {
    id: server.id,
    name: server.name,
    workspace: server.workspace,
    type: typeWords(server.type),
    status: serverStatus(server, discovery ?? null),
    selectedCount: server.selectedCount,
    repositoryCount: server.repositoryCount,
    discoveredAt: server.discoveredAt,
    tokenExpiresAt: server.tokenExpiresAt,
    paused: server.pausedAt !== null,
  };
}

/** Everything a server's page shows. */
export async function serverView(
  deps: RouteDeps,
  server: Server,
  change: number,
): Promise<ServerView> {
  const { store } = deps;
  const now = deps.clock.now();
  const [discoveries, counts, findings, budget, rate, slugs] = await Promise.all([
    store.jobs.listDiscoveries(server.id, 2),
    store.repositories.countByState(server.id),
    store.findings.counts(server.id),
    store.restCalls.budget(server),
    store.jobs.scanRate(server.id),
    server.selectionMode === "custom" ? store.repositories.listSlugs(server.id) : [],
  ]);
  const [newest = null, before = null] = discoveries;
  // While a healthy server is looked at again, the proof of the last time stands.
  const discovery = server.discoveryState === "checking" ? before : newest;
  // The same before the next has read anything.
  const begun = newest?.state !== "queued" || newest.startedAt !== null;
  const proof = begun ? discovery : before ?? discovery;
  const state = toState(server.state);
  const open = OPEN_REPOSITORY_STATES.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
  const paused = server.pausedAt !== null;
  // A pause begins nothing new; what runs already is followed to its end.
  const interval = paused
    ? (counts.scanning ?? 0) > 0 || newest?.state === "running" ? FAST_SECONDS : null
    : everySeconds(counts, state === "discovering" || state === "waiting");
  return {
    id: server.id,
    name: server.name,
    workspace: server.workspace,
    type: typeWords(server.type),
    htmlUrl: workspaceUrl(deps, server),
    status: serverStatus(server, discovery),
    attention: server.attentionReason === null ? null : {
      sentence: ATTENTION_SENTENCES[server.attentionReason],
      detail: server.attentionDetail,
    },
    paused,
    discovery: {
      ...discoveryView(server, proof),
      nextQueued: proof !== discovery,
    },
    budget: {
      used: budget.used,
      limit: budget.limit,
      pausedUntil: newest?.state === "queued" && newest.waitReason === "rate_limited"
        ? newest.runAt
        : null,
      gitPausedUntil: server.waitingUntil,
    },
    totals: {
      states: REPOSITORY_STATES.filter((one) => (counts[one] ?? 0) > 0).map((one) => ({
        words: REPOSITORY_WORDS[one],
        count: counts[one]!,
        href: `/repositories?server=${server.id}&state=${one}`,
      })),
      selected: server.selectedCount,
      done: Math.max(0, server.selectedCount - open),
      findings: unresolvedCounts(findings),
      waiting: open - (counts.scanning ?? 0),
      summary: open === 0 && server.selectedCount > 0 && proof?.finishedAt != null
        ? await summaryView(deps, server.id)
        : null,
      estimate: paused ? null : estimate(rate, now - (server.savedAt ?? server.createdAt)),
    },
    selection: {
      sentence: selectionWords(server, slugs.filter((one) => one.picked).length),
      patterns: patternWords(server),
    },
    token: {
      kind: CREDENTIAL_WORDS[server.credentialKind],
      user: server.credentialUser,
      expiresAt: server.tokenExpiresAt,
    },
    webhook: { state: server.webhookState ?? "none", seenAt: server.webhookSeenAt },
    everySeconds: interval,
    tag: tagOf(change, interval, now),
    now,
  };
}

/** At most so many are named; the tabs of the repositories show them all. */
const SHOWN_LEFT_OUT = 20;

async function summaryView(deps: RouteDeps, serverId: string): Promise<SummaryView> {
  const { commits, scannedBytes, leftOut } = await deps.store.summaries.find(
    serverId,
    SHOWN_LEFT_OUT,
  );
  return {
    commits,
    scannedBytes,
    leftOut: leftOut.map((one) => ({
      id: one.id,
      fullName: one.fullName,
      words: REPOSITORY_WORDS[isOneOf(REPOSITORY_STATES, one.state) ? one.state : "failed"],
      sentence: one.failureReason ? reasonSentence(one.failureReason) : one.sentences.join(" "),
    })),
  };
}

/** Where a person sees the workspace: beside its commits, whose addresses the driver knows. */
function workspaceUrl(deps: RouteDeps, server: Server): string {
  const links = deps.openWorkspace(server.type, server.workspace, {
    kind: "access_token",
    user: null,
    secret: "",
  });
  const site = new URL(links.commitUrl({ fullName: `${server.workspace}/x`, commit: "x" })).origin;
  return `${site}/${server.workspace}/`;
}

function discoveryView(
  server: Server,
  discovery: DiscoveryRow | null,
): Omit<DiscoveryView, "nextQueued"> {
  if (discovery === null) {
    return {
      state: "never",
      found: 0,
      reported: null,
      startedAt: null,
      finishedAt: null,
      sentence: null,
    };
  }
  const reported = discovery.total ?? server.reportedCount;
  const ended = reported === null || discovery.found >= reported ? "complete" : "incomplete";
  const states: Record<string, DiscoveryView["state"]> = {
    queued: "queued",
    running: "running",
    succeeded: ended,
    failed: "failed",
    cancelled: "cancelled",
  };
  const reason = discovery.failureReason ?? discovery.waitReason;
  return {
    state: states[discovery.state] ?? "queued",
    found: discovery.found,
    reported,
    startedAt: discovery.startedAt,
    finishedAt: discovery.finishedAt,
    sentence: reason === null ? null : reasonSentence(reason),
  };
}

/** How long the open scans may take at the pace of the last minutes; null before the third ended. */
function estimate(
  rate: { ended: number; open: number; sinceMs: number },
  ageMs: number,
): ServerView["totals"]["estimate"] {
  if (rate.open === 0 || rate.ended < 3) return null;
  const spanMs = Math.max(1000, Math.min(rate.sinceMs, ageMs));
  const perMinute = rate.ended / (spanMs / 60_000);
  return {
    leftMs: (rate.open / perMinute) * 60_000,
    basis: perMinute >= 1
      ? `at ${plural(Math.round(perMinute), "repository", "repositories")} a minute`
      : `at ${
        plural(Math.max(1, Math.round(perMinute * 60)), "repository", "repositories")
      } an hour`,
  };
}

function toState(word: string): ServerState {
  return isOneOf(SERVER_STATES, word) ? word : "active";
}
