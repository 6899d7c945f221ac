/**
 * Marvin32, the keyed hash that Azure puts as a checksum into its identifiable keys.
 * Algorithm and seeds: https://github.com/microsoft/security-utilities
 */

/** The 64-bit state as `[low, high]`; the 32-bit hash is their exclusive or. */
export function marvinState(bytes: Uint8Array, seed: bigint): [number, number] {
  let low = Number(seed & 0xffffffffn);
  let high = Number(seed >> 32n);
  const mix = (value: number) => {
    low = (low + value) | 0;
    high ^= low;
    low = (rotate(low, 20) + high) | 0;
    high = rotate(high, 9) ^ low;
    low = (rotate(low, 27) + high) | 0;
    high = rotate(high, 19);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) mix(view.getInt32(at, true));
  let tail = 0x80;
  for (let last = bytes.length - 1; last >= at; last--) tail = (tail << 8) | bytes[last]!;
  mix(tail);
  mix(0);
  return [low >>> 0, high >>> 0];
}

/** The 32-bit hash, unsigned. */
export function marvin32(bytes: Uint8Array, seed: bigint): number {
  const [low, high] = marvinState(bytes, seed);
  return (low ^ high) >>> 0;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
