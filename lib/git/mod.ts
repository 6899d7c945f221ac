/** Reads a repository over the wire, once, and tells which of its blobs hold what is looked for. */

import { type Clock, systemClock } from "@/lib/clock.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import { createBreather } from "@/lib/git/breather.ts";
import { connect, type GitRemote } from "@/lib/git/git_http.ts";
import { chooseWants, headOf } from "@/lib/git/head.ts";
import { createProgress, type ReadingProgress } from "@/lib/git/progress.ts";
import { type ReadPack, readPack } from "@/lib/git/read_pack.ts";
import { megabytes, receivePack } from "@/lib/git/receive.ts";
import type { Ref } from "@/lib/git/refs.ts";
import { type CapabilityMemory, openRepository } from "@/lib/git/smart_http.ts";
import { createSpool } from "@/lib/git/spool.ts";
import type { WatchedNames } from "@/lib/git/tree_graph.ts";
import { type BlobPlace, type Walk, walkHistory } from "@/lib/git/walk.ts";

export type { BlobScanner, Found, Span } from "@/lib/git/blob_scanner.ts";
export type { GitRemote } from "@/lib/git/git_http.ts";
export type { ReadingProgress } from "@/lib/git/progress.ts";
export type { Ref } from "@/lib/git/refs.ts";
export type { CapabilityMemory } from "@/lib/git/smart_http.ts";
export { sweepSpool } from "@/lib/git/spool.ts";
export type { WatchedNames } from "@/lib/git/tree_graph.ts";
export type { BlobPlace } from "@/lib/git/walk.ts";

/** Each is counted while streaming. */
export interface ReadingLimits {
  packBytes: number;
  /** Above it a pack goes to a temporary file. */
  memoryBytes: number;
  blobBytes: number;
  objects: number;
  inflatedBytes: number;
  deltaDepth: number;
  treeDepth: number;
  /** Seconds without a byte. */
  idleSeconds: number;
}

export interface ReadingOptions<Hit extends Found> {
  /** `tip`: the default branch's newest commit alone; `history`: all branches and tags. */
  mode: "tip" | "history";
  haves: readonly string[];
  /** What to ask for in place of the mode's refs: a slice of the history. */
  wants?: readonly string[];
  /** Commits whose parents are left out: where a slice ends. */
  shallow?: readonly string[];
  limits: ReadingLimits;
  scanner: BlobScanner<Hit>;
  /** Files that count by their names; each of their places is told before its hits are given. */
  watched?: WatchedNames & { found(place: BlobPlace): void };
  /** Folder for large packs; null keeps everything in memory. */
  spoolDir: string | null;
  memory?: CapabilityMemory;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: ReadingProgress) => void;
  /** Told when a phase begins. */
  onPhase?: (phase: ReadingProgress["phase"]) => void;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** A hit at one place of the history. */
export interface PlacedHit<Hit> {
  hit: Hit;
  line: number;
  column: number;
  place: BlobPlace;
}

/** What a finished reading knows. */
export interface ReadingResult {
  refs: Ref[];
  defaultBranch: string | null;
  headCommit: string | null;
  commits: number;
  blobs: number;
  binaryBlobs: number;
  largeBlobs: number;
  objects: number;
  packBytes: number;
  inflatedBytes: number;
  scannedBytes: number;
  leftOut: string[];
  /** Whether the server passed over a have that it no longer knows: the pack grew toward a full one. */
  fellBackToFull: boolean;
  gitRequests: number;
  /**
   * Ids of the files in the newest commit's root, by name; null when the pack does not hold its
   * tree, or when nothing was found and no name is watched.
   */
  rootFiles: Map<string, string> | null;
}

/**
 * Yields each hit at each of its places, the place's first commit oldest first. Whatever way it
 * ends, connection and spool are closed. @throws RemoteError, or the signal's reason
 */
export async function* readRemote<Hit extends Found>(
  remote: GitRemote,
  options: ReadingOptions<Hit>,
): AsyncGenerator<PlacedHit<Hit>, ReadingResult> {
  const { limits, signal } = options;
  const clock = options.clock ?? systemClock;
  const http = connect(remote, { ...options, idleMs: limits.idleSeconds * 1000 });
  const spool = createSpool({ memoryBytes: limits.memoryBytes, dir: options.spoolDir });
  const progress = createProgress(clock, options.onProgress, options.onPhase);
  let pack: ReadPack<Hit> | null = null;
  try {
    progress.at("connecting", {});
    const { uploadPack, refs } = await openRepository(http, options.memory ?? new Map());
    const head = headOf(refs);
    const result: ReadingResult = {
      refs: refs.refs,
      defaultBranch: head.branch,
      headCommit: head.oid,
      commits: 0,
      blobs: 0,
      binaryBlobs: 0,
      largeBlobs: 0,
      objects: 0,
      packBytes: 0,
      inflatedBytes: 0,
      scannedBytes: 0,
      leftOut: [],
      fellBackToFull: false,
      gitRequests: http.requests(),
      rootFiles: null,
    };
    const { wants, haves } = chooseWants(refs.refs, head.oid, options);
    if (wants.length === 0) return result;

    const depth = options.mode === "tip" ? 1 : null;
    const { shallow = [] } = options;
    const answer = await uploadPack.fetchPack({ wants, haves, shallow, depth });
    result.fellBackToFull = answer.unknownHaves.length > 0;
    result.objects = await receivePack(answer.pack, spool, {
      packBytes: limits.packBytes,
      objects: limits.objects,
      onBytes: (packBytes, objectsTotal) => progress.at("fetching", { packBytes, objectsTotal }),
    });
    await http.close();
    result.packBytes = spool.size;
    result.gitRequests = http.requests();

    progress.at("reading", {});
    const breather = createBreather(clock, signal);
    const report = (phase: ReadingProgress["phase"], pack: ReadPack<Hit>) =>
      progress.at(phase, {
        packBytes: spool.size,
        objectsDone: pack.read,
        objectsTotal: result.objects,
        commits: pack.commits.length,
        blobs: pack.blobs,
        findings: pack.hits.size,
      });
    pack = await readPack(
      spool,
      result.objects,
      options.scanner,
      limits,
      breather,
      (soFar) => report("reading", soFar),
    );
    Object.assign(result, {
      commits: pack.commits.length,
      blobs: pack.blobs,
      inflatedBytes: pack.inflatedBytes,
      binaryBlobs: pack.scan.binaryBlobs,
      largeBlobs: pack.scan.largeBlobs,
      scannedBytes: pack.scan.scannedBytes,
    });
    const { watched } = options;
    if (pack.hits.size === 0 && watched === undefined) {
      result.leftOut = leftOut(pack, null, limits, result.objects);
      return result;
    }
    report("attributing", pack);
    const walk = await walkHistory(pack, {
      refs: refs.refs,
      headCommit: head.oid,
      treeDepth: limits.treeDepth,
      watched,
    }, breather);
    result.rootFiles = walk.rootFiles();
    for (const place of walk.places()) {
      if (watched?.is(place.path)) watched.found(place);
      const found = pack.hits.get(place.blob);
      for (const [i, hit] of (found?.hits ?? []).entries()) {
        const { places } = found!;
        yield { hit, line: places[i * 4 + 2]!, column: places[i * 4 + 3]!, place };
      }
      if (breather.due()) {
        report("attributing", pack);
        await breather.breathe();
      }
    }
    result.leftOut = leftOut(pack, walk, limits, result.objects);
    return result;
  } finally {
    await http.close();
    pack?.objects.close();
    spool.close();
  }
}

/** A sentence for each limit that was crossed, with its figure. */
function leftOut(
  pack: ReadPack<unknown>,
  walk: Walk | null,
  limits: ReadingLimits,
  objects: number,
): string[] {
  const sentences: string[] = [];
  const say = (count: number, sentence: string) => {
    if (count > 0) sentences.push(sentence);
  };
  const large = pack.scan.largeBlobs;
  const unread = objects - pack.read;
  say(large, `${counted(large, "file")} larger than ${megabytes(limits.blobBytes)}`);
  const amount = pack.crossed === "rebuilt"
    ? `${megabytes(pack.objects.rebuiltBytes())} written out by deltas`
    : `${megabytes(limits.inflatedBytes)} of inflated data`;
  say(unread, `${counted(unread, "object")} after ${amount}`);
  say(
    pack.deepObjects,
    `${counted(pack.deepObjects, "object")} behind more than ${limits.deltaDepth} deltas`,
  );
  say(pack.largeOthers, `${counted(pack.largeOthers, "commit or tree")} too large to be read`);
  const deep = walk?.deepEntries ?? 0;
  say(deep, `${counted(deep, "folder")} deeper than ${limits.treeDepth} levels`);
  say(walk?.tooManyPaths ? 1 : 0, "paths beyond 300,000");
  const broken = walk?.brokenTrees ?? 0;
  say(broken, `${counted(broken, "folder")} that cannot be read`);
  return sentences;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
