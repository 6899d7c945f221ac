/** What a server says it has, in the words that both protocols share. */

import { RemoteError } from "@/lib/errors.ts";

/** A branch or a tag. */
export interface Ref {
  name: string;
  oid: string;
  /** What an annotated tag points at, where the server said so. */
  peeled: string | null;
}

/** All branches and tags, and what HEAD stands for. */
export interface RemoteRefs {
  refs: Ref[];
  /** The branch that HEAD names, as `refs/heads/main`; null when detached or in an empty repository. */
  headTarget: string | null;
  headOid: string | null;
}

/** What to ask for; `haves` beyond the server's knowledge are passed over by it. */
export interface PackRequest {
  wants: readonly string[];
  haves: readonly string[];
  /** Commits whose parents are not ours, nor asked for. */
  shallow?: readonly string[];
  /** How many commits deep; null for everything. */
  depth: number | null;
  /** Leaves out file contents, or all but commits and tags; a server that cannot sends them. */
  filter?: "blob:none" | "tree:0";
}

/** An answered request. */
export interface PackAnswer {
  /** The haves that the server does not know; empty when all are known. */
  unknownHaves: string[];
  pack: AsyncGenerator<Uint8Array>;
}

/** One repository's `git-upload-pack`, whatever the protocol. Throws `RemoteError`. */
export interface UploadPack {
  version: 0 | 1 | 2;
  /** Whether the server can leave out what a filter names. */
  canFilter: boolean;
  listRefs(): Promise<RemoteRefs>;
  fetchPack(request: PackRequest): Promise<PackAnswer>;
}

const MAX_REFS = 500_000;
/** As long as a path may be, which is what most servers keep a ref under. */
const MAX_NAME = 4096;
/** Of all lines together: as many refs as may be, their tags' targets and usual names included. */
const MAX_LINES = 64_000_000;

/** A list of refs that refuses to grow without end. */
export interface RefList {
  refs: Ref[];
  /** Adds what was read from a line; all of it is held, as a part of a string keeps the whole. */
  add(ref: Ref, line: string): void;
  /** Notes what a tag stands for. */
  peel(index: number, oid: string, line: string): void;
}

/** An empty list. Both ways to fill it throw `RemoteError` `too_large`. */
export function createRefList(): RefList {
  const refs: Ref[] = [];
  let held = 0;

  function hold(line: string): void {
    held += line.length;
    if (held > MAX_LINES) throw tooLarge(`refs of more than ${MAX_LINES / 1e6} MB`);
  }

  return {
    refs,
    add(ref, line) {
      if (refs.length === MAX_REFS) throw tooLarge(`more than ${MAX_REFS} refs`);
      if (ref.name.length > MAX_NAME) {
        throw tooLarge(`a ref's name longer than ${MAX_NAME} characters`);
      }
      hold(line);
      refs.push(ref);
    },
    peel(index, oid, line) {
      hold(line);
      refs[index]!.peeled = oid;
    },
  };
}

function tooLarge(limit: string): RemoteError {
  return new RemoteError("too_large", `Cannot list the refs: ${limit}`, { limit });
}

/** Only what is scanned: other refs, such as pull requests' and notes, are left alone. */
export function isScanned(name: string): boolean {
  return name.startsWith("refs/heads/") || name.startsWith("refs/tags/");
}

/** The id if it is one of SHA-1. @throws RemoteError `malformed` */
export function checkedOid(text: string): string {
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  if (/^[0-9a-f]{64}$/.test(text)) throw unsupportedFormat();
  throw new RemoteError("malformed", "Cannot read git's answer: an object id is broken");
}

/** For repositories with SHA-256 ids, which no code server offers at large yet. */
export function unsupportedFormat(): RemoteError {
  return new RemoteError(
    "malformed",
    "Cannot read this repository: its object ids are SHA-256, which is not supported",
  );
}

/** Lines of an answer to haves that acknowledge none: that enough was heard, or none is known. */
export const LINES_BESIDE_ACKS = 8;

/** For an answer that names more haves than there were. */
export function tooManyAcks(): RemoteError {
  return new RemoteError(
    "malformed",
    "Cannot fetch: the server acknowledges more than it was asked",
  );
}
