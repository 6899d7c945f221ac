/** Makes the secrets of examples at run time, the same at each run, so that none is written down. */

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";

/** `length` characters of an alphabet; another `seed` gives other characters. */
export function pick(alphabet: string, length: number, seed = 1): string {
  let state = (length * 7919 + seed * 104729 + alphabet.length) >>> 0;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    text += alphabet[((state ^ (state >>> 13)) >>> 4) % alphabet.length];
  }
  return text;
}

/** Letters of both cases and digits, one digit at least. */
export const alnum = (length: number, seed = 1) =>
  withDigit(pick(UPPER + LOWER + DIGITS, length, seed));
/** Lower-case letters and digits, one digit at least. */
export const lower = (length: number, seed = 1) => withDigit(pick(LOWER + DIGITS, length, seed));
/** Upper-case letters and digits. */
export const upper = (length: number, seed = 1) => pick(UPPER + DIGITS, length, seed);
/** Letters of both cases. */
export const letters = (length: number, seed = 1) => pick(UPPER + LOWER, length, seed);
/** Digits, the first of which is not zero. */
export const digits = (length: number, seed = 1) =>
  pick("123456789", 1, seed) + pick(DIGITS, length - 1, seed);
/** Lower-case hexadecimal digits. */
export const hex = (length: number, seed = 1) => pick("0123456789abcdef", length, seed);
/** The base32 alphabet of RFC 4648. */
export const base32 = (length: number, seed = 1) => pick(UPPER + "234567", length, seed);
/** The base64 alphabet, without padding. */
export const base64 = (length: number, seed = 1) =>
  pick(UPPER + LOWER + DIGITS + "+/", length, seed);
/** The base64url alphabet, which starts and ends in a letter or digit. */
export const base64url = (length: number, seed = 1) =>
  alnum(1, seed) + pick(UPPER + LOWER + DIGITS + "-_", length - 2, seed) + alnum(1, seed + 1);
/** A random (version 4) UUID in lower case. */
export const uuid = (seed = 1) =>
  [hex(8, seed), hex(4, seed), "4" + hex(3, seed), "a" + hex(3, seed + 1), hex(12, seed)].join("-");
/** Bytes. */
export const bytes = (length: number, seed = 1) =>
  Uint8Array.from({ length }, (_, at) => parseInt(hex(2, seed * 1000 + at), 16));

function withDigit(text: string): string {
  return text.length < 3 || /\d/.test(text) ? text : text.slice(0, 2) + "7" + text.slice(3);
}
