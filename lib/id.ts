/** Random ids and tokens; the only door to the machine's randomness. */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new id of 20 base-32 characters: 9 of time, 11 random (55 bits), so that ids sort by age. */
export function newId(nowMs: number = Date.now()): string {
  let time = "";
  for (let rest = nowMs, i = 0; i < 9; i++, rest = Math.floor(rest / 32)) {
    time = ALPHABET[rest % 32]! + time;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(11));
  let random = "";
  for (const byte of bytes) random += ALPHABET[byte & 31]!;
  return time + random;
}

/** A new secret of `bytes` random bytes in base64url, for links, sessions and keys. */
export function newToken(bytes = 32): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A random 32-bit number for hash tables over foreign data, so that nobody can choose collisions. */
export function newSeed(): number {
  return crypto.getRandomValues(new Int32Array(1))[0]!;
}

/** Random signs of base 32 (RFC 4648), 5 bits each: what people type, and authenticator apps take. */
export function newBase32(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join("");
}
