/**
 * Keys of scripts and portals: `sluice_api_` or `sluice_embed_`, 32 random characters, and six of
 * a checksum, so that a scanner (ours has a rule for it) knows a leaked one without asking anybody.
 */

import { newToken } from "@/lib/id.ts";

/** What a key opens: the JSON API, or the embedded status. */
export type AccessKeyKind = "api" | "embed";

/** 62 ^ 32 is 190 bits: nobody guesses one, so that a plain hash of it may be stored. */
const RANDOM_LENGTH = 32;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FORM = /^sluice_(api|embed)_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** A new key. */
export function newAccessKey(kind: AccessKeyKind): string {
  let random = "";
  // Without the two signs that base64url adds, what is left is even over the other 62.
  while (random.length < RANDOM_LENGTH) random += newToken(48).replaceAll(/[-_]/g, "");
  random = random.slice(0, RANDOM_LENGTH);
  return `sluice_${kind}_${random}${checksum(random)}`;
}

/** Whether a text has the form of such a key; one that was mistyped needs no look-up. */
export function isAccessKey(text: string, kind: AccessKeyKind): boolean {
  const [, found, random, sum] = FORM.exec(text) ?? [];
  return found === kind && checksum(random!) === sum;
}

/** The beginning by which people tell keys apart. */
export function accessKeyHint(key: string): string {
  return key.slice(0, key.lastIndexOf("_") + 5);
}

/** CRC-32 (IEEE 802.3) as six base 62 digits. */
function checksum(text: string): string {
  let sum = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    sum ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  let digits = "";
  for (let rest = (sum ^ 0xffffffff) >>> 0; rest > 0; rest = Math.floor(rest / 62)) {
    digits = DIGITS[rest % 62] + digits;
  }
  return digits.padStart(6, "0");
}
