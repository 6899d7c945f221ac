/**
 * Puts commits into one order: parents before children, the older of two first, and of two of one
 * time the one with the lesser id. So the order depends on nothing but the commits, and any
 * beginning of it is in order by itself: a history read in pieces is read as if in one.
 */

import type { Breather } from "@/lib/git/breather.ts";
import { parseCommitLinks } from "@/lib/git/commit.ts";
import { createNumbers } from "@/lib/git/numbers.ts";
import { readHexOid } from "@/lib/git/oid_table.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";

/** A commit of the pack. */
export interface OrderedCommit {
  /** Number of its id. */
  id: number;
  /** Number of its object. */
  index: number;
  /** Number of its tree's id. */
  tree: number;
}

/** All readable commits of the pack, oldest first; those behind `haves` count as none. */
export async function orderCommits(
  pack: ReadPack<unknown>,
  breather: Breather,
): Promise<OrderedCommit[]> {
  const { objects, oids, objectOf } = pack;
  const commits: OrderedCommit[] = [];
  const times: number[] = [];
  const parents: number[][] = [];
  const positions = createNumbers();
  const scratch = new Uint8Array(20);
  for (const index of pack.commits) {
    const bytes = objects.bytes(index);
    const links = parseCommitLinks(bytes);
    if (links === null) continue;
    const internHex = (at: number) => oids.intern(readHexOid(bytes, at, scratch), 0);
    const id = oids.intern(objects.hash(index, bytes), 0);
    objectOf.set(id, index);
    if (positions.at(id) >= 0) continue;
    positions.set(id, commits.length);
    commits.push({ id, index, tree: internHex(links.tree) });
    times.push(links.committedAt);
    parents.push(links.parents.map(internHex));
    if (breather.due()) await breather.breathe();
  }

  const before = parents.map((list) => list.map((id) => positions.at(id)));
  const compareTies = (a: number, b: number) => oids.compare(commits[a]!.id, commits[b]!.id);
  return parentsFirst(times, before, compareTies).map((at) => commits[at]!);
}

/**
 * Positions in order, of commits given by their seconds and their parents' positions, −1 for one
 * that is not among them.
 */
export function parentsFirst(
  times: readonly number[],
  parents: readonly (readonly number[])[],
  compareTies: (a: number, b: number) => number,
): number[] {
  const waitsFor = new Int32Array(times.length);
  const children: number[][] = times.map(() => []);
  for (let at = 0; at < times.length; at++) {
    for (const before of parents[at]!) {
      if (before < 0) continue;
      waitsFor[at]!++;
      children[before]!.push(at);
    }
  }
  const ordered: number[] = [];
  const ready = createQueue((a, b) => times[a]! - times[b]! || compareTies(a, b));
  for (let at = 0; at < times.length; at++) if (waitsFor[at] === 0) ready.push(at);
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    ordered.push(at);
    for (const child of children[at]!) if (--waitsFor[child]! === 0) ready.push(child);
  }
  return ordered;
}

/** A binary heap, the least first. */
function createQueue(compare: (a: number, b: number) => number) {
  const heap: number[] = [];
  return {
    push(item: number): void {
      let at = heap.length;
      while (at > 0) {
        const up = (at - 1) >> 1;
        if (compare(heap[up]!, item) <= 0) break;
        heap[at] = heap[up]!;
        at = up;
      }
      heap[at] = item;
    },
    pop(): number | undefined {
      const least = heap[0];
      const item = heap.pop();
      if (item === undefined || heap.length === 0) return least;
      let at = 0;
      for (let down = 1; down < heap.length; down = at * 2 + 1) {
        if (down + 1 < heap.length && compare(heap[down + 1]!, heap[down]!) < 0) down++;
        if (compare(item, heap[down]!) <= 0) break;
        heap[at] = heap[down]!;
        at = down;
      }
      heap[at] = item;
      return least;
    },
  };
}
