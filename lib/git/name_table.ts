/** Numbers the names in trees in the order of their first sight. */

import { newSeed } from "@/lib/id.ts";

/** Names as small numbers. */
export interface NameTable {
  /** The number of the name in `bytes[start, end)`. */
  intern(bytes: Uint8Array, start: number, end: number): number;
  bytesOf(name: number): Uint8Array;
  readonly size: number;
}

/** An empty table. */
export function createNameTable(): NameTable {
  let capacity = 1024;
  let slots = new Int32Array(capacity).fill(-1);
  let arena = new Uint8Array(1 << 14);
  let ends = new Int32Array(512);
  let hashes = new Int32Array(512);
  let size = 0;
  const seed = newSeed();

  function startOf(name: number): number {
    return name === 0 ? 0 : ends[name - 1]!;
  }

  function isName(name: number, hash: number, bytes: Uint8Array, start: number, end: number) {
    const from = startOf(name);
    if (hashes[name] !== hash || ends[name]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (arena[from + i - start] !== bytes[i]) return false;
    return true;
  }

  function grow(): void {
    capacity *= 2;
    slots = new Int32Array(capacity).fill(-1);
    for (let name = 0; name < size; name++) {
      let slot = hashes[name]! & (capacity - 1);
      while (slots[slot]! >= 0) slot = (slot + 1) & (capacity - 1);
      slots[slot] = name;
    }
    const moreEnds = new Int32Array(capacity / 2);
    moreEnds.set(ends);
    ends = moreEnds;
    const moreHashes = new Int32Array(capacity / 2);
    moreHashes.set(hashes);
    hashes = moreHashes;
  }

  return {
    intern(bytes, start, end) {
      const hash = hashOf(bytes, start, end, seed);
      let slot = hash & (capacity - 1);
      for (let name = slots[slot]!; name >= 0; name = slots[slot]!) {
        if (isName(name, hash, bytes, start, end)) return name;
        slot = (slot + 1) & (capacity - 1);
      }
      const name = size++;
      const from = startOf(name);
      const to = from + end - start;
      if (to > arena.length) {
        const larger = new Uint8Array(Math.max(arena.length * 2, to));
        larger.set(arena);
        arena = larger;
      }
      arena.set(bytes.subarray(start, end), from);
      slots[slot] = name;
      ends[name] = to;
      hashes[name] = hash;
      if (size * 2 >= capacity) grow();
      return name;
    },
    bytesOf: (name) => arena.subarray(startOf(name), ends[name]!),
    get size() {
      return size;
    },
  };
}

function hashOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ hash >>> 16;
}
