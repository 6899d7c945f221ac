/**
 * Learns the commits of a repository a piece at a time, for a history that is too large for one
 * pack, or for one time box: alone where the server leaves out trees and files, else with all they
 * hold, by going ever deeper from the tips. What was learned is kept as texts that outlive us.
 */

import { RemoteError } from "@/lib/errors.ts";
import type { Breather } from "@/lib/git/breather.ts";
import { parentsFirst } from "@/lib/git/commit_order.ts";
import {
  addLines,
  type CommitGraph,
  commitLines,
  countCommits,
  type GraphCommit,
  MORE_PARENTS,
  MOST_PARENTS,
  readCommit,
  toParts,
} from "@/lib/git/commit_texts.ts";
import type { GitRemote } from "@/lib/git/git_http.ts";
import { headOf } from "@/lib/git/head.ts";
import { type PlainOptions, withPlainPack } from "@/lib/git/plain_pack.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import type { PackRequest, RemoteRefs } from "@/lib/git/refs.ts";

/** A look at a repository's commits. */
export interface Learned {
  /** What is new, to be kept in this order; empty when nothing was left to learn. */
  parts: Uint8Array[];
  refs: RemoteRefs;
  /** A sentence on what will not be read. */
  leftOut: string[];
}

/** More lines of what we have cost the server more than they spare. */
const MOST_HAVES = 4_000;

/** Each costs as many bytes as a pack may have. */
const MOST_HOLES = 20;

/**
 * Learns what the refs lead to and `graph` does not know, about `size` commits more where the
 * server sends none alone; `graph` then knows it. Two git requests, or one when nothing is left.
 * @throws RemoteError, or the signal's reason
 */
export async function learnCommits(
  remote: GitRemote,
  graph: CommitGraph,
  size: number,
  options: PlainOptions,
): Promise<Learned> {
  return await learn(remote, graph, size, options, true);
}

async function learn(
  remote: GitRemote,
  graph: CommitGraph,
  size: number,
  options: PlainOptions,
  mayFilter: boolean,
): Promise<Learned> {
  const asked: { refs?: RemoteRefs; missing?: Missing; request?: PackRequest } = {};
  const keep = (lines: string[], leftOut: string[] = []): Learned => {
    const parts = toParts(lines);
    addLines(graph, lines);
    return { parts, refs: asked.refs!, leftOut };
  };
  try {
    const lines = await withPlainPack(remote, options, (refs, { canFilter }) => {
      asked.refs = refs;
      const missing = missingOf(graph, refs);
      if (missing === null) return null;
      asked.missing = missing;
      asked.request = requestOf(graph, missing, size, canFilter && mayFilter);
      return asked.request;
    }, (pack, breather) => newsOf(pack, graph, asked.request!, asked.missing!, breather));
    return lines === null ? { parts: [], refs: asked.refs!, leftOut: [] } : keep(lines);
  } catch (error) {
    const { request, missing } = asked;
    if (!(error instanceof RemoteError) || error.reason !== "too_large" || !request) throw error;
    // The server may have sent everything, whatever it says of filters.
    if (request.filter) return await learn(remote, graph, size, options, false);
    if (request.wants.length > 1 || request.depth !== 1) throw error;
    const [want] = request.wants;
    const oid = missing!.tips.find((tip) => tip.want === want)?.target ?? want!;
    const why = error.details.limit ?? "too large";
    const sentence = `commit ${oid.slice(0, 10)} and those behind it: ${why}`;
    if (graph.holes.size < MOST_HOLES) return keep([`${oid} hole`], [sentence]);
    const rest = new Set([...missing!.parents, ...missing!.tips.map(({ target }) => target)]);
    const lines = [...rest].map((one) => `${one} hole`);
    return keep(lines, [sentence, `${rest.size - 1} more that were not tried then`]);
  }
}

/** A tip and what to ask for: a tag by its own id, which servers show more readily. */
interface Tip {
  target: string;
  want: string;
}

interface Missing {
  /** Known commits that refs lead to. */
  known: string[];
  /** Of these, the ones that have a parent which is not known. */
  boundary: string[];
  /** Those parents; while there are any, what is known has an end below. */
  parents: string[];
  /** Unknown tips. */
  tips: Tip[];
  /** The newest commit of the default branch, when it is one of them. */
  head: string | null;
}

/** What refs lead to and is not known; null when all of it is. */
function missingOf(graph: CommitGraph, refs: RemoteRefs): Missing | null {
  const { commits, others, holes } = graph;
  const isMissing = (oid: string) => !commits.has(oid) && !others.has(oid) && !holes.has(oid);
  const parents = new Set<string>();
  const boundary: string[] = [];
  const known: string[] = [];
  for (const commit of reachable(graph, refs)) {
    known.push(commit.oid);
    const unknown = commit.parents.filter((parent) => !commits.has(parent));
    // Behind one that is too large there is nothing to ask for, and nothing that we have.
    if (unknown.length > 0) boundary.push(commit.oid);
    for (const parent of unknown) if (isMissing(parent)) parents.add(parent);
  }
  const tips = tipsOf(refs).filter(({ target }) => isMissing(target));
  const { oid } = headOf(refs);
  if (parents.size === 0 && tips.length === 0) return null;
  const head = oid !== null && isMissing(oid) ? oid : null;
  return { known, boundary, parents: [...parents], tips, head };
}

/** The default branch first, down to its roots; most tips are then known without being asked for. */
function requestOf(
  graph: CommitGraph,
  { known, boundary, parents, tips, head }: Missing,
  size: number,
  canFilter: boolean,
): PackRequest {
  const haves = newest(known, graph);
  const named = tips.map(({ want }) => want);
  if (canFilter && boundary.length === 0) {
    return { wants: named, haves, depth: null, filter: "tree:0" };
  }
  const wants = (head !== null ? [head] : parents.length > 0 ? parents : named).slice(0, size);
  const depth = Math.max(1, Math.floor(size / wants.length));
  if (haves.length + boundary.length <= MOST_HAVES) {
    return { wants, haves, shallow: boundary, depth };
  }
  // What is ours and ends right there says nothing of anything else, so that any of it will do.
  const few = boundary.slice(0, MOST_HAVES / 2);
  return { wants, haves: few, shallow: few, depth };
}

/** Lines of what the pack has and the graph does not know. */
async function newsOf(
  pack: ReadPack<unknown>,
  graph: CommitGraph,
  { wants }: PackRequest,
  missing: Missing,
  breather: Breather,
): Promise<string[]> {
  const { objects, oids } = pack;
  const met = new Map<string, GraphCommit>();
  const isMet = (oid: string) => met.has(oid) || graph.commits.has(oid);
  const count = countCommits(graph);
  for (const index of pack.commits) {
    if (breather.due()) await breather.breathe();
    const bytes = objects.bytes(index);
    const oid = oids.hex(oids.intern(objects.hash(index, bytes), 0));
    const commit = isMet(oid) ? null : readCommit(oid, bytes);
    if (commit === null) continue;
    count(commit);
    met.set(oid, commit);
  }
  const sought = new Set(missing.parents);
  if (wants.some((want) => sought.has(want) && !isMet(want))) {
    throw new RemoteError("malformed", "Cannot read the history: a commit was not sent");
  }
  const lines = commitLines([...met.values()]);
  for (const { target, want } of missing.tips) {
    if (wants.includes(want) && !isMet(target)) lines.push(`${target} other`);
  }
  // Else the same would be asked for again, without end.
  if (lines.length === 0) {
    throw new RemoteError("malformed", "Cannot read the history: nothing was sent");
  }
  return lines;
}

/** The commits that refs lead to, parents before children, and in the order of a whole reading. */
export function orderGraph(graph: CommitGraph, refs: RemoteRefs): GraphCommit[] {
  const commits = [...reachable(graph, refs)];
  const positions = new Map(commits.map(({ oid }, at) => [oid, at]));
  const order = parentsFirst(
    commits.map(({ committedAt }) => committedAt),
    commits.map(({ parents }) => parents.map((oid) => positions.get(oid) ?? -1)),
    (a, b) => commits[a]!.oid < commits[b]!.oid ? -1 : 1,
  );
  return order.map((at) => commits[at]!);
}

/** Refs that name neither a commit nor a tag of one. */
export function looseRefs(graph: CommitGraph, refs: RemoteRefs): string[] {
  const loose = refs.refs.filter(({ oid, peeled }) => graph.others.has(peeled ?? oid));
  return [...new Set(loose.map(({ oid }) => oid))];
}

/** Which refs name a commit that is too large: any, the default branch's, or none. */
export function tipsTooLarge({ holes }: CommitGraph, refs: RemoteRefs): "some" | "head" | null {
  const { oid } = headOf(refs);
  if (oid !== null && holes.has(oid)) return "head";
  return tipsOf(refs).some(({ target }) => holes.has(target)) ? "some" : null;
}

/** Sentences on commits with more parents than are followed; `commits` as refs lead to them. */
export function parentsLeftOut(commits: readonly GraphCommit[]): string[] {
  const most = MOST_PARENTS.toLocaleString("en");
  return commits.filter(({ parents }) => parents.at(-1) === MORE_PARENTS)
    .map(({ oid }) => `parents of commit ${oid.slice(0, 10)} beyond ${most}, and those behind`);
}

/** What refs name, tags of commits looked through, each once. */
function tipsOf({ refs }: RemoteRefs): Tip[] {
  const tips = new Map<string, Tip>();
  for (const { oid, peeled } of refs) {
    const target = peeled ?? oid;
    if (!tips.has(target)) tips.set(target, { target, want: oid });
  }
  return [...tips.values()];
}

function* reachable({ commits }: CommitGraph, refs: RemoteRefs): Generator<GraphCommit> {
  const open = tipsOf(refs).map(({ target }) => target);
  const { oid } = headOf(refs);
  if (oid !== null) open.push(oid);
  const seen = new Set<string>();
  while (open.length > 0) {
    const commit = commits.get(open.pop()!);
    if (commit === undefined || seen.has(commit.oid)) continue;
    seen.add(commit.oid);
    for (const parent of commit.parents) open.push(parent);
    yield commit;
  }
}

/** Those of some commits that are no parent among them. */
export function newest(
  oids: Iterable<string>,
  { commits }: Pick<CommitGraph, "commits">,
): string[] {
  const all = [...oids];
  const parents = new Set<string>();
  for (const oid of all) for (const parent of commits.get(oid)?.parents ?? []) parents.add(parent);
  return all.filter((oid) => !parents.has(oid));
}
