/** A buffer for what is looked at once and then forgotten. */

const SMALLEST = 4096;

/** One buffer that grows: what it lends is overwritten by the next. */
export function createScratch(): { take(size: number): Uint8Array } {
  let buffer = new Uint8Array(SMALLEST);
  return {
    take(size) {
      if (size > buffer.length) buffer = new Uint8Array(Math.max(size, buffer.length * 2));
      return buffer.subarray(0, size);
    },
  };
}
