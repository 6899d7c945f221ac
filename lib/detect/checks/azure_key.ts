/**
 * Azure's identifiable keys: base64 of random bytes, a signature that shows in the text, and a
 * Marvin32 checksum in the last four bytes. Signatures and seeds are published at
 * https://github.com/microsoft/security-utilities
 */
import { fromBase64, toBase64 } from "./base64.ts";
import { marvin32 } from "./marvin.ts";

/** Seeds are eight ASCII characters that name the purpose of a key. */
export function seedOf(purpose: string): bigint {
  let seed = 0n;
  for (const character of purpose) seed = (seed << 8n) | BigInt(character.charCodeAt(0));
  return seed;
}

/** Whether the last four bytes are the checksum under one of the purposes' seeds. */
export function isAzureKey(key: string, purposes: readonly string[]): boolean {
  const bytes = fromBase64(key);
  if (bytes === null || bytes.length < 8) return false;
  const sum = new DataView(bytes.buffer).getUint32(bytes.length - 4, true);
  const body = bytes.subarray(0, -4);
  return purposes.some((purpose) => marvin32(body, seedOf(purpose)) === sum);
}

/** The key whose text is `head` with the checksum appended; `head` is base64 of whole bytes. */
export function toAzureKey(head: Uint8Array, purpose: string): string {
  const key = new Uint8Array(head.length + 4);
  key.set(head);
  new DataView(key.buffer).setUint32(head.length, marvin32(head, seedOf(purpose)), true);
  return toBase64(key);
}
