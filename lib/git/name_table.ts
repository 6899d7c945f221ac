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
  return new Table();
}

class Table implements NameTable {
  #capacity = 1024;
  #slots = new Int32Array(1024).fill(-1);
  #arena = new Uint8Array(1 << 14);
  #ends = new Int32Array(512);
  #hashes = new Int32Array(512);
  #seed = newSeed();
  size = 0;

  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end, this.#seed);
    const mask = this.#capacity - 1;
    let slot = hash & mask;
    for (let name = this.#slots[slot]!; name >= 0; name = this.#slots[slot]!) {
      if (this.#isName(name, hash, bytes, start, end)) return name;
      slot = (slot + 1) & mask;
    }
    const name = this.size++;
    const from = this.#startOf(name);
    const to = from + end - start;
    if (to > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, to));
      larger.set(this.#arena);
      this.#arena = larger;
    }
    this.#arena.set(bytes.subarray(start, end), from);
    this.#slots[slot] = name;
    this.#ends[name] = to;
    this.#hashes[name] = hash;
    if (this.size * 2 >= this.#capacity) this.#grow();
    return name;
  }

  bytesOf(name: number): Uint8Array {
    return this.#arena.subarray(this.#startOf(name), this.#ends[name]!);
  }

  #startOf(name: number): number {
    return name === 0 ? 0 : this.#ends[name - 1]!;
  }

  #isName(name: number, hash: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#hashes[name] !== hash) return false;
    const from = this.#startOf(name);
    if (this.#ends[name]! - from !== end - start) return false;
    const arena = this.#arena;
    for (let i = start; i < end; i++) if (arena[from + i - start] !== bytes[i]) return false;
    return true;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(-1);
    const mask = this.#capacity - 1;
    for (let name = 0; name < this.size; name++) {
      let slot = this.#hashes[name]! & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = name;
    }
    const ends = new Int32Array(this.#capacity / 2);
    ends.set(this.#ends);
    this.#ends = ends;
    const hashes = new Int32Array(this.#capacity / 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ hash >>> 16;
}
