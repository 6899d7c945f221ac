/** Introduces git to detection: reads one repository and gives the secrets in it. */

import {
  createDetector,
  type Detection,
  type Detector,
  type Hit,
  judge,
  type KeywordHits,
  RULES_VERSION,
} from "@/lib/detect/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import { type BlobScanner, type CapabilityMemory, readRemote } from "@/lib/git/mod.ts";
import { fetchCommits, nextSlice, type Slice } from "@/lib/git/commit_graph.ts";
import { presentAtTip } from "@/lib/git/tip_presence.ts";
import { groupSecrets } from "@/workers/group_secrets.ts";
import { namedFiles } from "@/workers/named_files.ts";
import type {
  FoundSecret,
  ReadProgress,
  ReadRequest,
  ReadResult,
} from "@/workers/thread_messages.ts";

export interface ReadRepositoryOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** What is known of the servers asked before. */
  memory?: CapabilityMemory;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** Secrets a batch: a message of some 100 KB at most, mostly of one. */
const BATCH = 100;

/**
 * Yields batches of secrets, each once, when the whole history has been looked at.
 * @throws RemoteError, or the signal's reason
 */
export async function* readRepository(
  request: ReadRequest,
  options: ReadRepositoryOptions = {},
): AsyncGenerator<readonly FoundSecret[], ReadResult> {
  const { onProgress, ...passed } = options;
  const detector = detectorFor(request.fingerprintKey);
  const groups = groupSecrets<Hit>(judge);
  const named = namedFiles({
    fingerprintKey: request.fingerprintKey,
    repository: request.repository ?? request.remote.url,
  });
  for (const { path, byName } of request.known?.places ?? []) if (!byName) named.hasContent(path);
  const slice = request.slice ? await chooseSlice(request, request.slice, passed) : null;
  const reading = readRemote(request.remote, {
    ...passed,
    mode: request.mode,
    haves: slice?.haves ?? request.haves,
    // Nothing is left to read: an empty wish list gives the refs alone.
    ...(request.slice ? { wants: slice?.wants ?? [] } : {}),
    limits: request.limits,
    spoolDir: request.spoolDir,
    scanner: scannerOf(detector),
    watched: named.watched,
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ ...progress, findings: groups.size() }) }),
  });
  for (;;) {
    const next = await reading.next();
    if (!next.done) {
      if (groups.add(next.value)) named.hasContent(next.value.place.path);
      continue;
    }
    yield* groups.batches(BATCH);
    yield* named.batches(BATCH);
    const knownAtTip = await lookUpKnown(request, next.value.headCommit, passed);
    return {
      ...next.value,
      rulesVersion: RULES_VERSION,
      knownAtTip,
      slice: slice && { frontier: slice.frontier, done: slice.done, total: slice.total },
    };
  }
}

async function chooseSlice(
  { remote, limits, spoolDir }: ReadRequest,
  { frontier, commits }: NonNullable<ReadRequest["slice"]>,
  options: Omit<ReadRepositoryOptions, "onProgress">,
): Promise<Slice | null> {
  const { memory = new Map(), ...rest } = options;
  const all = await fetchCommits(remote, { ...rest, memory, limits, spoolDir });
  return nextSlice(all, frontier, commits);
}

/** Null when the newest commit is the one that the last scan knew, or nothing was known. */
async function lookUpKnown(
  { remote, known, limits, spoolDir }: ReadRequest,
  headCommit: string | null,
  options: Omit<ReadRepositoryOptions, "onProgress">,
): Promise<boolean[] | null> {
  if (known === undefined || headCommit === known.headCommit) return null;
  if (headCommit === null) return known.places.map(() => false);
  if (known.places.length === 0) return null;
  const { memory = new Map(), ...rest } = options;
  return await presentAtTip(remote, headCommit, known.places, {
    ...rest,
    memory,
    limits,
    spoolDir,
  });
}

/** Compiling the rules takes longer than a small repository; the key stays the same for years. */
let compiled: { key: string; detector: Detector } | null = null;

function detectorFor(fingerprintKey: Uint8Array): Detector {
  const key = fingerprintKey.join();
  if (compiled?.key !== key) compiled = { key, detector: createDetector({ fingerprintKey }) };
  return compiled.detector;
}

/** The detector as git's room knows a scanner. */
export function scannerOf(detector: Detector): BlobScanner<Hit> {
  const scanned = ({ keywords, ...detection }: Detection) => ({
    ...detection,
    memo: { value: keywords, bytes: keywords.pairs.byteLength },
  });
  return {
    scan: (bytes) => scanned(detector.detect(bytes)),
    scanChanged(bytes, ranges, pieces, base) {
      // Only `scan` above makes memos. One that was dropped is made again.
      const keywords = base.memo as KeywordHits | null ?? detector.keywords(base.bytes);
      return scanned(detector.detect(bytes, { ranges, earlier: { keywords, pieces } }));
    },
    // UTF-16 is rewritten before it is searched, so that its offsets are not the blob's.
    wholeOnly: (bytes) =>
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff),
  };
}
