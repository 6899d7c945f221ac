/** The objects of one spooled pack: where each lies, what it is, and its bytes when asked for. */

import { RemoteError } from "@/lib/errors.ts";
import { type Arena, createArena } from "@/lib/git/arena.ts";
import { applyDelta, createPieces, deltaSizes, type Pieces } from "@/lib/git/delta.ts";
import { inflateAt } from "@/lib/git/inflate.ts";
import { UNKNOWN } from "@/lib/git/pack.ts";
import { createScratch } from "@/lib/git/scratch.ts";
import { createObjectHash } from "@/lib/git/object_hash.ts";
import { createShelf, type Shelf } from "@/lib/git/shelf.ts";
import type { Spool } from "@/lib/git/spool.ts";

/** Objects are numbered in the order of the pack. */
export interface ObjectStore {
  readonly spool: Spool;
  readonly count: number;
  /** Where the object's header begins; ascending. */
  readonly offsets: Float64Array;
  readonly dataOffsets: Float64Array;
  /** Inflated size as stored, of a delta that of its instructions. */
  readonly storedSizes: Float64Array;
  /** Size when written out. */
  readonly sizes: Float64Array;
  readonly types: Uint8Array;
  /** The number of the base of a delta, else −1. */
  readonly bases: Int32Array;
  /** How many deltas lie between the object and a whole one. */
  readonly depths: Int32Array;
  /** Bytes written out so far, each time anew. */
  rebuiltBytes(): number;
  /** The number of the object at an offset, or −1; only those already noted are looked at. */
  at(offset: number, noted: number): number;
  /** The bytes of an object, which nobody may change, nor look at once two more were asked for. */
  bytes(index: number): Uint8Array;
  /** The same, and how it is made from its base: no pieces where it is whole or was at hand. */
  unfold(index: number, pieces: Pieces): Uint8Array;
  /** Applies a delta to its base; the result is at hand for those that build on it. */
  build(index: number, base: Uint8Array, delta: Uint8Array, pieces: Pieces): Uint8Array;
  /** False for an object that was passed over because of its size or depth. */
  isHeld(index: number): boolean;
  passOver(index: number): void;
  /** Inflates a whole object; it is at hand for those that build on it. Gives its end too. */
  read(index: number): { bytes: Uint8Array; consumed: number };
  /** Keeps an object's inflated bytes as stored, if there is room, for when they are asked for. */
  shelve(index: number, stored: Uint8Array): void;
  /** Lets go of the memory; nobody may look at objects any more. */
  close(): void;
  /** The object's id, 20 bytes; valid until the next one. */
  hash(index: number, bytes: Uint8Array): Uint8Array;
}

/** Tables for `count` objects and `arenaBytes` of memory for objects at hand. */
export function createObjectStore(spool: Spool, count: number, arenaBytes: number): ObjectStore {
  return new Store(spool, count, arenaBytes);
}

class Store implements ObjectStore {
  readonly spool: Spool;
  readonly count: number;
  readonly dataOffsets: Float64Array;
  readonly offsets: Float64Array;
  readonly storedSizes: Float64Array;
  readonly sizes: Float64Array;
  readonly types: Uint8Array;
  readonly bases: Int32Array;
  readonly depths: Int32Array;
  readonly #arena: Arena;
  readonly #shelf: Shelf;
  readonly #passedOver: Uint8Array;
  readonly #pieces = createPieces();
  readonly #scratch = createScratch();
  readonly #objectHash = createObjectHash();
  #rebuilt = 0;

  constructor(spool: Spool, count: number, arenaBytes: number) {
    this.spool = spool;
    this.count = count;
    this.dataOffsets = new Float64Array(count);
    this.offsets = new Float64Array(count);
    this.storedSizes = new Float64Array(count);
    this.sizes = new Float64Array(count);
    this.types = new Uint8Array(count);
    this.bases = new Int32Array(count).fill(-1);
    this.depths = new Int32Array(count);
    this.#arena = createArena(arenaBytes, count);
    this.#shelf = createShelf(count);
    this.#passedOver = new Uint8Array(count);
  }

  rebuiltBytes(): number {
    return this.#rebuilt;
  }

  at(offset: number, noted: number): number {
    let low = 0;
    let high = noted - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = this.offsets[middle]!;
      if (there === offset) return middle;
      if (there < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  bytes(index: number): Uint8Array {
    const near = this.#arena.find(index);
    if (near !== null) return near;
    const chain: number[] = [];
    let at = index;
    let result: Uint8Array | null = null;
    while (result === null && this.bases[at]! >= 0) {
      chain.push(at);
      at = this.bases[at]!;
      result = this.#arena.find(at);
    }
    result ??= this.#stored(at);
    while (chain.length > 0) {
      at = chain.pop()!;
      result = this.build(at, result, this.#storedDelta(at), this.#pieces);
    }
    return result;
  }

  unfold(index: number, pieces: Pieces): Uint8Array {
    pieces.length = 0;
    const base = this.bases[index]!;
    if (base < 0) return this.bytes(index);
    const near = this.#arena.find(index);
    if (near !== null) return near;
    const from = this.bytes(base);
    return this.build(index, from, this.#storedDelta(index), pieces);
  }

  build(index: number, base: Uint8Array, delta: Uint8Array, pieces: Pieces): Uint8Array {
    const result = this.#arena.place(index, deltaSizes(delta).result);
    applyDelta(base, delta, pieces, result);
    this.#rebuilt += result.length;
    return result;
  }

  isHeld(index: number): boolean {
    return this.#passedOver[index] === 0;
  }

  passOver(index: number): void {
    this.#passedOver[index] = 1;
  }

  read(index: number): { bytes: Uint8Array; consumed: number } {
    const size = this.storedSizes[index]!;
    // The engine wants room for one byte more, and an object's end is another's beginning.
    const output = this.#scratch.take(size + 1);
    const consumed = inflateAt(this.spool, this.dataOffsets[index]!, size, output);
    const bytes = this.#arena.place(index, size);
    bytes.set(output.subarray(0, size));
    return { bytes, consumed };
  }

  shelve(index: number, stored: Uint8Array): void {
    this.#shelf.put(index, stored);
  }

  close(): void {
    this.#arena.close();
    this.#shelf.close();
  }

  hash(index: number, data: Uint8Array): Uint8Array {
    const type = this.types[index]!;
    if (type === UNKNOWN) throw new RemoteError("corrupt", "Cannot read the pack: no type");
    return this.#objectHash.of(type, data);
  }

  /** A whole object, inflated or from the shelf. */
  #stored(index: number): Uint8Array {
    const kept = this.#shelf.find(index);
    if (kept === null) return this.read(index).bytes;
    const bytes = this.#arena.place(index, kept.length);
    bytes.set(kept);
    return bytes;
  }

  #storedDelta(index: number): Uint8Array {
    const kept = this.#shelf.find(index);
    if (kept !== null) return kept;
    const size = this.storedSizes[index]!;
    const delta = this.#scratch.take(size + 1);
    inflateAt(this.spool, this.dataOffsets[index]!, size, delta);
    return delta.subarray(0, size);
  }
}
