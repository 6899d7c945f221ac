/** What of all trees matters to blobs with hits: each unique tree is hashed once, and what is new in it read. */

import type { Breather } from "@/lib/git/breather.ts";
import { createPieces } from "@/lib/git/delta.ts";
import { createNameTable, type NameTable } from "@/lib/git/name_table.ts";
import { createNumbers, type Numbers } from "@/lib/git/numbers.ts";
import { oidBytes } from "@/lib/git/oid_table.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import { SUBMODULE, SUBTREE, type TreeEntry } from "@/lib/git/tree.ts";
import { createTreeReader, type TreeReader, type TreeVisitor } from "@/lib/git/tree_reader.ts";

/** Trees as numbers of their ids, with those entries alone that may lead to a hit. */
export interface TreeGraph {
  names: NameTable;
  /** Whether the id is that of a tree which leads to a blob with hits. */
  leads(id: number): boolean;
  /** Calls back for each entry that is a blob with hits, or a watched name, or leads to one. */
  visit(id: number, entry: (child: number, name: number, isTree: boolean) => void): void;
  /** Trees that break off before their end. */
  brokenTrees: number;
}

/** Files that count by their names, whatever they hold. */
export interface WatchedNames {
  /** A quick look at the name in `bytes[start, end)`, asked of every file of every tree. */
  mayBe(bytes: Uint8Array, start: number, end: number): boolean;
  /** The last word, once the whole path is known. */
  is(path: string): boolean;
}

/** `git hash-object` of nothing: whatever its name, it gives nothing away. */
const EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

const UNSEEN = 0;
const OPEN = 1;
const BARREN = 2;
const LEADS = 3;

/** Reads all trees of the pack; those behind `haves` are absent, and no edge leads into them. */
export async function buildTreeGraph(
  pack: ReadPack<unknown>,
  breather: Breather,
  watched?: WatchedNames,
): Promise<TreeGraph> {
  const graph = new Graph(pack, watched);
  for (const index of pack.trees) {
    graph.add(index);
    if (breather.due()) await breather.breathe();
  }
  graph.settle();
  return graph;
}

class Graph implements TreeGraph, TreeVisitor {
  readonly names = createNameTable();
  brokenTrees = 0;
  readonly #pack: ReadPack<unknown>;
  readonly #watched: WatchedNames | undefined;
  /** Pairs of child and name; a child that is a file has its number negated, less one. */
  readonly #edges = createNumbers();
  /** Where an edge's entry stands in its tree. */
  readonly #positions = createNumbers();
  /** Where a tree's edges begin, by the number of its id; they end where `#ends` says. */
  readonly #starts = createNumbers();
  readonly #ends = createNumbers();
  readonly #mayBeHit: Uint8Array;
  readonly #empty: number;
  /** By object number. */
  readonly #ids: Int32Array;
  readonly #reader: TreeReader;
  readonly #pieces = createPieces();
  #states = new Uint8Array(0);
  /** Of the tree at hand: its bytes, and the number of its base's id. */
  #bytes: Uint8Array = new Uint8Array(0);
  #baseId = -1;

  constructor(pack: ReadPack<unknown>, watched: WatchedNames | undefined) {
    const { objects, oids } = pack;
    this.#pack = pack;
    this.#watched = watched;
    this.#mayBeHit = firstBytes(pack);
    this.#empty = oids.intern(oidBytes(EMPTY_BLOB), 0);
    this.#ids = new Int32Array(objects.count);
    const treeBytes = pack.trees.reduce((sum, index) => sum + objects.sizes[index]!, 0);
    this.#reader = createTreeReader(objects.count, treeBytes);
  }

  /** Hashes a tree and reads it. */
  add(index: number): void {
    const { objects, oids, objectOf } = this.#pack;
    const bytes = this.#bytes = objects.unfold(index, this.#pieces);
    const id = oids.intern(objects.hash(index, bytes), 0);
    objectOf.set(id, index);
    this.#ids[index] = id;
    const base = objects.bases[index]!;
    this.#baseId = base < 0 ? -1 : this.#ids[base]!;
    const start = this.#edges.length;
    if (!this.#reader.read(index, bytes, base, this.#pieces, this)) this.brokenTrees++;
    this.#starts.set(id, start);
    this.#ends.set(id, this.#edges.length);
  }

  entry({ kind, nameStart, nameEnd }: TreeEntry, position: number): void {
    if (kind === SUBMODULE) return;
    const child = this.#childOf(kind, nameStart, nameEnd);
    if (child === null) return;
    this.#edges.push(child);
    this.#edges.push(this.names.intern(this.#bytes, nameStart, nameEnd));
    this.#positions.push(position);
  }

  copied(from: number, to: number, shift: number): void {
    const edges = this.#edges;
    const positions = this.#positions;
    const end = this.#ends.at(this.#baseId);
    for (let i = firstFrom(positions, this.#starts.at(this.#baseId), end, from); i < end; i += 2) {
      const position = positions.at(i >> 1);
      if (position >= to) return;
      edges.push(edges.at(i));
      edges.push(edges.at(i + 1));
      positions.push(position + shift);
    }
  }

  /** Tells of all trees that were added where they lead to. */
  settle(): void {
    this.#states = new Uint8Array(this.#pack.oids.size);
    for (let id = 0; id < this.#states.length; id++) {
      if (this.#starts.at(id) < 0 || this.#states[id] !== UNSEEN) continue;
      settleOne(id, this.#states, this.#edges, this.#starts, this.#ends);
    }
  }

  leads(id: number): boolean {
    return this.#states[id] === LEADS;
  }

  visit(id: number, entry: (child: number, name: number, isTree: boolean) => void): void {
    const edges = this.#edges;
    const end = this.#ends.at(id);
    for (let i = this.#starts.at(id); i >= 0 && i < end; i += 2) {
      const child = edges.at(i);
      if (child < 0) entry(-1 - child, edges.at(i + 1), false);
      else if (this.#states[child] === LEADS) entry(child, edges.at(i + 1), true);
    }
  }

  /** The edge's child, or null where the entry leads to nothing. */
  #childOf(kind: number, nameStart: number, nameEnd: number): number | null {
    const { oids, objectOf, hits } = this.#pack;
    const bytes = this.#bytes;
    const at = nameEnd + 1;
    if (kind === SUBTREE) return oids.intern(bytes, at);
    if (this.#watched?.mayBe(bytes, nameStart, nameEnd)) {
      const file = oids.intern(bytes, at);
      return file === this.#empty ? null : -1 - file;
    }
    if (this.#mayBeHit[bytes[at]! << 8 | bytes[at + 1]!] === 0) return null;
    const file = oids.find(bytes, at);
    return file < 0 || !hits.has(objectOf.at(file)) ? null : -1 - file;
  }
}

/** Depth first with a list of its own, since a hostile tree may be deeper than the stack. */
function settleOne(
  root: number,
  states: Uint8Array,
  edges: Numbers,
  starts: Numbers,
  ends: Numbers,
): void {
  const path = [root];
  const next = [starts.at(root)];
  states[root] = OPEN;
  while (path.length > 0) {
    const top = path.length - 1;
    const id = path[top]!;
    const at = next[top]!;
    if (at >= ends.at(id)) {
      if (states[id] === OPEN) states[id] = BARREN;
      path.pop();
      next.pop();
      if (top > 0 && states[id] === LEADS) states[path[top - 1]!] = LEADS;
      continue;
    }
    next[top] = at + 2;
    const child = edges.at(at);
    if (child < 0 || states[child] === LEADS) states[id] = LEADS;
    else if (states[child] === UNSEEN && starts.at(child) >= 0) {
      states[child] = OPEN;
      path.push(child);
      next.push(starts.at(child));
    }
  }
}

/** The first of a tree's edges whose entry stands at `from` or behind it. */
function firstFrom(positions: Numbers, start: number, end: number, from: number): number {
  let low = start >> 1;
  let high = end >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positions.at(middle) < from) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** Marks the first two bytes of the ids of blobs with hits, so that few others are looked up. */
function firstBytes(pack: ReadPack<unknown>): Uint8Array {
  const marks = new Uint8Array(1 << 16);
  for (let id = 0; id < pack.oids.size; id++) {
    const index = pack.objectOf.at(id);
    if (index >= 0 && pack.hits.has(index)) {
      marks[parseInt(pack.oids.hex(id).slice(0, 4), 16)] = 1;
    }
  }
  return marks;
}
