/** Tells of each blob with hits where it stands: its paths, and the first commit of each. */

import type { Breather } from "@/lib/git/breather.ts";
import { parseAuthor, parseTag, type Signature } from "@/lib/git/commit.ts";
import { orderCommits } from "@/lib/git/commit_order.ts";
import { createNumbers } from "@/lib/git/numbers.ts";
import { oidBytes } from "@/lib/git/oid_table.ts";
import { BLOB, COMMIT, TAG, TREE } from "@/lib/git/pack.ts";
import { Paths } from "@/lib/git/paths.ts";
import type { ReadPack } from "@/lib/git/read_pack.ts";
import type { Ref } from "@/lib/git/refs.ts";
import { filesOf } from "@/lib/git/tree.ts";
import { buildTreeGraph, type TreeGraph, type WatchedNames } from "@/lib/git/tree_graph.ts";

/** One blob at one path. */
export interface BlobPlace {
  /** Number of the blob's object; −1 where its name alone is watched. */
  blob: number;
  oid: string;
  /** As `pathText` gives it: one of more than 4,096 bytes is cut. */
  path: string;
  /** The first commit with this blob at this path; for what only a tag holds, the tag. */
  commit: string;
  author: Signature;
  /** Whether the newest commit of the default branch has this blob at this path. */
  atTip: boolean;
}

/** What the walk found out. */
export interface Walk {
  /** Oldest first; to be read once, while the pack is open. */
  places(): Generator<BlobPlace>;
  commits: number;
  /** Entries that lie deeper than the limit. */
  deepEntries: number;
  /** True when there were more paths than anyone could look at. */
  tooManyPaths: boolean;
  brokenTrees: number;
  /** Ids of the files in the newest commit's root, by name; null when its tree is not in the pack. */
  rootFiles(): Map<string, string> | null;
}

export interface WalkOptions {
  refs: readonly Ref[];
  headCommit: string | null;
  treeDepth: number;
  watched?: WatchedNames | undefined;
}

/** A few trees can name each other so often that there are more paths than atoms. */
const MOST_PATHS = 300_000;
/** A tag may point at a tag, so many times. */
const TAG_DEPTH = 20;
const NOBODY: Signature = { name: null, email: null, date: null };

/** Walks commits oldest first, and each tree at each path once. */
export async function walkHistory(
  pack: ReadPack<unknown>,
  options: WalkOptions,
  breather: Breather,
): Promise<Walk> {
  const { objects, oids, objectOf } = pack;
  const commits = await orderCommits(pack, breather);
  for (const index of pack.tags) {
    objectOf.set(oids.intern(objects.hash(index, objects.bytes(index)), 0), index);
  }
  const sources = options.refs.map((ref) => oids.intern(oidBytes(ref.oid), 0));
  const graph = await buildTreeGraph(pack, breather, options.watched);
  /** No id is added from here on, so that a path and an id make one number. */
  const ids = oids.size;
  const paths = new Paths(graph.names);
  const walker = new Walker(graph, paths, ids, options.treeDepth);

  /** Three numbers a place: blob's id, path, and the object that the commit is. */
  const places = createNumbers();
  const noted = new Set<number>();
  const note = (source: number) => (blob: number, path: number) => {
    const key = path * ids + blob;
    if (noted.has(key)) return;
    noted.add(key);
    places.push(blob);
    places.push(path);
    places.push(source);
  };

  const visited = new Set<number>();
  for (const commit of commits) {
    if (graph.leads(commit.tree)) walker.walk(commit.tree, 0, visited, note(commit.id));
    if (breather.due()) await breather.breathe();
  }
  for (const [at, ref] of options.refs.entries()) {
    const target = tagged(pack, ref);
    if (target === null) continue;
    const source = sources[at]!;
    if (objects.types[objectOf.at(target)] === TREE) {
      walker.walk(target, 0, visited, note(source));
    } else note(source)(target, paths.of(0, ref.name));
  }

  const atTip = new Set<number>();
  const head = options.headCommit === null ? -1 : oids.find(oidBytes(options.headCommit), 0);
  const tip = commits.find((commit) => commit.id === head);
  if (tip !== undefined) {
    walker.walk(tip.tree, 0, new Set(), (blob, path) => atTip.add(path * ids + blob));
  }

  function* listPlaces(): Generator<BlobPlace> {
    const signatures = new Map<number, Signature>();
    for (let i = 0; i < places.length; i += 3) {
      const blob = places.at(i);
      const path = places.at(i + 1);
      const source = places.at(i + 2);
      let author = signatures.get(source);
      if (author === undefined) {
        author = signatureOf(pack, source);
        signatures.set(source, author);
      }
      yield {
        blob: objectOf.at(blob),
        oid: oids.hex(blob),
        path: paths.text(path),
        commit: oids.hex(source),
        author,
        atTip: atTip.has(path * ids + blob),
      };
    }
  }

  return {
    places: listPlaces,
    commits: commits.length,
    deepEntries: walker.deep.size,
    tooManyPaths: walker.full,
    brokenTrees: graph.brokenTrees,
    rootFiles() {
      const root = tip === undefined ? -1 : objectOf.at(tip.tree);
      return root < 0 ? null : filesOf(objects.bytes(root));
    },
  };
}

/** Goes down from a tree to blobs with hits. */
class Walker {
  /** Paths of entries that lie deeper than the limit. */
  readonly deep = new Set<number>();
  full = false;
  readonly #graph: TreeGraph;
  readonly #paths: Paths;
  readonly #ids: number;
  readonly #treeDepth: number;

  constructor(graph: TreeGraph, paths: Paths, ids: number, treeDepth: number) {
    this.#graph = graph;
    this.#paths = paths;
    this.#ids = ids;
    this.#treeDepth = treeDepth;
  }

  walk(
    root: number,
    rootPath: number,
    visited: Set<number>,
    found: (blob: number, path: number) => void,
  ): void {
    const paths = this.#paths;
    const trees = [root];
    const at = [rootPath];
    let path = rootPath;
    const entry = (child: number, name: number, isTree: boolean) => {
      const childPath = paths.child(path, name);
      if (!isTree) found(child, childPath);
      else if (paths.depth(childPath) >= this.#treeDepth) this.deep.add(childPath);
      else {
        trees.push(child);
        at.push(childPath);
      }
    };
    while (trees.length > 0) {
      const tree = trees.pop()!;
      path = at.pop()!;
      const key = path * this.#ids + tree;
      if (visited.has(key)) continue;
      if (paths.count() > MOST_PATHS) {
        this.full = true;
        return;
      }
      visited.add(key);
      this.#graph.visit(tree, entry);
    }
  }
}

/** The id of the blob or tree that a tag stands for, or null when it is a commit or absent. */
function tagged(pack: ReadPack<unknown>, ref: Ref): number | null {
  let oid = ref.oid;
  for (let depth = 0; depth < TAG_DEPTH; depth++) {
    const id = idOf(pack, oid);
    const index = id < 0 ? -1 : pack.objectOf.at(id);
    if (index < 0) return null;
    const type = pack.objects.types[index];
    if (type === BLOB && pack.hits.has(index)) return id;
    if (type === TREE) return id;
    if (type !== TAG) return null;
    const target = parseTag(pack.objects.bytes(index));
    if (target === null) return null;
    oid = target.oid;
  }
  return null;
}

function idOf(pack: ReadPack<unknown>, oid: string): number {
  return pack.oids.find(oidBytes(oid), 0);
}

function signatureOf(pack: ReadPack<unknown>, source: number): Signature {
  const index = pack.objectOf.at(source);
  if (index < 0) return NOBODY;
  const type = pack.objects.types[index];
  if (type === COMMIT) return parseAuthor(pack.objects.bytes(index));
  return type === TAG ? parseTag(pack.objects.bytes(index))?.tagger ?? NOBODY : NOBODY;
}
