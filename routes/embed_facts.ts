/** What an embed shows, read for a key and kept until something is written. */

import type { EmbedView } from "@/components/embed_status.tsx";
import { isAccessKey } from "@/lib/access_key.ts";
import { isOneOf, REPOSITORY_STATES, REPOSITORY_WORDS } from "@/lib/status.ts";
import type { EmbedKey } from "@/lib/store/embed_keys.ts";
import type { RouteDeps } from "./deps.ts";
import type { Made } from "./embed_answers.tsx";
import { unresolvedCounts } from "./finding_list.ts";
import { repositoryStatus } from "./repository_views.ts";
import { serverStatus } from "./server_views.ts";

export type EmbedKind = EmbedView["kind"];

/** Why a key shows nothing. */
export type Refusal = "no_key" | "unknown_key" | "revoked" | "expired" | "out_of_scope";

/** What a person in the other portal reads. */
export const REFUSALS: Record<Refusal, { status: 401 | 403 | 404; sentence: string }> = {
  no_key: { status: 401, sentence: "An embed key is missing from this address." },
  unknown_key: { status: 403, sentence: "This embed key is unknown." },
  revoked: { status: 403, sentence: "This embed key was revoked." },
  expired: { status: 403, sentence: "This embed key has expired." },
  out_of_scope: { status: 404, sentence: "There is nothing here that this embed key may show." },
};

/** The key, where there is one, and what it shows or why not. */
export interface Embedded {
  key: EmbedKey | null;
  result: { refusal: Refusal } | { view: Omit<EmbedView, "src"> };
  /** What was made of the view under a name: made once for all who ask between two writes. */
  made(name: string, make: () => Promise<Made>): Promise<Made>;
  /** The same without waiting; null where it is not made yet. */
  recall(name: string): Made | null;
}

/** What is read for keys and things. */
export interface EmbedFacts {
  find(key: string, kind: EmbedKind, id: string): Promise<Embedded>;
  /** As `find`, from memory alone; null when there is anything to look up, to note or to refuse. */
  recall(key: string, kind: EmbedKind, id: string): Embedded | null;
}

/**
 * While something runs; while something waits; and once all is over, since the portal's page stays
 * open and the next scan begins by itself.
 */
const FAST_SECONDS = 5;
const SLOW_SECONDS = 30;
const OVER_SECONDS = 300;

/** Where other processes write too, what was read is believed for so long. */
const SHARED_MS = 5_000;

/** Running scans write all the time: what a good key shows is at most this old. */
const NEWS_MS = 1_000;

/** Far more than the embeds that one instance is asked for between two writes. */
const MOST_KEPT = 2_000;

/** What is being read, and why keys show nothing: apart, since strangers may ask for any number. */
const MOST_REFUSED = 200;

/** Ids of ours have 20 characters. */
const LONGEST_ID = 40;

interface Kept {
  writes: number;
  accessWrites: number;
  readAt: number;
  value: Promise<Embedded>;
  /** The value, once it is there. */
  read: Embedded | null;
}

/** Reads for one key and thing; equal questions between two writes cost no query. */
export function createEmbedFacts(deps: RouteDeps): EmbedFacts {
  const { store, clock } = deps;
  const kept = new Map<string, Kept>();
  const refused = new Map<string, Kept>();

  const isFresh = (entry: Kept, now: number) => {
    if (store.shared) return now - entry.readAt < SHARED_MS;
    if (entry.writes === store.writes) return true;
    // A write that may end a key counts at once, whatever else may wait.
    return entry.accessWrites === store.accessWrites && now - entry.readAt < NEWS_MS;
  };

  function readAnew(name: string, now: number, value: Promise<Embedded>): Kept {
    kept.delete(name);
    if (refused.size >= MOST_REFUSED) refused.clear();
    const { writes, accessWrites } = store;
    const entry: Kept = { writes, accessWrites, readAt: now, value, read: null };
    refused.set(name, entry);
    const forget = () => {
      if (refused.get(name) === entry) refused.delete(name);
    };
    value.then((found) => {
      entry.read = found;
      if ("refusal" in found.result) return;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(name, entry);
      forget();
      // A failed read is nobody's answer but of those who wait for it.
    }, forget);
    return entry;
  }

  return {
    async find(key, kind, id) {
      // Before anything is kept: the text may be of any length, and another one each time.
      if (key === "") return embedded(null, { refusal: "no_key" });
      if (!isAccessKey(key, "embed")) return embedded(null, { refusal: "unknown_key" });
      if (id.length > LONGEST_ID) return embedded(null, { refusal: "out_of_scope" });
      const name = `${key} ${kind} ${id}`;
      const now = clock.now();
      let entry = kept.get(name) ?? refused.get(name);
      if (entry === undefined || !isFresh(entry, now)) {
        entry = readAnew(name, now, read(deps, key, kind, id));
      }
      const found = await entry.value;
      if ("refusal" in found.result || found.key === null) return found;
      const { expiresAt } = found.key;
      if (expiresAt !== null && expiresAt <= now) return { ...found, result: EXPIRED };
      await store.embedKeys.noteUse(found.key);
      return found;
    },

    recall(key, kind, id) {
      const entry = kept.get(`${key} ${kind} ${id}`);
      const now = clock.now();
      if (!entry?.read || !isFresh(entry, now)) return null;
      const found = entry.read;
      if ("refusal" in found.result || found.key === null) return null;
      const { expiresAt } = found.key;
      if (expiresAt !== null && expiresAt <= now) return null;
      return store.embedKeys.isNoted(found.key) ? found : null;
    },
  };
}

const EXPIRED = { refusal: "expired" } as const;

function embedded(key: EmbedKey | null, result: Embedded["result"]): Embedded {
  const making = new Map<string, Promise<Made>>();
  const ready = new Map<string, Made>();
  return {
    key,
    result,
    recall: (name) => ready.get(name) ?? null,
    async made(name, make) {
      let one = making.get(name);
      if (one === undefined) {
        making.set(name, one = make());
        one.catch(() => making.delete(name));
      }
      const made = await one;
      ready.set(name, made);
      return made;
    },
  };
}

async function read(
  deps: RouteDeps,
  keyText: string,
  kind: EmbedKind,
  id: string,
): Promise<Embedded> {
  const key = await deps.store.embedKeys.findByKey(keyText);
  if (key === null) return embedded(key, { refusal: "unknown_key" });
  if (key.revokedAt !== null) return embedded(key, { refusal: "revoked" });
  if (key.expiresAt !== null && key.expiresAt <= deps.clock.now()) return embedded(key, EXPIRED);
  const view = kind === "server"
    ? await serverFacts(deps, key, id)
    : await repositoryFacts(deps, key, id);
  return embedded(key, view === null ? { refusal: "out_of_scope" } : { view });
}

async function serverFacts(deps: RouteDeps, key: EmbedKey, id: string) {
  const { store } = deps;
  const row = await store.servers.find(id);
  if (row === null || row.draftId !== null || !covers(key, { serverId: id })) return null;
  const [[discovery], states, findings] = await Promise.all([
    store.jobs.listDiscoveries(id, 1),
    store.repositories.countByState(id),
    store.findings.counts(id),
  ]);
  const status = serverStatus(row, discovery ?? null);
  const running = (states.scanning ?? 0) > 0 || status.state === "discovering";
  const waiting = (states.queued ?? 0) + (states.waiting ?? 0) > 0 || status.state === "waiting";
  const open = (states.scanning ?? 0) + (states.queued ?? 0) + (states.waiting ?? 0);
  const discovered = row.discoveredAt !== null;
  return {
    kind: "server" as const,
    id,
    name: row.name,
    words: status,
    detail: key.showCounts ? status.detail : null,
    progress: key.showCounts && open > 0 && discovered
      ? {
        done: Math.max(0, row.selectedCount - open),
        total: row.selectedCount,
        unit: "repositories",
      }
      : null,
    counts: key.showCounts ? unresolvedCounts(findings) : null,
    states: key.showCounts
      ? REPOSITORY_STATES.filter((state) => state !== "not_selected" && (states[state] ?? 0) > 0)
        .map((state) => ({ word: REPOSITORY_WORDS[state].word, count: states[state]! }))
      : null,
    lastScanAt: null,
    href: `${deps.publicUrl}/servers/${id}`,
    everySeconds: row.pausedAt !== null
      ? OVER_SECONDS
      : running
      ? FAST_SECONDS
      : waiting
      ? SLOW_SECONDS
      : OVER_SECONDS,
    instanceName: deps.instanceName,
  };
}

async function repositoryFacts(deps: RouteDeps, key: EmbedKey, id: string) {
  const row = await deps.store.repositories.find(id);
  if (row === null || !covers(key, { serverId: row.serverId, repositoryId: id })) return null;
  const status = repositoryStatus(row, deps.clock.now());
  const state = isOneOf(REPOSITORY_STATES, row.state) ? row.state : "queued";
  const { progress } = status;
  const every = { scanning: FAST_SECONDS, queued: SLOW_SECONDS, waiting: SLOW_SECONDS };
  return {
    kind: "repository" as const,
    id,
    name: row.fullName,
    words: status,
    // A failure's technical words may name what stands in the repository; the sentence does not.
    detail: ["waiting", "failed", "outdated"].includes(state) ? status.detail : null,
    progress: progress && { done: progress.done, total: progress.total, unit: progress.unit },
    counts: key.showCounts && row.scannedAt > 0
      ? { critical: row.critical, high: row.high, medium: row.medium, low: row.low }
      : null,
    states: null,
    lastScanAt: row.scannedAt > 0 ? row.scannedAt : null,
    href: `${deps.publicUrl}/repositories/${id}`,
    everySeconds: every[state as keyof typeof every] ?? OVER_SECONDS,
    instanceName: deps.instanceName,
  };
}

/** A key of a server covers its repositories, those added later too. */
function covers(key: EmbedKey, thing: { serverId: string; repositoryId?: string }): boolean {
  if (key.serverIds.length + key.repositoryIds.length === 0) return true;
  if (key.serverIds.includes(thing.serverId)) return true;
  return thing.repositoryId !== undefined && key.repositoryIds.includes(thing.repositoryId);
}
