/** Secrets to plant, made at run time and never twice, and a search for them in what was left behind. */

import { withBase62Crc32 } from "@/lib/detect/checks/base62.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A GitHub personal access token that nobody issued, with the right checksum. */
export function githubToken(): string {
  return "gh" + "p_" + withBase62Crc32(randomText(30));
}

/** A password for a URL or an assignment: nothing that a dictionary knows. */
export function password(): string {
  return randomText(10) + "7_" + randomText(10);
}

/** Random letters and digits. */
export function randomText(length: number): string {
  return Array.from(
    crypto.getRandomValues(new Uint32Array(length)),
    (number) => LETTERS[number % LETTERS.length],
  ).join("");
}

/**
 * Each file below `dir` that holds one of the secrets, as `path: secret`. They are looked for as
 * written, in base64 (all three alignments), in hex and percent-encoded, whatever the file's format.
 */
export async function searchFiles(dir: string, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(dir)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory) found.push(...await searchFiles(path, secrets));
    else if (entry.isFile) {
      found.push(
        ...searchText(latin1(await Deno.readFile(path)), secrets).map((one) => `${path}: ${one}`),
      );
    }
  }
  return found;
}

/** The secrets that a text holds, in clear or thinly wrapped. */
export function searchText(text: string, secrets: readonly string[]): string[] {
  const lower = text.toLowerCase();
  return secrets.filter((secret) =>
    text.includes(secret) || text.includes(encodeURIComponent(secret)) ||
    [0, 1, 2].some((offset) => text.includes(base64Core(secret, offset))) ||
    lower.includes(hex(secret))
  );
}

/** The characters of a base64 text that depend on the secret alone, when it starts at `offset` mod 3. */
function base64Core(secret: string, offset: number): string {
  const whole = secret.slice((3 - offset) % 3);
  return btoa(whole.slice(0, Math.floor(whole.length / 3) * 3));
}

function hex(text: string): string {
  return Array.from(text, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
