/**
 * What is known of commits, and the texts it is kept as: a line each of its id, its committer's
 * seconds and its parents' ids. Texts outlive the process, and none is larger than a database takes.
 */

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { RemoteError } from "@/lib/errors.ts";
import { decodeText, parseCommitLinks } from "@/lib/git/commit.ts";
import { parentsFirst } from "@/lib/git/commit_order.ts";

/** A commit, by its id and its parents' in hex, and its committer's seconds. */
export interface GraphCommit {
  oid: string;
  parents: readonly string[];
  committedAt: number;
}

/** What is known of some commits. */
export interface CommitGraph {
  commits: Map<string, GraphCommit>;
  /** What tags name beside commits. */
  others: Set<string>;
  /** Commits that are too large to be learned, each alone; what lies behind them is not known. */
  holes: Set<string>;
}

/** Merges of some sixty are known; a line of as many as here is almost as large as a text may be. */
export const MOST_PARENTS = 20_000;

/** Stands for the parents that are left out: no commit's id, and a hole in every graph. */
export const MORE_PARENTS = "more";

/** A text before it is deflated, which may not make it smaller: a server may send 10 MB at once. */
const PART_CHARS = 1_000_000;

/** Of one piece in all: about two million commits of one parent or two. */
const PIECE_CHARS = 192 * 1024 * 1024;

/** Beyond two of a commit, of all that is known: a small pack of deltas may say any number. */
const MOST_FURTHER = 500_000;

/** The graph that the kept texts say. */
export function readGraph(parts: readonly Uint8Array[]): CommitGraph {
  const graph: CommitGraph = {
    commits: new Map(),
    others: new Set(),
    holes: new Set([MORE_PARENTS]),
  };
  for (const part of parts) addLines(graph, inflateRawSync(part).toString("latin1").split("\n"));
  return graph;
}

/** Puts what lines say into the graph. */
export function addLines(graph: CommitGraph, lines: readonly string[]): void {
  for (const line of lines) {
    const [oid, what, ...parents] = line.split(" ");
    if (what === "other") graph.others.add(oid!);
    else if (what === "hole") graph.holes.add(oid!);
    else graph.commits.set(oid!, { oid: oid!, committedAt: Number(what), parents });
  }
}

/** The commit that an object says, each parent once; null when it cannot be read. */
export function readCommit(oid: string, bytes: Uint8Array): GraphCommit | null {
  const links = parseCommitLinks(bytes);
  if (links === null) return null;
  const parents = new Set<string>();
  for (const at of links.parents) {
    const parent = decodeText(bytes.subarray(at, at + 40)).toLowerCase();
    if (!/^[0-9a-f]{40}$/.test(parent)) continue;
    if (parents.size === MOST_PARENTS && !parents.has(parent)) {
      parents.add(MORE_PARENTS);
      break;
    }
    parents.add(parent);
  }
  return { oid, committedAt: links.committedAt, parents: [...parents] };
}

/**
 * Counts commits that are new to the graph, each as it is read, so that those which are more than
 * can be held are never held. The answer throws a RemoteError, `too_large`, above a limit.
 */
export function countCommits(
  { commits }: Pick<CommitGraph, "commits">,
  { chars: mostChars, further: mostFurther } = { chars: PIECE_CHARS, further: MOST_FURTHER },
): (commit: GraphCommit) => void {
  let chars = 0;
  let further = 0;
  for (const { parents } of commits.values()) further += Math.max(0, parents.length - 2);
  return ({ parents }) => {
    chars += 52 + parents.length * 41;
    if (chars > mostChars) throw aboveChars(mostChars);
    if (parents.length <= 2) return;
    further += parents.length - 2;
    if (further > mostFurther) {
      const most = mostFurther.toLocaleString("en");
      throw tooLarge(`parents beyond two of a commit above ${most}`);
    }
  };
}

function aboveChars(most: number): RemoteError {
  return tooLarge(`commits and parents above ${most} signs at once`);
}

function tooLarge(limit: string): RemoteError {
  return new RemoteError("too_large", `Cannot read the history: ${limit}`, { limit });
}

/** Lines of commits, parents first: then any beginning of them says of no commit less than all. */
export function commitLines(commits: readonly GraphCommit[]): string[] {
  const positions = new Map(commits.map(({ oid }, at) => [oid, at]));
  const order = parentsFirst(
    commits.map(({ committedAt }) => committedAt),
    commits.map(({ parents }) => parents.map((oid) => positions.get(oid) ?? -1)),
    (a, b) => a - b,
  );
  return order.map((at) => {
    const { oid, committedAt, parents } = commits[at]!;
    return [oid, committedAt, ...parents].join(" ");
  });
}

/** Lines as texts to be kept, in order. @throws RemoteError when they are more than `most` signs */
export function toParts(lines: readonly string[], most = PIECE_CHARS): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  let chars = 0;
  let all = 0;
  for (const [at, { length }] of lines.entries()) {
    if (chars + length > PART_CHARS && at > from) {
      parts.push(deflateRawSync(lines.slice(from, at).join("\n")));
      from = at;
      chars = 0;
    }
    chars += length + 1;
    all += length + 1;
    if (all > most) throw aboveChars(most);
  }
  parts.push(deflateRawSync(lines.slice(from).join("\n")));
  return parts;
}
