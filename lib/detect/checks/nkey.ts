/**
 * NATS keys: base32 of prefix bytes, 32 bytes of seed and a CRC-16 (XMODEM, low byte first).
 * Format: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
 */
import { fromBase32, toBase32 } from "./base32.ts";

/** CRC-16/XMODEM: polynomial 0x1021, start 0. */
export function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : (sum << 1) & 0xffff;
    }
  }
  return sum;
}

/** Whether a base32 NATS key ends in the checksum of what precedes. */
export function isNkey(text: string): boolean {
  const bytes = fromBase32(text);
  if (bytes === null || bytes.length < 4) return false;
  const end = bytes.length - 2;
  return crc16(bytes.subarray(0, end)) === (bytes[end]! | (bytes[end + 1]! << 8));
}

/** The base32 text of bytes followed by their checksum; used to make examples. */
export function toNkey(bytes: Uint8Array): string {
  const sum = crc16(bytes);
  return toBase32(Uint8Array.of(...bytes, sum & 0xff, sum >> 8));
}
