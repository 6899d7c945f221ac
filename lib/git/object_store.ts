/** The objects of one spooled pack: where each lies, what it is, and its bytes when asked for. */

import { RemoteError } from "@/lib/errors.ts";
import { createArena } from "@/lib/git/arena.ts";
import { applyDelta, createPieces, type Pieces } from "@/lib/git/delta.ts";
import { inflateAt } from "@/lib/git/inflate.ts";
import { UNKNOWN } from "@/lib/git/pack.ts";
import { createScratch } from "@/lib/git/scratch.ts";
import { createObjectHash } from "@/lib/git/object_hash.ts";
import { createShelf } from "@/lib/git/shelf.ts";
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
  const dataOffsets = new Float64Array(count);
  const offsets = new Float64Array(count);
  const storedSizes = new Float64Array(count);
  const sizes = new Float64Array(count);
  const types = new Uint8Array(count);
  const bases = new Int32Array(count).fill(-1);
  const depths = new Int32Array(count);
  const arena = createArena(arenaBytes, count);
  const pieces = createPieces();
  const scratch = createScratch();
  const shelf = createShelf(count);
  const objectHash = createObjectHash();
  const passedOver = new Uint8Array(count);
  let rebuilt = 0;

  function read(index: number): { bytes: Uint8Array; consumed: number } {
    const size = storedSizes[index]!;
    // The engine wants room for one byte more, and an object's end is another's beginning.
    const output = scratch.take(size + 1);
    const consumed = inflateAt(spool, dataOffsets[index]!, size, output);
    const bytes = room(index, size);
    bytes.set(output.subarray(0, size));
    return { bytes, consumed };
  }

  /** A whole object, inflated or from the shelf. */
  function stored(index: number): Uint8Array {
    const kept = shelf.find(index);
    if (kept === null) return read(index).bytes;
    const bytes = room(index, kept.length);
    bytes.set(kept);
    return bytes;
  }

  function storedDelta(index: number): Uint8Array {
    const kept = shelf.find(index);
    if (kept !== null) return kept;
    const size = storedSizes[index]!;
    const delta = scratch.take(size + 1);
    inflateAt(spool, dataOffsets[index]!, size, delta);
    return delta.subarray(0, size);
  }

  /** One too large for the arena is kept by whoever asked for it alone. */
  function room(index: number, size: number): Uint8Array {
    return arena.place(index, size) ?? new Uint8Array(size);
  }

  function build(index: number, base: Uint8Array, delta: Uint8Array, into: Pieces): Uint8Array {
    const result = applyDelta(base, delta, into, (size) => room(index, size));
    rebuilt += result.length;
    return result;
  }

  function bytes(index: number): Uint8Array {
    const chain: number[] = [];
    let at = index;
    let result = arena.find(at);
    while (result === null && bases[at]! >= 0) {
      chain.push(at);
      at = bases[at]!;
      result = arena.find(at);
    }
    result ??= stored(at);
    while (chain.length > 0) {
      at = chain.pop()!;
      result = build(at, result, storedDelta(at), pieces);
    }
    return result;
  }

  function unfold(index: number, into: Pieces): Uint8Array {
    into.length = 0;
    const base = bases[index]!;
    if (base < 0 || arena.find(index) !== null) return bytes(index);
    const from = bytes(base);
    return build(index, from, storedDelta(index), into);
  }

  return {
    spool,
    count,
    offsets,
    dataOffsets,
    storedSizes,
    sizes,
    types,
    bases,
    depths,
    bytes,
    unfold,
    read,
    build,
    rebuiltBytes: () => rebuilt,
    isHeld: (index) => passedOver[index] === 0,
    passOver(index) {
      passedOver[index] = 1;
    },
    at(offset, noted) {
      let low = 0;
      let high = noted - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const there = offsets[middle]!;
        if (there === offset) return middle;
        if (there < offset) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
    shelve: shelf.put,
    close: arena.close,
    hash(index, data) {
      const type = types[index]!;
      if (type === UNKNOWN) throw new RemoteError("corrupt", "Cannot read the pack: no type");
      return objectHash(type, data);
    },
  };
}
