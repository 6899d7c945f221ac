/** From rows to what the JSON API gives. */

import type { z } from "zod";
import { FINDING_STATES, isOneOf, REPOSITORY_STATES, SERVER_STATES } from "@/lib/status.ts";
import type { FindingRow, OccurrenceRow } from "@/lib/store/findings.ts";
import type { RepositoryRow } from "@/lib/store/repositories.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "../deps.ts";
import { unresolvedCounts } from "../finding_list.ts";
import { repositoryStatus } from "../repository_views.ts";
import { serverStatus } from "../server_views.ts";
import type * as schemas from "./schemas.ts";

type View<Name extends keyof typeof schemas> = (typeof schemas)[Name] extends z.ZodType
  ? z.output<(typeof schemas)[Name]>
  : never;

/** RFC 3339, or null. */
function moment(at: number | null): string | null {
  return at === null || at === 0 ? null : new Date(at).toISOString();
}

/** A code server with its newest discovery and its counts. */
export async function serverView(deps: RouteDeps, row: Server): Promise<View<"server">> {
  const { store } = deps;
  const custom = row.selectionMode === "custom";
  const [[discovery], states, findings, budget, picked] = await Promise.all([
    store.jobs.listDiscoveries(row.id, 1),
    store.repositories.countByState(row.id),
    store.findings.counts(row.id),
    store.restCalls.budget(row),
    custom ? store.picks.listUuids(row.id) : [],
  ]);
  const status = serverStatus(row, discovery ?? null);
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    workspace: row.workspace,
    state: isOneOf(SERVER_STATES, row.state) ? row.state : "active",
    detail: status.detail,
    attention: row.attentionReason,
    waitingUntil: moment(status.until),
    paused: row.pausedAt !== null,
    selection: {
      mode: row.selectionMode,
      repositories: picked,
      include: row.include,
      exclude: row.exclude,
    },
    repositories: { selected: row.selectedCount, total: row.repositoryCount },
    discovery: discovery === undefined ? null : {
      id: discovery.id,
      state: discovery.state as NonNullable<View<"server">["discovery"]>["state"],
      found: discovery.found,
      reported: discovery.total,
      startedAt: moment(discovery.startedAt),
      finishedAt: moment(discovery.finishedAt),
    },
    discoveredAt: moment(row.discoveredAt),
    states: stateCounts(states),
    findings: unresolvedCounts(findings),
    token: {
      kind: row.credentialKind,
      user: row.credentialUser,
      expiresAt: moment(row.tokenExpiresAt),
    },
    restCalls: { used: budget.used, limit: budget.limit },
    createdAt: moment(row.createdAt)!,
  };
}

/** Every state with its count, also those of zero. */
export function stateCounts(counts: Record<string, number>): View<"stateCounts"> {
  return Object.fromEntries(
    REPOSITORY_STATES.map((state) => [state, counts[state] ?? 0]),
  ) as View<"stateCounts">;
}

/** A repository with its newest scan. */
export function repositoryView(row: RepositoryRow, now: number): View<"repository"> {
  const status = repositoryStatus(row, now);
  const { progress } = status;
  const { scan } = row;
  const step = scan?.step;
  return {
    id: row.id,
    uuid: row.uuid,
    fullName: row.fullName,
    server: { id: row.serverId, name: row.serverName },
    state: isOneOf(REPOSITORY_STATES, row.state) ? row.state : "queued",
    detail: status.detail,
    step: step === undefined || step === "discover" ? null : step,
    progress: progress === null ? null : {
      done: progress.done,
      total: progress.total,
      unit: progress.unit,
      bytes: progress.bytes,
      beatAt: moment(progress.beatAt),
      stalled: progress.stalled,
    },
    findings: { critical: row.critical, high: row.high, medium: row.medium, low: row.low },
    lastScan: row.scannedAt > 0 ? { at: moment(row.scannedAt)!, commit: row.scannedCommit } : null,
    openScan: scan !== null && ["queued", "running"].includes(scan.state) ? scan.id : null,
    url: row.htmlUrl,
  };
}

/** Gives the address of a line at the code server, if it has one; needs no credential. */
export type LineUrl = (
  place: { fullName: string; commit: string; path: string; line: number },
) => string | null;

/** Addresses of lines by server, for rows of several of them. */
export async function lineUrls(deps: RouteDeps): Promise<(serverId: string) => LineUrl> {
  const known = new Map<string, LineUrl>();
  for (const { id, type, workspace } of await deps.store.servers.list()) {
    const links = deps.openWorkspace(type, workspace, {
      kind: "access_token",
      user: null,
      secret: "",
    });
    known.set(id, (place) => links.lineUrl(place));
  }
  return (serverId) => known.get(serverId) ?? (() => deps.publicUrl);
}

/** A finding at its first place. */
export function findingView(row: FindingRow, lineUrl: LineUrl): View<"finding"> {
  const fullName = row.repositoryFullName;
  const place = { commit: row.firstCommit, path: row.firstPath, line: row.firstLine };
  return {
    id: row.id,
    rule: row.ruleId,
    severity: row.severity,
    confidence: row.confidence,
    state: isOneOf(FINDING_STATES, row.state) ? row.state : "open",
    repository: { id: row.repositoryId, fullName },
    preview: row.preview,
    fingerprint: row.fingerprint,
    atTip: row.atTip,
    firstSeen: { ...place, author: row.firstAuthor, date: moment(row.firstDate) },
    occurrences: row.occurrenceCount,
    reasons: row.reasons,
    suppressedBy: row.state === "suppressed" ? row.suppressedBy : null,
    triage: row.triagedBy === null || row.triagedAt === null
      ? null
      : { by: row.triagedBy, at: moment(row.triagedAt)!, reason: row.triageReason ?? "" },
    url: lineUrl({ fullName, ...place }),
  };
}

/** A finding with its places. */
export function findingDetailView(
  row: FindingRow,
  places: readonly OccurrenceRow[],
  lineUrl: LineUrl,
): View<"findingDetail"> {
  return {
    ...findingView(row, lineUrl),
    places: places.map(({ commit, path, line, author, date, atTip }) => ({
      commit,
      path,
      line,
      author,
      date: moment(date),
      atTip,
      url: lineUrl({ fullName: row.repositoryFullName, commit, path, line }),
    })),
  };
}
