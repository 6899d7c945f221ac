/** Reads trees: each entry is an octal mode, a space, a name, a NUL and 20 bytes of id. */

import { decodeText } from "@/lib/git/commit.ts";

/** What an entry stands for. */
export const SUBTREE = 1;
export const FILE = 2;
export const SUBMODULE = 3;

/** The files in one tree: their ids in hex by their names; of one that breaks off, those before. */
export function filesOf(bytes: Uint8Array): Map<string, string> {
  const files = new Map<string, string>();
  visitTree(bytes, (kind, start, end) => {
    if (kind !== FILE) return;
    const oid = bytes.subarray(end + 1, end + 21);
    const hex = Array.from(oid, (byte) => byte.toString(16).padStart(2, "0")).join("");
    files.set(decodeText(bytes.subarray(start, end)), hex);
  });
  return files;
}

/** One entry; the name lies in `[nameStart, nameEnd)`, the id begins behind the NUL. */
export interface TreeEntry {
  kind: number;
  nameStart: number;
  nameEnd: number;
}

/** Reads the entry at `at`, gives where the next one begins, or −1 when the tree breaks off. */
export function readTreeEntry(bytes: Uint8Array, at: number, entry: TreeEntry): number {
  const end = bytes.length;
  let mode = 0;
  let digit = bytes[at++]!;
  // Old tools wrote modes with a leading zero, which changes nothing here.
  while (digit >= 48 && digit <= 55) {
    mode = (mode << 3 | digit & 7) & 0o777777;
    digit = bytes[at++]!;
  }
  if (digit !== 32) return -1;
  entry.nameStart = at;
  while (at < end && bytes[at] !== 0) at++;
  if (at + 21 > end) return -1;
  entry.nameEnd = at;
  const format = mode & 0o170000;
  // A symbolic link is a blob too: its text is the path it names.
  entry.kind = format === 0o040000 ? SUBTREE : format === 0o160000 ? SUBMODULE : FILE;
  return at + 21;
}

/** Told of each entry. */
export type VisitEntry = (kind: number, nameStart: number, nameEnd: number) => void;

/** Visits all entries. False when the tree breaks off, which a few old repositories do. */
export function visitTree(bytes: Uint8Array, visit: VisitEntry): boolean {
  const entry: TreeEntry = { kind: FILE, nameStart: 0, nameEnd: 0 };
  for (let at = 0; at < bytes.length;) {
    at = readTreeEntry(bytes, at, entry);
    if (at < 0) return false;
    visit(entry.kind, entry.nameStart, entry.nameEnd);
  }
  return true;
}
