/**
 * One-time passwords by time, as every authenticator app makes them: RFC 6238 over HMAC-SHA-1
 * (RFC 4226), six digits, steps of 30 seconds, the secret in base 32 (RFC 4648).
 */

import { createHmac } from "node:crypto";
import { Buffer } from "node:buffer";

const STEP_MS = 30_000;
const DIGITS = 6;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A clock may be a step early or late (RFC 6238, section 5.2). */
const DRIFT_STEPS = 1;

/** The code of one step; `digits` up to 8. */
export function totpCode(secret: string, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", decodeBase32(secret)).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step of a time in milliseconds since the epoch. */
export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

/** The step whose code this is, later than `after`; null when it is no code of now. */
export function findTotpStep(
  secret: string,
  code: string,
  nowMs: number,
  after: number,
): number | null {
  const given = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(given)) return null;
  let found: number | null = null;
  for (let drift = -DRIFT_STEPS; drift <= DRIFT_STEPS; drift++) {
    const step = totpStep(nowMs) + drift;
    // Without a way out in the middle, so that the time taken does not tell how near a guess is.
    if (sameText(totpCode(secret, step), given) && step > after) found = step;
  }
  return found;
}

/** What an authenticator app reads from a link or a QR code (Google's key URI format). */
export function totpUri(secret: string, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/** @throws when a sign is not of base 32. */
function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let [value, bits] = [0, 0];
  for (const sign of text.replaceAll("=", "").toUpperCase()) {
    const digit = ALPHABET.indexOf(sign);
    if (digit < 0) throw new Error("Cannot read a one-time password's secret: it is not base 32");
    value = (value << 5 | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(value >> bits & 255);
    }
  }
  return new Uint8Array(bytes);
}

function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}
