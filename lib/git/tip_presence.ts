/**
 * Tells which blobs stand at some paths of the newest commit of a branch. Reading
 * only what is new cannot tell: a tree that is absent from the pack may be that of any older
 * commit. So the trees of that one commit are fetched, without file contents where the server can.
 */

import type { Found } from "@/lib/git/blob_scanner.ts";
import { decodeText, parseCommitLinks } from "@/lib/git/commit.ts";
import type { GitRemote } from "@/lib/git/git_http.ts";
import { pathText } from "@/lib/git/paths.ts";
import { type PlainOptions, withPlainPack } from "@/lib/git/plain_pack.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import { FILE, SUBTREE, visitTree } from "@/lib/git/tree.ts";

/** What stands in one commit. */
export interface TipBlobs {
  /** The id in hex of the blob at each path, or null, in order. */
  at: (string | null)[];
  /** Those of the blobs sought that stand anywhere. */
  held: Set<string>;
}

/** A path that is not known as it stands: it is looked for among those of the blob. */
export interface HiddenPath {
  blob: string;
  is(path: string): boolean;
}

/** So many folders are looked at for hidden paths; a few trees can name each other without end. */
const MOST_FOLDERS = 300_000;

/** Looks up paths, and blobs by their ids in hex; two git requests. @throws RemoteError, or the signal's reason */
export async function blobsAtTip(
  remote: GitRemote,
  headCommit: string,
  paths: readonly (string | HiddenPath)[],
  sought: ReadonlySet<string>,
  options: PlainOptions,
): Promise<TipBlobs> {
  const request = { wants: [headCommit], haves: [], depth: 1, filter: "blob:none" } as const;
  const look = (pack: ReadPack<Found>): TipBlobs => {
    const tree = readTip(pack, headCommit);
    const hidden = paths.filter((path) => typeof path !== "string");
    const { found, whole } = lookFor(tree, hidden, options.limits.treeDepth);
    // Where not every folder was seen, a blob that stands anywhere may stand there as well.
    const standing = whole
      ? new Set<string>()
      : seek(pack, new Set(hidden.map(({ blob }) => blob)));
    return {
      at: paths.map((path) => {
        if (typeof path === "string") return lookUp(tree, path);
        return found.has(path) || standing.has(path.blob) ? path.blob : null;
      }),
      held: seek(pack, sought),
    };
  };
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

/** The trees of one commit. */
interface Tip {
  root: string | null;
  /** Bytes of a tree by its id; null where the pack has it not. */
  tree(id: string): Uint8Array | null;
  /** Ids by names, those of folders with a slash behind; each tree is read once. */
  folder(id: string): Map<string, string>;
}

function readTip(pack: ReadPack<Found>, commit: string): Tip {
  const { objects } = pack;
  const numbers = new Map<string, number>();
  for (const index of [...pack.commits, ...pack.trees]) {
    numbers.set(hex(objects.hash(index, objects.bytes(index))), index);
  }
  const folders = new Map<string, Map<string, string>>();

  function tree(id: string): Uint8Array | null {
    const index = numbers.get(id);
    return index === undefined ? null : objects.bytes(index);
  }

  function folder(id: string): Map<string, string> {
    const known = folders.get(id);
    if (known !== undefined) return known;
    const entries = new Map<string, string>();
    const bytes = tree(id);
    if (bytes !== null) {
      visitTree(bytes, (kind, start, end) => {
        const name = decodeText(bytes.subarray(start, end));
        entries.set(kind === SUBTREE ? `${name}/` : name, hex(bytes.subarray(end + 1, end + 21)));
      });
    }
    folders.set(id, entries);
    return entries;
  }

  const bytes = tree(commit);
  const links = bytes === null ? null : parseCommitLinks(bytes);
  const root = links === null ? null : decodeText(bytes!.subarray(links.tree, links.tree + 40));
  return { root, tree, folder };
}

/** The id of the blob at a path, or null. */
function lookUp({ root, folder }: Tip, path: string): string | null {
  let at = root;
  const names = path.split("/");
  const file = names.pop()!;
  for (const name of names) at = at === null ? null : folder(at).get(`${name}/`) ?? null;
  return at === null ? null : folder(at).get(file) ?? null;
}

/** A folder on the way down: its own name, and those above. */
interface Above {
  name: Uint8Array;
  above: Above | null;
  depth: number;
}

/** Which of the hidden paths stand in the tip, by a walk through its folders, and whether it saw all. */
function lookFor(
  { root, tree }: Tip,
  hidden: readonly HiddenPath[],
  treeDepth: number,
): { found: Set<HiddenPath>; whole: boolean } {
  const found = new Set<HiddenPath>();
  if (root === null || hidden.length === 0) return { found, whole: true };
  const byBlob = Map.groupBy(hidden, ({ blob }) => blob);
  const open: { id: string; above: Above | null }[] = [{ id: root, above: null }];
  for (let folders = 0; open.length > 0 && folders < MOST_FOLDERS; folders++) {
    const { id, above } = open.pop()!;
    const bytes = tree(id);
    if (bytes === null) continue;
    const depth = (above?.depth ?? 0) + 1;
    visitTree(bytes, (kind, start, end) => {
      const child = hex(bytes.subarray(end + 1, end + 21));
      const here = { name: bytes.slice(start, end), above, depth };
      if (kind === SUBTREE && depth < treeDepth) open.push({ id: child, above: here });
      const wanted = kind === FILE ? byBlob.get(child) : undefined;
      if (wanted === undefined) return;
      const path = pathText(namesOf(here));
      for (const one of wanted) if (one.is(path)) found.add(one);
    });
  }
  return { found, whole: open.length === 0 };
}

function namesOf(last: Above): Uint8Array[] {
  const names: Uint8Array[] = [];
  for (let at: Above | null = last; at !== null; at = at.above) names.push(at.name);
  return names.reverse();
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
