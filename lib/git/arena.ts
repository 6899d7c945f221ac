/** Memory for objects at hand: one buffer, filled round and round, so that nothing is collected. */

/** Objects by number; the oldest are overwritten, unless they were used of late. */
export interface Arena {
  /** Room for an object, noted as its place. */
  place(index: number, size: number): Uint8Array;
  /** The object's bytes, or null when they were overwritten or never placed. */
  find(index: number): Uint8Array | null;
  /** Gives the memory to the next arena: nobody may look at objects any more. */
  close(): void;
}

/** A larger object would drive out too many others, and is kept beside the buffer. */
const LARGEST_SHARE = 8;

/** The memory of the arena that was closed last: a thread reads one repository after the other. */
let spare: Uint8Array = new Uint8Array(0);

/**
 * What `find` gives stays as it is while less than a quarter of the arena is placed: old objects are
 * moved to the front when they are used.
 */
export function createArena(capacity: number, count: number): Arena {
  return new Ring(capacity, count);
}

class Ring implements Arena {
  #capacity: number;
  #memory: Uint8Array;
  /** Where objects begin, in bytes placed before them since the beginning; −1 for nowhere. */
  #starts: Float64Array;
  #sizes: Uint32Array;
  #front = 0;
  /** Large objects, the one used last at the end; as many bytes as the arena has, or one alone. */
  readonly #large = new Map<number, Uint8Array>();
  #largeBytes = 0;

  constructor(capacity: number, count: number) {
    this.#capacity = capacity;
    this.#memory = spare.length >= capacity ? spare : new Uint8Array(capacity);
    spare = new Uint8Array(0);
    this.#starts = new Float64Array(count).fill(-1);
    this.#sizes = new Uint32Array(count);
  }

  place(index: number, size: number): Uint8Array {
    const capacity = this.#capacity;
    if (size * LARGEST_SHARE > capacity) return this.#placeLarge(index, size);
    let at = this.#front % capacity;
    // No object lies across the end.
    if (at + size > capacity) {
      this.#front += capacity - at;
      at = 0;
    }
    this.#starts[index] = this.#front;
    this.#sizes[index] = size;
    this.#front += size;
    return this.#memory.subarray(at, at + size);
  }

  close(): void {
    if (this.#memory.length > spare.length) spare = this.#memory;
    this.#memory = new Uint8Array(0);
    this.#large.clear();
  }

  find(index: number): Uint8Array | null {
    const capacity = this.#capacity;
    const start = this.#starts[index]!;
    const age = this.#front - start;
    if (start < 0) return this.#findLarge(index);
    if (age > capacity) return null;
    const size = this.#sizes[index]!;
    const at = start % capacity;
    if (age < capacity / 2) return this.#memory.subarray(at, at + size);
    const moved = this.place(index, size);
    // Moving up may overwrite the old place only from its beginning, which `copyWithin` allows.
    this.#memory.copyWithin((this.#front - size) % capacity, at, at + size);
    return moved;
  }

  #placeLarge(index: number, size: number): Uint8Array {
    this.#drop(index);
    const bytes = new Uint8Array(size);
    this.#large.set(index, bytes);
    this.#largeBytes += size;
    for (const oldest of this.#large.keys()) {
      if (oldest === index || this.#largeBytes <= this.#capacity) break;
      this.#drop(oldest);
    }
    return bytes;
  }

  #findLarge(index: number): Uint8Array | null {
    const bytes = this.#large.get(index);
    if (bytes === undefined) return null;
    this.#large.delete(index);
    this.#large.set(index, bytes);
    return bytes;
  }

  #drop(index: number): void {
    this.#largeBytes -= this.#large.get(index)?.length ?? 0;
    this.#large.delete(index);
  }
}
