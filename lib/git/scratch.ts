/** A buffer for what is looked at once and then forgotten. */

const SMALLEST = 4096;

/** One buffer that grows: what it lends is overwritten by the next. */
export interface Scratch {
  take(size: number): Uint8Array;
}

/** A small one to begin with. */
export function createScratch(): Scratch {
  return new Growing();
}

class Growing implements Scratch {
  #buffer = new Uint8Array(SMALLEST);

  take(size: number): Uint8Array {
    if (size > this.#buffer.length) {
      this.#buffer = new Uint8Array(Math.max(size, this.#buffer.length * 2));
    }
    return this.#buffer.subarray(0, size);
  }
}
