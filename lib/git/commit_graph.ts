/**
 * The commits of a repository without their trees and files, and slices of them: how a history
 * that is too large for one pack, or for one time box, is read a piece at a time, oldest first.
 */

import { type Clock, systemClock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { createHttp } from "@/lib/http.ts";
import { createBreather } from "@/lib/git/breather.ts";
import { decodeText, parseCommitLinks } from "@/lib/git/commit.ts";
import { orderCommits } from "@/lib/git/commit_order.ts";
import { createGitHttp, type GitRemote } from "@/lib/git/git_http.ts";
import type { ReadingLimits } from "@/lib/git/mod.ts";
import { readPack } from "@/lib/git/read_pack.ts";
import { receivePack } from "@/lib/git/receive.ts";
import { type CapabilityMemory, openRepository } from "@/lib/git/smart_http.ts";
import { createSpool } from "@/lib/git/spool.ts";
import { NO_SCANNER } from "@/lib/git/blob_scanner.ts";

/** A commit and its parents, by their ids in hex. */
export interface GraphCommit {
  oid: string;
  parents: string[];
}

export interface GraphOptions {
  limits: ReadingLimits;
  spoolDir: string | null;
  memory: CapabilityMemory;
  signal?: AbortSignal | undefined;
  fetch?: typeof fetch;
  clock?: Clock;
}

/**
 * All commits of all branches and tags, parents before children. @throws RemoteError `too_large`
 * also where the server does not leave out trees and files
 */
export async function fetchCommits(
  remote: GitRemote,
  options: GraphOptions,
): Promise<GraphCommit[]> {
  const { limits, signal } = options;
  const clock = options.clock ?? systemClock;
  const door = createHttp({
    origins: [new URL(remote.url).origin],
    timeoutMs: limits.idleSeconds * 1000,
    idleMs: limits.idleSeconds * 1000,
    clock,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const http = createGitHttp(remote, door, signal);
  const spool = createSpool({ memoryBytes: limits.memoryBytes, dir: options.spoolDir });
  try {
    const { uploadPack, refs } = await openRepository(http, options.memory);
    if (!uploadPack.canFilter) throw refuseWhole();
    const wants = [...new Set(refs.refs.map((ref) => ref.oid))];
    if (wants.length === 0) return [];
    const request = { wants, haves: [], depth: null, filter: "tree:0" } as const;
    const { pack } = await uploadPack.fetchPack(request);
    const count = await receivePack(pack, spool, limits);
    await http.close();
    const breather = createBreather(clock, signal);
    const read = await readPack(spool, count, NO_SCANNER, limits, breather);
    if (read.trees.length > read.commits.length) throw refuseWhole();
    const ordered = await orderCommits(read, breather);
    return ordered.map(({ id, index }) => {
      const bytes = read.objects.bytes(index);
      const { parents } = parseCommitLinks(bytes)!;
      return {
        oid: read.oids.hex(id),
        parents: parents.map((at) => decodeText(bytes.subarray(at, at + 40))),
      };
    });
  } finally {
    await http.close();
    spool.close();
  }
}

/** What a server's limit is called that makes slices of any size impossible. */
export const NO_COMMITS_ALONE = "the server does not send commits alone";

function refuseWhole(): RemoteError {
  return new RemoteError("too_large", `Cannot read the history in slices: ${NO_COMMITS_ALONE}`, {
    limit: NO_COMMITS_ALONE,
  });
}

/** The next piece of a history. */
export interface Slice {
  /** The newest commits of all that is read when it is done. */
  frontier: string[];
  /** Its newest commits: what to ask for. */
  wants: string[];
  /** The newest commits of all that was read before. */
  haves: string[];
  /** Commits read when it is done, and in all. */
  done: number;
  total: number;
}

/**
 * The next `size` commits above `before`, the newest commits of what was read; null when nothing
 * is left. `commits` stand parents before children, so that what is read has no holes; commits
 * that were rewritten away meanwhile are no longer counted as read.
 */
export function nextSlice(
  commits: readonly GraphCommit[],
  before: readonly string[],
  size: number,
): Slice | null {
  const parentsOf = new Map(commits.map((commit) => [commit.oid, commit.parents]));
  const read = new Set<string>();
  const open = before.filter((oid) => parentsOf.has(oid));
  while (open.length > 0) {
    const oid = open.pop()!;
    if (read.has(oid)) continue;
    read.add(oid);
    for (const parent of parentsOf.get(oid) ?? []) if (parentsOf.has(parent)) open.push(parent);
  }
  const haves = newest(read, parentsOf);
  const fresh = new Set<string>();
  for (const { oid } of commits) {
    if (fresh.size >= size) break;
    if (!read.has(oid)) fresh.add(oid);
  }
  if (fresh.size === 0) return null;
  const all = new Set([...read, ...fresh]);
  const frontier = newest(all, parentsOf);
  const wants = frontier.filter((oid) => fresh.has(oid));
  return { frontier, wants, haves, done: all.size, total: commits.length };
}

/** Those of a set that are no parent within it. */
function newest(set: ReadonlySet<string>, parentsOf: ReadonlyMap<string, string[]>): string[] {
  const parents = new Set<string>();
  for (const oid of set) for (const parent of parentsOf.get(oid) ?? []) parents.add(parent);
  return [...set].filter((oid) => !parents.has(oid));
}
