/**
 * Passwords that everybody guesses first: those that leaked most often, by a list of hashes; and
 * what such lists are made of, which is a few words, names, keyboard runs and years, put together:
 * so a password is common too when next to nothing is left once those are taken out.
 */

import { hash } from "node:crypto";
import { COMMON_PASSWORD_HASHES } from "@/lib/common_password_hashes.ts";
import { lettersOf } from "@/lib/letter_signs.ts";

/** Longer words first where one begins with another. */
const WORDS = (
  "password passwort passwd passphrase motdepasse contrasena wachtwoord pass word pwd " +
  "administrator admin root superuser user login welcome letmein changeme default guest test " +
  "temp temporary secret master access system server security private qwertz azerty " +
  "iloveyou ilove love lovely you princess prince sunshine monkey dragon shadow football " +
  "baseball basketball soccer hockey liverpool chelsea arsenal barcelona batman superman " +
  "spiderman starwars pokemon naruto blink matrix trustno money flower freedom whatever nothing " +
  "hello hallo friends family mother computer internet google facebook samsung michael jordan " +
  "jessica ashley daniel charlie andrew thomas robert matthew joshua hunter killer tigger pepper " +
  "ginger summer winter spring autumn january february march april june july august september " +
  "october november december monday tuesday wednesday thursday friday saturday sunday " +
  "cheese cookie chocolate banana orange purple yellow silver golden diamond angel baby junior " +
  "correcthorsebatterystaple bitbucket github gitlab atlassian example company the my your is"
).split(" ").sort((a, b) => b.length - a.length);

const RUNS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
  "1q2w3e4r5t6z7u8i9o0p",
  "1q2w3e4r5t6y7u8i9o0p",
].flatMap((run) => [run, Array.from(run).reverse().join("")]);

/** So many signs must be left, and so many different words are a passphrase whatever they are. */
const LEAST_LEFT = 4;
const ENOUGH_WORDS = 4;

/** Whether a password is made of what everybody tries, and of `context`: names that belong to it. */
export function isCommonPassword(password: string, context: readonly string[] = []): boolean {
  const plain = password.normalize("NFKC").toLowerCase();
  if (isListed(plain)) return true;
  const own = context.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 3);
  const words = [...own, ...WORDS].sort((a, b) => b.length - a.length);
  // Sign for sign, so that a place in the one is the same place in the other.
  return [plain, lettersOf(plain)].some((text) => isMadeOf(plain, text, words, own));
}

/** The first 32 bits of its SHA-256: of a million other passwords three meet one of the list. */
export function passwordHash(plain: string): number {
  return parseInt(hash("sha256", plain, "hex").slice(0, 8), 16);
}

/** Read at the first need; ordered, as it is written. */
let listed: DataView | null = null;

function isListed(plain: string): boolean {
  listed ??= new DataView(
    Uint8Array.from(atob(COMMON_PASSWORD_HASHES), (sign) => sign.charCodeAt(0)).buffer,
  );
  const wanted = passwordHash(plain);
  let [from, to] = [0, listed.byteLength / 4];
  while (from < to) {
    const middle = from + to >> 1;
    if (listed.getUint32(middle * 4) < wanted) from = middle + 1;
    else to = middle;
  }
  return from * 4 < listed.byteLength && listed.getUint32(from * 4) === wanted;
}

/** Whether next to nothing of `plain` is left once the words that stand in `text` are taken out. */
function isMadeOf(
  plain: string,
  text: string,
  words: readonly string[],
  own: readonly string[],
): boolean {
  const found = new Set<string>();
  let [rest, seen] = [plain, text];
  for (const word of words) {
    for (let at = seen.indexOf(word); at >= 0; at = seen.indexOf(word, at)) {
      if (!own.includes(word)) found.add(word);
      // A gap stays, so that the two sides do not become another word.
      const gap = " ".repeat(word.length);
      rest = rest.slice(0, at) + gap + rest.slice(at + word.length);
      seen = seen.slice(0, at) + gap + seen.slice(at + word.length);
    }
  }
  if (found.size >= ENOUGH_WORDS) return false;
  const signs = rest.replaceAll(/[^\p{L}\p{N}]/gu, "");
  return withoutRuns(withoutRepeats(signs)).replaceAll(/\d/g, "").length < LEAST_LEFT &&
    digitsLeft(signs) < 8;
}

/** Digits that are no run or repetition are worth something once there are many. */
function digitsLeft(text: string): number {
  return withoutRuns(withoutRepeats(text)).replaceAll(/\D/g, "").length;
}

/** `abcabcabc` counts as `abc`, `aaaa` as `a`. */
function withoutRepeats(text: string): string {
  return text.replaceAll(/(.{1,4}?)\1{2,}/g, "$1");
}

function withoutRuns(text: string): string {
  let left = "";
  for (let at = 0; at < text.length;) {
    const length = longestRun(text, at);
    if (length < 3) left += text[at];
    at += length < 3 ? 1 : length;
  }
  return left;
}

function longestRun(text: string, at: number): number {
  let longest = 1;
  for (const run of RUNS) {
    const start = run.indexOf(text[at]!);
    if (start < 0) continue;
    let length = 1;
    while (
      at + length < text.length && start + length < run.length &&
      text[at + length] === run[start + length]
    ) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}
