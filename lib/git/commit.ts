/** Reads commits and annotated tags, broken author lines included. */

import { shorten } from "@/lib/hidden_name.ts";

/** What a walk needs of a commit: offsets of hex ids within its bytes. */
export interface CommitLinks {
  /** Where the tree's hex id begins. */
  tree: number;
  /** Where each parent's hex id begins. */
  parents: number[];
  /** Committer's seconds since the epoch; 0 when they cannot be read. */
  committedAt: number;
}

/** Who wrote it and when, as far as it can be read. */
export interface Signature {
  name: string | null;
  email: string | null;
  /** Milliseconds since the epoch. */
  date: number | null;
}

/** What an annotated tag points at. */
export interface TagTarget {
  oid: string;
  type: string;
  tagger: Signature;
}

/** Nobody's name is longer. Fewer are kept, but a secret must be seen whole to be masked. */
const NAME_CHARS = 1_000;
/** No date that JavaScript knows lies beyond. */
const LAST_DATE_MS = 8.64e15;

/** The links of a commit, or null when it has no readable tree line. */
export function parseCommitLinks(bytes: Uint8Array): CommitLinks | null {
  if (!startsWith(bytes, 0, "tree ") || bytes.length < 46) return null;
  const links: CommitLinks = { tree: 5, parents: [], committedAt: 0 };
  let at = 46;
  while (startsWith(bytes, at, "parent ") && at + 48 <= bytes.length) {
    links.parents.push(at + 7);
    at += 48;
  }
  const date = parseSignature(headerLine(bytes, "committer ")).date;
  links.committedAt = date === null ? 0 : date / 1000;
  return links;
}

/** The author of a commit. */
export function parseAuthor(bytes: Uint8Array): Signature {
  return parseSignature(headerLine(bytes, "author "));
}

/** The target of an annotated tag, or null when it cannot be read. */
export function parseTag(bytes: Uint8Array): TagTarget | null {
  const oid = headerLine(bytes, "object ");
  const type = headerLine(bytes, "type ");
  if (oid === null || type === null || !/^[0-9a-f]{40}$/.test(oid)) return null;
  return { oid, type, tagger: parseSignature(headerLine(bytes, "tagger ")) };
}

/**
 * Splits `Name <mail> seconds zone` as git does: the mail lies between the first `<` and the next
 * `>`, the seconds behind the last `>`. Name and mail end with an ellipsis after 1,000 characters.
 */
export function parseSignature(line: string | null): Signature {
  if (line === null) return { name: null, email: null, date: null };
  const open = line.indexOf("<");
  const close = line.indexOf(">", open + 1);
  if (open < 0 || close < 0) return { name: named(line), email: null, date: null };
  const seconds = /^\s*(\d{1,18})(?:\s|$)/.exec(line.slice(line.lastIndexOf(">") + 1))?.[1];
  const date = seconds === undefined ? null : Number(seconds) * 1000;
  return {
    name: named(line.slice(0, open)),
    email: named(line.slice(open + 1, close)),
    date: date === null || date > LAST_DATE_MS ? null : date,
  };
}

function named(text: string): string | null {
  return shorten(text.trim(), NAME_CHARS) || null;
}

/** Text as UTF-8 where it is, else byte by byte, so that nothing is lost or merged. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder("latin1");

/** The rest of the header's first line that begins with `key`; the header ends at an empty line. */
function headerLine(bytes: Uint8Array, key: string): string | null {
  let at = 0;
  while (at < bytes.length && bytes[at] !== 10) {
    let end = bytes.indexOf(10, at);
    if (end < 0) end = bytes.length;
    if (startsWith(bytes, at, key)) return decodeText(bytes.subarray(at + key.length, end));
    at = end + 1;
  }
  return null;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
