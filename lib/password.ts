/** Passwords: what a new one must be, and how they rest: scrypt (RFC 7914), parameters in the text. */

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { isCommonPassword } from "@/lib/common_passwords.ts";

/** 128 MB a try; what the OWASP password storage cheat sheet recommends for scrypt. */
const NOW = { N: 2 ** 17, r: 8, p: 1 };
const MAX_MEMORY = 256 * 1024 * 1024;

/** So many hashes at once, so that strangers who sign in cannot take all memory; the rest queue. */
const AT_ONCE = 2;
const MOST_WAITING = 64;

/** Too many passwords wait to be checked; worth another try in a moment. */
export class TooBusyError extends Error {
  override readonly name = "TooBusyError";
}

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

/**
 * What is wrong with a new password, as a sentence; null when it will do. Length counts, its
 * composition does not; `context` has the e-mail, the instance's name and the like.
 */
export function passwordProblem(password: string, context: readonly string[]): string | null {
  if (password.length < MIN_PASSWORD_LENGTH) {
    return `Use at least ${MIN_PASSWORD_LENGTH} characters.`;
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    return `Use at most ${MAX_PASSWORD_LENGTH} characters.`;
  }
  if (isCommonPassword(password, [...context, "sluice"])) {
    return "This is among the first that people guess: words, names or rows of keys that many " +
      "use, or that belong to this account. Three or four words of your own are good.";
  }
  return null;
}

/** Gives `scrypt$N$r$p$salt$hash`. @throws `TooBusyError`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, NOW);
  return ["scrypt", NOW.N, NOW.r, NOW.p, salt.toString("base64"), hash.toString("base64")].join(
    "$",
  );
}

/**
 * Compares in constant time; `outdated` asks for a new hash with today's parameters. Without a
 * stored hash, or with one of another form, it is wrong after the same time as otherwise, so that
 * the time tells nobody which accounts exist. @throws `TooBusyError`.
 */
export async function checkPassword(
  password: string,
  stored: string | null,
): Promise<{ right: boolean; outdated: boolean }> {
  const [name, n, r, p, salt, hash] = stored?.split("$") ?? [];
  if (name !== "scrypt" || !salt || !hash) {
    await derive(password, randomBytes(16), NOW);
    return { right: false, outdated: false };
  }
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, "base64");
  const actual = await derive(password, Buffer.from(salt, "base64"), cost);
  return {
    right: actual.length === expected.length && timingSafeEqual(actual, expected),
    outdated: cost.N !== NOW.N || cost.r !== NOW.r || cost.p !== NOW.p,
  };
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(
  password: string,
  salt: Buffer,
  cost: { N: number; r: number; p: number },
): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new TooBusyError("Too many passwords to check");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(
        password.normalize("NFKC"),
        salt,
        32,
        { ...cost, maxmem: MAX_MEMORY },
        (error, key) => error ? reject(error) : resolve(key),
      );
    });
  } finally {
    // The place is handed on, or given back.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
