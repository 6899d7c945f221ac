/** Paths as small numbers, and as texts that are never longer than git itself would write to a disk. */

import { createHash } from "node:crypto";
import { ELLIPSIS, hashMark } from "@/lib/hidden_name.ts";
import { decodeText } from "@/lib/git/commit.ts";
import { createNumbers } from "@/lib/git/numbers.ts";

/** `PATH_MAX`: a path of more bytes can be checked out nowhere, and is cut in its middle. */
export const MOST_PATH_BYTES = 4096;
/** Of a longer one: its beginning, and as much of its end as tells the kind of the file. */
const HEAD_BYTES = 3000;
const TAIL_BYTES = 1000;

const SLASH = Uint8Array.of(47);

/** The text of a path by its names, the root's first. */
export function pathText(names: readonly Uint8Array[]): string {
  if (bytesOf(names) <= MOST_PATH_BYTES) return names.map(decodeText).join("/");
  return cut(names, names.reduce((above, name) => chain(above, digest(name)), ""));
}

function bytesOf(names: readonly Uint8Array[]): number {
  return names.reduce((sum, name) => sum + name.length, names.length - 1);
}

/** Its hash is of all names, so that two paths that are cut alike stay two. */
function cut(names: readonly Uint8Array[], hash: string): string {
  const parts = names.flatMap((name, i) => i === 0 ? [name] : [SLASH, name]);
  const head: string[] = [];
  for (let at = 0, room = HEAD_BYTES; at < parts.length && room > 0; at++) {
    const part = parts[at]!;
    head.push(decodeText(part.subarray(0, signEnd(part, room))));
    room -= part.length;
  }
  const tail: string[] = [];
  for (let at = parts.length - 1, room = TAIL_BYTES; at >= 0 && room > 0; at--) {
    const part = parts[at]!;
    tail.push(decodeText(part.subarray(signEnd(part, part.length - room))));
    room -= part.length;
  }
  return head.join("") + ELLIPSIS + hashMark(hash) + ELLIPSIS + tail.reverse().join("");
}

/** Where a cut at `at` does not part a sign of UTF-8. */
function signEnd(bytes: Uint8Array, at: number): number {
  if (at <= 0 || at >= bytes.length) return Math.max(0, Math.min(at, bytes.length));
  for (let end = at; end > Math.max(0, at - 4); end--) {
    if ((bytes[end]! & 0xc0) !== 0x80) return end;
  }
  return at;
}

function digest(name: Uint8Array): string {
  return createHash("sha256").update(name).digest("hex");
}

function chain(above: string, name: string): string {
  return createHash("sha256").update(above).update(name).digest("hex");
}

/** Names by their numbers. */
interface Names {
  bytesOf(name: number): Uint8Array;
  readonly size: number;
}

/** Paths as small numbers; 0 is the root. */
export class Paths {
  readonly #table: Names;
  readonly #parents = createNumbers();
  readonly #names = createNumbers();
  readonly #depths = createNumbers();
  /** Bytes of the whole path; above the most they need not be told apart. */
  readonly #lengths = createNumbers();
  readonly #children = new Map<number, number>();
  readonly #given = new Map<number, Uint8Array>();
  /** Of long paths alone, each once: a folder's name may be as long as a pack. */
  readonly #hashes = new Map<number, string>();
  readonly #nameHashes = new Map<number, string>();

  constructor(table: Names) {
    this.#table = table;
    this.#parents.push(-1);
    this.#names.push(-1);
    this.#depths.push(0);
    this.#lengths.push(-1);
  }

  child(parent: number, name: number): number {
    const key = parent * this.#table.size + name;
    let path = this.#children.get(key);
    if (path === undefined) {
      path = this.#add(parent, name, this.#table.bytesOf(name).length);
      this.#children.set(key, path);
    }
    return path;
  }

  /** A path with a text of its own, for a blob that has no tree. */
  of(parent: number, text: string): number {
    const bytes = new TextEncoder().encode(text);
    const path = this.#add(parent, -1, bytes.length);
    this.#given.set(path, bytes);
    return path;
  }

  depth(path: number): number {
    return this.#depths.at(path);
  }

  count(): number {
    return this.#parents.length;
  }

  text(path: number): string {
    const names: Uint8Array[] = [];
    for (let at = path; at > 0; at = this.#parents.at(at)) names.push(this.#bytesOf(at));
    names.reverse();
    return this.#lengths.at(path) <= MOST_PATH_BYTES
      ? names.map(decodeText).join("/")
      : cut(names, this.#hashOf(path));
  }

  #hashOf(path: number): string {
    if (path === 0) return "";
    let hash = this.#hashes.get(path);
    if (hash === undefined) {
      hash = chain(this.#hashOf(this.#parents.at(path)), this.#nameHash(path));
      this.#hashes.set(path, hash);
    }
    return hash;
  }

  #nameHash(path: number): string {
    const name = this.#names.at(path);
    if (name < 0) return digest(this.#bytesOf(path));
    let hash = this.#nameHashes.get(name);
    if (hash === undefined) {
      hash = digest(this.#table.bytesOf(name));
      this.#nameHashes.set(name, hash);
    }
    return hash;
  }

  #bytesOf(path: number): Uint8Array {
    return this.#given.get(path) ?? this.#table.bytesOf(this.#names.at(path));
  }

  #add(parent: number, name: number, bytes: number): number {
    this.#parents.push(parent);
    this.#names.push(name);
    this.#depths.push(this.#depths.at(parent) + 1);
    this.#lengths.push(Math.min(this.#lengths.at(parent) + 1 + bytes, MOST_PATH_BYTES + 1));
    return this.#parents.length - 1;
  }
}
