/**
 * Azure DevOps tokens of 52 base32 characters hold a CRC-32, whose bytes are spread over them.
 * Places and seeds: https://github.com/microsoft/security-utilities
 */
import { fromBase32, toBase32 } from "./base32.ts";
import { crc32 } from "./crc32.ts";

const SEEDS = [0xe0b9692d, 0x1019f92e];
/** Where the checksum's bytes stand, low byte first. */
const PLACES = [22, 8, 7, 2];

/** Whether a token holds the checksum of its other 28 bytes. */
export function isAdoPat(token: string): boolean {
  const bytes = fromBase32(token.toUpperCase());
  if (bytes === null || bytes.length < 32) return false;
  const rest = bytes.subarray(0, 32).filter((_, at) => !PLACES.includes(at));
  const sum = PLACES.reduceRight((held, place) => held * 256 + bytes[place]!, 0);
  const found = crc32(rest);
  return SEEDS.some((seed) => ((found ^ seed) >>> 0) === sum);
}

/** A token of 28 bytes with their checksum in its places; used to make examples. */
export function toAdoPat(rest: Uint8Array): string {
  const sum = (crc32(rest) ^ SEEDS[0]!) >>> 0;
  const bytes = new Uint8Array(32);
  let next = 0;
  for (let at = 0; at < 32; at++) {
    const place = PLACES.indexOf(at);
    bytes[at] = place < 0 ? rest[next++]! : (sum >>> (8 * place)) & 0xff;
  }
  return toBase32(bytes).toLowerCase();
}
