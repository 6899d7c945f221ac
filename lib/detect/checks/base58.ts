/** Base58Check, the alphabet and double SHA-256 checksum of Bitcoin keys. */
import { createHash } from "node:crypto";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The bytes of a base58 text, or null when a character is foreign to it. */
export function fromBase58(text: string): Uint8Array | null {
  const little: number[] = [];
  for (const character of text) {
    let carry = ALPHABET.indexOf(character);
    if (carry < 0) return null;
    for (let at = 0; at < little.length; at++) {
      carry += little[at]! * 58;
      little[at] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) little.push(carry & 0xff);
  }
  for (const character of text) {
    if (character !== "1") break;
    little.push(0);
  }
  return Uint8Array.from(little.reverse());
}

/** The base58 text of bytes. */
export function toBase58(bytes: Uint8Array): string {
  const little: number[] = [];
  for (const byte of bytes) {
    let carry = byte;
    for (let at = 0; at < little.length; at++) {
      carry += little[at]! << 8;
      little[at] = carry % 58;
      carry = Math.floor(carry / 58);
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) little.push(carry % 58);
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  const lead = zeros < 0 ? bytes.length : zeros;
  return "1".repeat(lead) + little.reverse().map((digit) => ALPHABET[digit]).join("");
}

/** The payload of a Base58Check text, or null when its last four bytes are not its checksum. */
export function fromBase58Check(text: string): Uint8Array | null {
  const bytes = fromBase58(text);
  if (bytes === null || bytes.length < 5) return null;
  const payload = bytes.subarray(0, -4);
  const sum = checksum(payload);
  return sum.every((byte, at) => byte === bytes[payload.length + at]) ? payload : null;
}

/** The Base58Check text of a payload; used to make examples. */
export function toBase58Check(payload: Uint8Array): string {
  return toBase58(Uint8Array.of(...payload, ...checksum(payload)));
}

function checksum(payload: Uint8Array): Uint8Array {
  const once = createHash("sha256").update(payload).digest();
  return createHash("sha256").update(once).digest().subarray(0, 4);
}
