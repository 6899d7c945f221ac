/** Base 62 numbers and the checksum that GitHub and npm put at the end of their tokens. */
import { crc32 } from "./crc32.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A whole number in base 62 (digits, upper, lower case), padded with zeros on the left. */
export function base62(value: number, width: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = DIGITS[rest % 62] + text;
  return text.padStart(width, "0");
}

/**
 * Whether the last six characters are the base 62 CRC-32 of those before them.
 * Format: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
 */
export function endsInBase62Crc32(body: string): boolean {
  return body.length > 6 && base62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
}

/** The body with its six checksum characters; used to make examples. */
export function withBase62Crc32(body: string): string {
  return body + base62(crc32(body), 6);
}
