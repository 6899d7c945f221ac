/**
 * Tells which blobs stand at some paths of the newest commit of a branch. Reading
 * only what is new cannot tell: a tree that is absent from the pack may be that of any older
 * commit. So the trees of that one commit are fetched, without file contents where the server can.
 */

import type { Found } from "@/lib/git/blob_scanner.ts";
import { decodeText, parseCommitLinks } from "@/lib/git/commit.ts";
import type { GitRemote } from "@/lib/git/git_http.ts";
import { type PlainOptions, withPlainPack } from "@/lib/git/plain_pack.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import { SUBTREE, visitTree } from "@/lib/git/tree.ts";

/** What stands in one commit. */
export interface TipBlobs {
  /** The id in hex of the blob at each path, or null, in order. */
  at: (string | null)[];
  /** Those of the blobs sought that stand anywhere. */
  held: Set<string>;
}

/** Looks up paths, and blobs by their ids in hex; two git requests. @throws RemoteError, or the signal's reason */
export async function blobsAtTip(
  remote: GitRemote,
  headCommit: string,
  paths: readonly string[],
  sought: ReadonlySet<string>,
  options: PlainOptions,
): Promise<TipBlobs> {
  const request = { wants: [headCommit], haves: [], depth: 1, filter: "blob:none" } as const;
  const look = (pack: ReadPack<Found>): TipBlobs => ({
    at: paths.map(lookUp(pack, headCommit)),
    held: seek(pack, sought),
  });
  return await withPlainPack(remote, options, () => request, look) ?? { at: [], held: new Set() };
}

/** The pack holds the trees of one commit alone. */
function seek({ objects, trees }: ReadPack<Found>, sought: ReadonlySet<string>): Set<string> {
  const held = new Set<string>();
  if (sought.size === 0) return held;
  // Nearly all entries of a large tree are told apart by the beginnings of their ids.
  const beginnings = new Set(Array.from(sought, (oid) => parseInt(oid.slice(0, 6), 16)));
  for (const index of trees) {
    const bytes = objects.bytes(index);
    visitTree(bytes, (_kind, _start, end) => {
      const beginning = bytes[end + 1]! << 16 | bytes[end + 2]! << 8 | bytes[end + 3]!;
      if (!beginnings.has(beginning)) return;
      const oid = hex(bytes.subarray(end + 1, end + 21));
      if (sought.has(oid)) held.add(oid);
    });
  }
  return held;
}

/** Gives the id of the blob at a path of one commit, or null; each tree on the way is read once. */
function lookUp(pack: ReadPack<Found>, commit: string): (path: string) => string | null {
  const { objects } = pack;
  const numbers = new Map<string, number>();
  for (const index of [...pack.commits, ...pack.trees]) {
    numbers.set(hex(objects.hash(index, objects.bytes(index))), index);
  }
  const folders = new Map<string, Map<string, string>>();

  function folder(id: string): Map<string, string> {
    const known = folders.get(id);
    if (known !== undefined) return known;
    const entries = new Map<string, string>();
    const index = numbers.get(id);
    if (index !== undefined) {
      const bytes = objects.bytes(index);
      visitTree(bytes, (kind, start, end) => {
        const name = decodeText(bytes.subarray(start, end));
        entries.set(kind === SUBTREE ? `${name}/` : name, hex(bytes.subarray(end + 1, end + 21)));
      });
    }
    folders.set(id, entries);
    return entries;
  }

  const index = numbers.get(commit);
  const bytes = index === undefined ? null : objects.bytes(index);
  const links = bytes === null ? null : parseCommitLinks(bytes);
  const root = links === null ? null : decodeText(bytes!.subarray(links.tree, links.tree + 40));
  return (path) => {
    let at = root;
    const names = path.split("/");
    const file = names.pop()!;
    for (const name of names) at = at === null ? null : folder(at).get(`${name}/`) ?? null;
    return at === null ? null : folder(at).get(file) ?? null;
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
