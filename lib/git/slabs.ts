/** Blocks of memory that go from one reading to the next, so that none is mapped and cleared anew. */

/** Bytes of a slab. */
export const SLAB_BYTES = 1 << 20;

/** What a thread keeps between two readings; more is left to the collector. */
const MOST_SPARE = 32;

const spare: Uint8Array[] = [];

/** A slab with whatever its last user left in it. */
export function takeSlab(): Uint8Array {
  return spare.pop() ?? new Uint8Array(SLAB_BYTES);
}

/** Takes slabs back: nobody may look at them any more. */
export function giveSlabs(slabs: readonly Uint8Array[]): void {
  spare.push(...slabs.slice(0, MOST_SPARE - spare.length));
}
