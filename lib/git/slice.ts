/** The next piece of a history, oldest first, and how it is asked for. */

import { RemoteError } from "@/lib/errors.ts";
import {
  learnCommits,
  looseRefs,
  newest,
  orderGraph,
  parentsLeftOut,
  tipsTooLarge,
} from "@/lib/git/commit_graph.ts";
import { type GraphCommit, readGraph } from "@/lib/git/commit_texts.ts";
import type { GitRemote } from "@/lib/git/git_http.ts";
import type { PlainOptions } from "@/lib/git/plain_pack.ts";

/** A piece of a history. */
export interface Slice {
  /** The newest commits of all that is read when it is done. */
  frontier: string[];
  /** What to ask for. */
  wants: string[];
  /** What was read before and is not to be sent; empty when each commit comes with all its files. */
  haves: string[];
  /** Commits at which the piece ends below. */
  shallow: string[];
  /** Commits read when it is done, and in all. */
  done: number;
  total: number;
}

/** Where a history stands that is read in pieces. */
export interface SliceStand {
  /** The newest commits that were read. */
  frontier: readonly string[];
  /** How many commits are taken at once. */
  commits: number;
  files: "all" | "changes";
  /** What earlier pieces learned of the commits. */
  graph: readonly Uint8Array[];
}

/** What is next. */
export type NextPiece =
  /** More of the commits had to be learned first; the texts are to be kept. */
  | { kind: "learned"; parts: readonly Uint8Array[]; leftOut: readonly string[] }
  | { kind: "slice"; slice: Slice }
  /** All commits are read: what is left to ask for are refs of files and folders. */
  | { kind: "rest"; wants: readonly string[]; leftOut: readonly string[] };

/** What a server's limit is called when no slice of any size would get on. */
export const TIP_TOO_LARGE = "the newest commit of a branch or tag does not fit";

/** Finds out what to read next, or learns what is needed for it. @throws RemoteError */
export async function nextPiece(
  remote: GitRemote,
  { frontier, commits, files, graph: kept }: SliceStand,
  options: PlainOptions,
): Promise<NextPiece> {
  const graph = readGraph(kept);
  const { parts, refs, leftOut } = await learnCommits(remote, graph, commits, options);
  const tooLarge = tipsTooLarge(graph, refs);
  if (tooLarge === "head") throw giveUp(leftOut);
  if (parts.length > 0) return { kind: "learned", parts, leftOut };
  const ordered = orderGraph(graph, refs);
  const slice = nextSlice(ordered, frontier, commits, files);
  if (slice !== null) return { kind: "slice", slice };
  if (tooLarge === "some") throw giveUp([]);
  return { kind: "rest", wants: looseRefs(graph, refs), leftOut: parentsLeftOut(ordered) };
}

function giveUp(figures: readonly string[]): RemoteError {
  const message = ["Cannot read the whole history", TIP_TOO_LARGE, ...figures].join(": ");
  return new RemoteError("too_large", message, { limit: TIP_TOO_LARGE });
}

/**
 * The next `size` commits above `before`, the newest commits of what was read; null when nothing
 * is left. `commits` stand parents before children, so that what is read has no holes; commits
 * that were rewritten away meanwhile are no longer counted as read.
 *
 * `all`: each commit comes with all of its files, so that a file which only moved is seen where it
 * went. `changes`: only what earlier pieces did not have, for when the files of one commit are
 * more than a pack may hold.
 */
export function nextSlice(
  commits: readonly GraphCommit[],
  before: readonly string[],
  size: number,
  files: "all" | "changes" = "all",
): Slice | null {
  const known = new Map(commits.map((commit) => [commit.oid, commit]));
  const read = new Set<string>();
  const open = before.filter((oid) => known.has(oid));
  while (open.length > 0) {
    const oid = open.pop()!;
    if (read.has(oid)) continue;
    read.add(oid);
    for (const parent of known.get(oid)!.parents) if (known.has(parent)) open.push(parent);
  }
  const fresh = new Set<string>();
  for (const { oid } of commits) {
    if (fresh.size >= size) break;
    if (!read.has(oid)) fresh.add(oid);
  }
  if (fresh.size === 0) return null;
  const all = new Set([...read, ...fresh]);
  const graph = { commits: known };
  const frontier = newest(all, graph);
  const wants = new Set(frontier.filter((oid) => fresh.has(oid)));
  const shallow: string[] = [];
  const within = files === "all" ? fresh : all;
  for (const oid of all) {
    const { parents } = known.get(oid)!;
    if (!within.has(oid) || parents.every((parent) => within.has(parent))) continue;
    shallow.push(oid);
    // Its parents are cut off together: those of this piece are asked for by themselves.
    for (const parent of parents) if (fresh.has(parent)) wants.add(parent);
  }
  return {
    frontier,
    wants: [...wants],
    haves: files === "all" ? [] : newest(read, graph),
    shallow,
    done: all.size,
    total: commits.length,
  };
}
