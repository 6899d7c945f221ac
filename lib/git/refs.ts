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

/** A list of refs that refuses to grow without end. */
export function createRefList(): { refs: Ref[]; add(ref: Ref): void } {
  const refs: Ref[] = [];
  return {
    refs,
    add(ref) {
      if (refs.length === MAX_REFS) {
        throw new RemoteError("too_large", `Cannot list the refs: more than ${MAX_REFS}`, {
          limit: `more than ${MAX_REFS} refs`,
        });
      }
      refs.push(ref);
    },
  };
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
