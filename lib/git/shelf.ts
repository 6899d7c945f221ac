/** Keeps small inflated objects as they were stored, so that nothing is inflated twice. */

import { giveSlabs, SLAB_BYTES, takeSlab } from "@/lib/git/slabs.ts";

/** Bytes by object number; what did not fit is simply not there. */
export interface Shelf {
  /** Copies the bytes, if they are few and there is room. */
  put(index: number, bytes: Uint8Array): void;
  /** The bytes, which nobody may change, or null. */
  find(index: number): Uint8Array | null;
  /** Lets go of the memory: nobody may look at objects any more. */
  close(): void;
}

/** In all; the commits and trees of a history with 300,000 objects take 45 MB. */
const SHELF_BYTES = 48 << 20;
/** A larger object takes the room of many others, each of which costs a call of the engine. */
const LARGEST = 1 << 14;

/** An empty shelf for objects numbered below `count`. */
export function createShelf(count: number, capacity: number = SHELF_BYTES): Shelf {
  return new Slabs(count, capacity);
}

class Slabs implements Shelf {
  #capacity: number;
  #slabs: Uint8Array[] = [];
  /** Where an object begins, one more than that; 0 for none. */
  #places: Uint32Array;
  #sizes: Uint16Array;
  #used = 0;

  constructor(count: number, capacity: number) {
    this.#capacity = capacity;
    this.#places = new Uint32Array(count);
    this.#sizes = new Uint16Array(count);
  }

  put(index: number, bytes: Uint8Array): void {
    const size = bytes.length;
    if (size > LARGEST) return;
    // No object lies across two slabs.
    const room = SLAB_BYTES - this.#used % SLAB_BYTES;
    const at = size <= room ? this.#used : this.#used + room;
    if (at + size > this.#capacity) return;
    const slab = Math.floor(at / SLAB_BYTES);
    if (slab === this.#slabs.length) this.#slabs.push(takeSlab());
    this.#slabs[slab]!.set(bytes, at % SLAB_BYTES);
    this.#places[index] = at + 1;
    this.#sizes[index] = size;
    this.#used = at + size;
  }

  find(index: number): Uint8Array | null {
    const place = this.#places[index]!;
    if (place === 0) return null;
    const at = (place - 1) % SLAB_BYTES;
    const slab = this.#slabs[Math.floor((place - 1) / SLAB_BYTES)]!;
    return slab.subarray(at, at + this.#sizes[index]!);
  }

  close(): void {
    giveSlabs(this.#slabs);
    this.#slabs = [];
    this.#places.fill(0);
  }
}
