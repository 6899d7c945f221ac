/** What of all trees matters to blobs with hits: each unique tree is hashed once, and what is new in it read. */

import type { Breather } from "@/lib/git/breather.ts";
import { createPieces } from "@/lib/git/delta.ts";
import { createNameTable, type NameTable } from "@/lib/git/name_table.ts";
import { createNumbers, type Numbers } from "@/lib/git/numbers.ts";
import { oidBytes } from "@/lib/git/oid_table.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import { SUBMODULE, SUBTREE } from "@/lib/git/tree.ts";
import { createTreeReader, type TreeVisitor } from "@/lib/git/tree_reader.ts";

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
  const { objects, oids, objectOf, hits } = pack;
  const names = createNameTable();
  /** Pairs of child and name; a child that is a file has its number negated, less one. */
  const edges = createNumbers();
  /** Where a tree's edges begin, by the number of its id; they end where `ends` says. */
  const starts = createNumbers();
  const ends = createNumbers();
  const mayBeHit = firstBytes(pack);
  const empty = oids.intern(oidBytes(EMPTY_BLOB), 0);
  let brokenTrees = 0;
  /** Where an edge's entry stands in its tree. */
  const positions = createNumbers();
  const treeBytes = pack.trees.reduce((sum, index) => sum + objects.sizes[index]!, 0);
  /** By object number. */
  const ids = new Int32Array(objects.count);
  const reader = createTreeReader(objects.count, treeBytes);
  const pieces = createPieces();
  let bytes: Uint8Array = new Uint8Array(0);
  let baseId = -1;

  const visitor: TreeVisitor = {
    entry({ kind, nameStart, nameEnd }, position) {
      if (kind === SUBMODULE) return;
      const at = nameEnd + 1;
      let child: number;
      if (kind === SUBTREE) child = oids.intern(bytes, at);
      else if (watched?.mayBe(bytes, nameStart, nameEnd)) {
        const file = oids.intern(bytes, at);
        if (file === empty) return;
        child = -1 - file;
      } else {
        if (mayBeHit[bytes[at]! << 8 | bytes[at + 1]!] === 0) return;
        const file = oids.find(bytes, at);
        if (file < 0 || !hits.has(objectOf.at(file))) return;
        child = -1 - file;
      }
      edges.push(child);
      edges.push(names.intern(bytes, nameStart, nameEnd));
      positions.push(position);
    },
    copied(from, to, shift) {
      const end = ends.at(baseId);
      for (let i = firstFrom(positions, starts.at(baseId), end, from); i < end; i += 2) {
        const position = positions.at(i >> 1);
        if (position >= to) return;
        edges.push(edges.at(i));
        edges.push(edges.at(i + 1));
        positions.push(position + shift);
      }
    },
  };
  for (const index of pack.trees) {
    bytes = objects.unfold(index, pieces);
    const id = oids.intern(objects.hash(index, bytes), 0);
    objectOf.set(id, index);
    ids[index] = id;
    const base = objects.bases[index]!;
    baseId = base < 0 ? -1 : ids[base]!;
    const start = edges.length;
    if (!reader.read(index, bytes, base, pieces, visitor)) brokenTrees++;
    starts.set(id, start);
    ends.set(id, edges.length);
    if (breather.due()) await breather.breathe();
  }

  const states = new Uint8Array(oids.size);
  for (let id = 0; id < states.length; id++) {
    if (starts.at(id) >= 0 && states[id] === UNSEEN) settle(id, states, edges, starts, ends);
  }
  return {
    names,
    brokenTrees,
    leads: (id) => states[id] === LEADS,
    visit(id, entry) {
      const end = ends.at(id);
      for (let i = starts.at(id); i >= 0 && i < end; i += 2) {
        const child = edges.at(i);
        if (child < 0) entry(-1 - child, edges.at(i + 1), false);
        else if (states[child] === LEADS) entry(child, edges.at(i + 1), true);
      }
    },
  };
}

/** Depth first with a list of its own, since a hostile tree may be deeper than the stack. */
function settle(
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
