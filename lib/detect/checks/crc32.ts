/** CRC-32 as in IEEE 802.3, which many vendors append to their tokens. */

const TABLE = new Uint32Array(256).map((_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The unsigned 32-bit sum of bytes, or of a text's code units taken as bytes. */
export function crc32(input: string | Uint8Array): number {
  let sum = 0xffffffff;
  for (let at = 0; at < input.length; at++) {
    const byte = typeof input === "string" ? input.charCodeAt(at) : input[at]!;
    sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff]!;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** The sum as 8 lower-case hexadecimal digits, high byte first. */
export function crc32Hex(input: string | Uint8Array): string {
  return crc32(input).toString(16).padStart(8, "0");
}

/** The sum's four bytes, low byte first. */
export function crc32Bytes(input: string | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, crc32(input), true);
  return bytes;
}
