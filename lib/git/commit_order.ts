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
  const list = new CommitList(pack);
  for (const index of pack.commits) {
    list.add(index);
    if (breather.due()) await breather.breathe();
  }
  return list.ordered();
}

class CommitList {
  readonly #pack: ReadPack<unknown>;
  readonly #commits: OrderedCommit[] = [];
  readonly #times: number[] = [];
  readonly #parents: number[][] = [];
  readonly #positions = createNumbers();
  readonly #scratch = new Uint8Array(20);

  constructor(pack: ReadPack<unknown>) {
    this.#pack = pack;
  }

  add(index: number): void {
    const { objects, oids, objectOf } = this.#pack;
    const bytes = objects.bytes(index);
    const links = parseCommitLinks(bytes);
    if (links === null) return;
    const id = oids.intern(objects.hash(index, bytes), 0);
    objectOf.set(id, index);
    if (this.#positions.at(id) >= 0) return;
    this.#positions.set(id, this.#commits.length);
    this.#commits.push({ id, index, tree: this.#intern(bytes, links.tree) });
    this.#times.push(links.committedAt);
    const parents: number[] = [];
    for (const at of links.parents) parents.push(this.#intern(bytes, at));
    this.#parents.push(parents);
  }

  ordered(): OrderedCommit[] {
    const { oids } = this.#pack;
    const commits = this.#commits;
    const before = this.#parents.map((list) => list.map((id) => this.#positions.at(id)));
    const compareTies = (a: number, b: number) => oids.compare(commits[a]!.id, commits[b]!.id);
    return parentsFirst(this.#times, before, compareTies).map((at) => commits[at]!);
  }

  #intern(bytes: Uint8Array, at: number): number {
    return this.#pack.oids.intern(readHexOid(bytes, at, this.#scratch), 0);
  }
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
  const ready = new Heap((a, b) => times[a]! - times[b]! || compareTies(a, b));
  for (let at = 0; at < times.length; at++) if (waitsFor[at] === 0) ready.push(at);
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    ordered.push(at);
    for (const child of children[at]!) if (--waitsFor[child]! === 0) ready.push(child);
  }
  return ordered;
}

/** A binary heap, the least first. */
class Heap {
  readonly #items: number[] = [];
  readonly #compare: (a: number, b: number) => number;

  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#compare(items[up]!, item) <= 0) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const least = items[0];
    const item = items.pop();
    if (item === undefined || items.length === 0) return least;
    let at = 0;
    for (let down = 1; down < items.length; down = at * 2 + 1) {
      if (down + 1 < items.length && this.#compare(items[down + 1]!, items[down]!) < 0) down++;
      if (this.#compare(item, items[down]!) <= 0) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = item;
    return least;
  }
}
