/** Passwords at rest: scrypt (RFC 7914) with its parameters in the stored text. */

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** 128 MB a try; what the OWASP password storage cheat sheet recommends for scrypt. */
const NOW = { N: 2 ** 17, r: 8, p: 1 };
const MAX_MEMORY = 256 * 1024 * 1024;

/** Gives `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, NOW);
  return ["scrypt", NOW.N, NOW.r, NOW.p, salt.toString("base64"), hash.toString("base64")].join(
    "$",
  );
}

/** Compares in constant time; `outdated` asks for a new hash with today's parameters. */
export async function checkPassword(
  password: string,
  stored: string,
): Promise<{ right: boolean; outdated: boolean }> {
  const [name, n, r, p, salt, hash] = stored.split("$");
  if (name !== "scrypt" || !salt || !hash) return { right: false, outdated: false };
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, "base64");
  const actual = await derive(password, Buffer.from(salt, "base64"), cost);
  return {
    right: actual.length === expected.length && timingSafeEqual(actual, expected),
    outdated: cost.N !== NOW.N || cost.r !== NOW.r || cost.p !== NOW.p,
  };
}

function derive(
  password: string,
  salt: Buffer,
  cost: { N: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(
      password.normalize("NFKC"),
      salt,
      32,
      { ...cost, maxmem: MAX_MEMORY },
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
}
