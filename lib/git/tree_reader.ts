/** Reads trees one after the other: of one made from another, only what is not a copy. */

import type { Pieces } from "@/lib/git/delta.ts";
import { FILE, readTreeEntry, type TreeEntry } from "@/lib/git/tree.ts";

/** What is told of a tree, in order: entries that were read, and runs of them that are known. */
export interface TreeVisitor {
  entry(entry: TreeEntry, at: number): void;
  /** The base's entries in its bytes `[from, to)`, which stand `shift` bytes further on now. */
  copied(from: number, to: number, shift: number): void;
}

export interface TreeReader {
  /**
   * `pieces` tell how the tree was made from `base`; none where it was not, or nobody knows. False
   * when the tree breaks off.
   */
  read(
    index: number,
    bytes: Uint8Array,
    base: number,
    pieces: Pieces,
    visitor: TreeVisitor,
  ): boolean;
}

/** So many beginnings of entries are remembered: those of the bases that packs keep near. */
const REMEMBERED = 1 << 20;
const SMALLEST = 1 << 12;
/** No entry takes fewer bytes. */
const SMALLEST_ENTRY = 22;

/** For objects numbered below `count`, whose trees take `bytes` in all; forgets the trees read longest ago. */
export function createTreeReader(count: number, bytes: number, most = REMEMBERED): TreeReader {
  return new Reader(count, Math.min(most, Math.max(SMALLEST, Math.ceil(bytes / SMALLEST_ENTRY))));
}

class Reader implements TreeReader {
  readonly #capacity: number;
  /** Filled round and round with where entries begin, and where the last one ends. */
  readonly #ring: Int32Array;
  /** One more than the numbers placed before a tree's since the beginning; 0 for nowhere. */
  readonly #places: Float64Array;
  readonly #lengths: Int32Array;
  readonly #entry: TreeEntry = { kind: FILE, nameStart: 0, nameEnd: 0 };
  #front = 0;
  #offsets = new Int32Array(1024);
  #length = 0;

  constructor(count: number, capacity: number) {
    this.#capacity = capacity;
    this.#ring = new Int32Array(capacity);
    this.#places = new Float64Array(count);
    this.#lengths = new Int32Array(count);
  }

  read(
    index: number,
    bytes: Uint8Array,
    base: number,
    { data, length: pieces }: Pieces,
    visitor: TreeVisitor,
  ): boolean {
    this.#length = 0;
    const known = pieces === 0 ? null : this.#find(base);
    let at = 0;
    for (let i = 0; known !== null && i < pieces && at >= 0; i += 3) {
      const end = data[i + 1]!;
      const source = data[i + 2]!;
      // An entry of the base is one here as well, where it is copied from end to end.
      while (at >= 0 && at < end) {
        const before = at;
        if (source >= 0) {
          const from = at - data[i]! + source;
          at = this.#copy(known, at, from, end - data[i]! + source, visitor);
        }
        if (at === before) at = this.#readOne(bytes, at, visitor);
      }
    }
    while (at >= 0 && at < bytes.length) at = this.#readOne(bytes, at, visitor);
    if (at >= 0) {
      this.#push(at);
      this.#remember(index);
    }
    return at >= 0;
  }

  #push(offset: number): void {
    if (this.#length === this.#offsets.length) this.#reserve(this.#length + 1);
    this.#offsets[this.#length++] = offset;
  }

  #reserve(size: number): void {
    if (size <= this.#offsets.length) return;
    const larger = new Int32Array(Math.max(size, this.#offsets.length * 2));
    larger.set(this.#offsets);
    this.#offsets = larger;
  }

  #find(index: number): Int32Array | null {
    const place = index < 0 ? -1 : this.#places[index]! - 1;
    if (place < 0 || this.#front - place > this.#capacity) return null;
    const at = place % this.#capacity;
    return this.#ring.subarray(at, at + this.#lengths[index]!);
  }

  #remember(index: number): void {
    const capacity = this.#capacity;
    const length = this.#length;
    if (length > capacity) return;
    // None lies across the end.
    const at = this.#front % capacity;
    if (at + length > capacity) this.#front += capacity - at;
    this.#ring.set(this.#offsets.subarray(0, length), this.#front % capacity);
    this.#places[index] = this.#front + 1;
    this.#lengths[index] = length;
    this.#front += length;
  }

  /** Reads one entry of the tree itself; gives where the next one begins, or −1. */
  #readOne(bytes: Uint8Array, at: number, visitor: TreeVisitor): number {
    const next = readTreeEntry(bytes, at, this.#entry);
    if (next < 0) return -1;
    this.#push(at);
    visitor.entry(this.#entry, at);
    return next;
  }

  /** Takes over the entries that lie wholly in one copy; gives where the next one begins. */
  #copy(
    known: Int32Array,
    at: number,
    from: number,
    fromEnd: number,
    visitor: TreeVisitor,
  ): number {
    const first = lastNotBehind(known, from);
    if (first < 0 || known[first] !== from) return at;
    const last = lastNotBehind(known, fromEnd);
    if (last <= first) return at;
    const shift = at - from;
    this.#reserve(this.#length + last - first);
    const offsets = this.#offsets;
    let length = this.#length;
    for (let i = first; i < last; i++) offsets[length++] = known[i]! + shift;
    this.#length = length;
    visitor.copied(from, known[last]!, shift);
    return known[last]! + shift;
  }
}

/** The index of the last number that is at most `limit`; −1 for none. */
function lastNotBehind(sorted: Int32Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
