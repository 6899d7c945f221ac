/** Keeps small inflated objects as they were stored, so that nothing is inflated twice. */

/** Bytes by object number; what did not fit is simply not there. */
export interface Shelf {
  /** Copies the bytes, if they are few and there is room. */
  put(index: number, bytes: Uint8Array): void;
  /** The bytes, which nobody may change, or null. */
  find(index: number): Uint8Array | null;
}

/** In all; the commits and trees of a history with 300,000 objects take 45 MB. */
const SHELF_BYTES = 48 << 20;
/** A larger object takes the room of many others, each of which costs a call of the engine. */
const LARGEST = 1 << 14;
const SLAB_BYTES = 1 << 20;

/** An empty shelf for objects numbered below `count`. */
export function createShelf(count: number, capacity: number = SHELF_BYTES): Shelf {
  const slabs: Uint8Array[] = [];
  /** Where an object begins, one more than that; 0 for none. */
  const places = new Uint32Array(count);
  const sizes = new Uint16Array(count);
  let used = 0;

  return {
    put(index, bytes) {
      const size = bytes.length;
      if (size > LARGEST) return;
      // No object lies across two slabs.
      const room = SLAB_BYTES - used % SLAB_BYTES;
      const at = size <= room ? used : used + room;
      if (at + size > capacity) return;
      const slab = Math.floor(at / SLAB_BYTES);
      if (slab === slabs.length) slabs.push(new Uint8Array(Math.min(SLAB_BYTES, capacity)));
      slabs[slab]!.set(bytes, at % SLAB_BYTES);
      places[index] = at + 1;
      sizes[index] = size;
      used = at + size;
    },
    find(index) {
      const place = places[index]!;
      if (place === 0) return null;
      const at = (place - 1) % SLAB_BYTES;
      return slabs[Math.floor((place - 1) / SLAB_BYTES)]!.subarray(at, at + sizes[index]!);
    },
  };
}
