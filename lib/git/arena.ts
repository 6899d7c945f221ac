/** Memory for objects at hand: one buffer, filled round and round, so that nothing is collected. */

/** Objects by number; the oldest are overwritten, unless they were used of late. */
export interface Arena {
  /** Room for an object, noted as its place; at most an eighth of the arena. Null if larger. */
  place(index: number, size: number): Uint8Array | null;
  /** The object's bytes, or null when they were overwritten or never placed. */
  find(index: number): Uint8Array | null;
  /** Gives the memory to the next arena: nobody may look at objects any more. */
  close(): void;
}

/** A larger object would drive out too many others. */
const LARGEST_SHARE = 8;

/** The memory of the arena that was closed last: a thread reads one repository after the other. */
let spare: Uint8Array = new Uint8Array(0);

/**
 * What `find` gives stays as it is while less than a quarter of the arena is placed: old objects are
 * moved to the front when they are used.
 */
export function createArena(capacity: number, count: number): Arena {
  let memory = spare.length >= capacity ? spare : new Uint8Array(capacity);
  spare = new Uint8Array(0);
  /** Where objects begin, in bytes placed before them since the beginning; −1 for nowhere. */
  const starts = new Float64Array(count).fill(-1);
  const sizes = new Uint32Array(count);
  let front = 0;

  function place(index: number, size: number): Uint8Array | null {
    if (size * LARGEST_SHARE > capacity) return null;
    let at = front % capacity;
    // No object lies across the end.
    if (at + size > capacity) {
      front += capacity - at;
      at = 0;
    }
    starts[index] = front;
    sizes[index] = size;
    front += size;
    return memory.subarray(at, at + size);
  }

  return {
    place,
    close() {
      if (memory.length > spare.length) spare = memory;
      memory = new Uint8Array(0);
    },
    find(index) {
      const start = starts[index]!;
      const age = front - start;
      if (start < 0 || age > capacity) return null;
      const size = sizes[index]!;
      const at = start % capacity;
      if (age < capacity / 2) return memory.subarray(at, at + size);
      const moved = place(index, size);
      // Moving up may overwrite the old place only from its beginning, which `copyWithin` allows.
      memory.copyWithin((front - size) % capacity, at, at + size);
      return moved;
    },
  };
}
