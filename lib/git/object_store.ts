/** The objects of one spooled pack: where each lies, what it is, and its bytes when asked for. */

import { createHash } from "node:crypto";
import { RemoteError } from "@/lib/errors.ts";
import { applyDelta, createPieces, type Pieces } from "@/lib/git/delta.ts";
import { inflateAt } from "@/lib/git/inflate.ts";
import { UNKNOWN } from "@/lib/git/pack.ts";
import type { Spool } from "@/lib/git/spool.ts";

const TYPE_NAMES = ["", "commit", "tree", "blob", "tag"];

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
  /** The bytes of an object, which nobody may change. */
  bytes(index: number): Uint8Array;
  /** Applies a delta to its base and keeps the result at hand for those that build on it. */
  build(index: number, base: Uint8Array, delta: Uint8Array, pieces: Pieces): Uint8Array;
  /** False for an object that was passed over because of its size or depth. */
  isHeld(index: number): boolean;
  passOver(index: number): void;
  /** Keeps the bytes at hand. */
  keep(index: number, bytes: Uint8Array): void;
  /** The object's id, 20 bytes. */
  hash(index: number, bytes: Uint8Array): Uint8Array;
}

/** Tables for `count` objects and a cache of `cacheBytes`. */
export function createObjectStore(spool: Spool, count: number, cacheBytes: number): ObjectStore {
  const dataOffsets = new Float64Array(count);
  const offsets = new Float64Array(count);
  const storedSizes = new Float64Array(count);
  const sizes = new Float64Array(count);
  const types = new Uint8Array(count);
  const bases = new Int32Array(count).fill(-1);
  const depths = new Int32Array(count);
  const cache = new Map<number, Uint8Array>();
  const scratch = createPieces();
  const passedOver = new Uint8Array(count);
  let cached = 0;
  let rebuilt = 0;

  function keep(index: number, bytes: Uint8Array): void {
    if (bytes.length > cacheBytes / 2 || cache.has(index)) return;
    cache.set(index, bytes);
    cached += bytes.length;
    for (const [oldest, old] of cache) {
      if (cached <= cacheBytes) break;
      cache.delete(oldest);
      cached -= old.length;
    }
  }

  function find(index: number): Uint8Array | undefined {
    const bytes = cache.get(index);
    if (bytes !== undefined) {
      // Last used, last out.
      cache.delete(index);
      cache.set(index, bytes);
    }
    return bytes;
  }

  function stored(index: number): Uint8Array {
    return inflateAt(spool, dataOffsets[index]!, storedSizes[index]!).data;
  }

  function bytes(index: number): Uint8Array {
    const chain: number[] = [];
    let at = index;
    let result = find(at);
    while (result === undefined && bases[at]! >= 0) {
      chain.push(at);
      at = bases[at]!;
      result = find(at);
    }
    if (result === undefined) {
      result = stored(at);
      keep(at, result);
    }
    while (chain.length > 0) {
      at = chain.pop()!;
      result = applyDelta(result, stored(at), scratch);
      rebuilt += result.length;
      keep(at, result);
    }
    return result;
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
    keep,
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
    build(index, base, delta, pieces) {
      const result = applyDelta(base, delta, pieces);
      rebuilt += result.length;
      keep(index, result);
      return result;
    },
    hash(index, data) {
      const type = types[index]!;
      if (type === UNKNOWN) throw new RemoteError("corrupt", "Cannot read the pack: no type");
      return createHash("sha1").update(`${TYPE_NAMES[type]} ${data.length}\0`).update(data)
        .digest();
    },
  };
}
