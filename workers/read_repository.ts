/** Introduces git to detection: reads one repository and gives the secrets in it. */

import {
  createDetector,
  customRule,
  type CustomRuleInput,
  type Detection,
  type Detector,
  type Hit,
  judge,
  type KeywordHits,
  RULES,
  RULES_VERSION,
} from "@/lib/detect/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import { type BlobScanner, type CapabilityMemory, readRemote } from "@/lib/git/mod.ts";
import { nextPiece } from "@/lib/git/slice.ts";
import { blobsAtTip } from "@/lib/git/tip_presence.ts";
import { isHidden } from "@/lib/hidden_name.ts";
import { rulesVersionWith } from "@/lib/rules_version.ts";
import { groupSecrets } from "@/workers/group_secrets.ts";
import { namedFiles } from "@/workers/named_files.ts";
import { createNames, type Names } from "@/workers/names.ts";
import { readSuppressionFiles, SUPPRESSION_FILES } from "@/workers/suppression_files.ts";
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
  const customRules = request.customRules ?? [];
  const { scanner, detector } = scannerFor(request.fingerprintKey, customRules);
  const names = createNames(detector, request.fingerprintKey);
  const groups = groupSecrets<Hit>(judge);
  const named = namedFiles({
    fingerprintKey: request.fingerprintKey,
    repository: request.repository ?? request.remote.url,
    hide: names.hide,
  });
  for (const { path, isContent } of request.known?.places ?? []) {
    if (isContent) named.hasContent(path);
  }
  const { slice: stand, remote, limits, spoolDir } = request;
  const { memory = new Map(), ...rest } = passed;
  const piece = stand
    ? await nextPiece(remote, stand, { ...rest, memory, limits, spoolDir })
    : null;
  const slice = piece?.kind === "slice" ? piece.slice : null;
  const reading = readRemote(remote, {
    ...passed,
    mode: request.mode,
    haves: piece ? slice?.haves ?? [] : request.haves,
    // An empty wish list gives the refs alone.
    ...(piece ? { wants: piece.kind === "rest" ? piece.wants : slice?.wants ?? [] } : {}),
    shallow: slice?.shallow ?? [],
    limits,
    spoolDir,
    scanner: names.watch(scanner),
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
    for (const batch of groups.batches(BATCH)) yield batch.map(names.secret);
    for (const batch of named.batches(BATCH)) yield batch.map(names.secret);
    const { rootFiles, ...result } = next.value;
    const left = piece === null || piece.kind === "slice" ? [] : piece.leftOut;
    const tip = await lookUpTip(request, names, result.headCommit, rootFiles, passed);
    return {
      ...result,
      rulesVersion: rulesVersionWith(RULES_VERSION, customRules),
      refs: result.refs.map(({ name, oid }) => ({ name: names.ref(name), oid })),
      defaultBranch: result.defaultBranch && names.ref(result.defaultBranch),
      ...tip,
      leftOut: [...left, ...result.leftOut],
      slice: slice && { frontier: slice.frontier, done: slice.done, total: slice.total },
      learned: piece?.kind === "learned" ? piece.parts : null,
    };
  }
}

/** What is asked of the newest commit beside its blobs; null where nothing needs to be known. */
type TipFacts = Pick<ReadResult, "knownAtTip" | "movedAtTip" | "suppressions">;

/**
 * Known places are looked up when the newest commit is another than the last scan's; the files in
 * its root too, unless the pack held them. In the middle of a history nothing is looked up.
 */
async function lookUpTip(
  { remote, known, slice, limits, spoolDir, suppressionFiles }: ReadRequest,
  names: Names,
  headCommit: string | null,
  rootFiles: ReadonlyMap<string, string> | null,
  options: Omit<ReadRepositoryOptions, "onProgress">,
): Promise<TipFacts> {
  if (slice !== undefined || (known !== undefined && headCommit === known.headCommit)) {
    return { knownAtTip: null, movedAtTip: false, suppressions: null };
  }
  const places = known?.places ?? [];
  if (headCommit === null) {
    const knownAtTip = known ? places.map(() => false) : null;
    return { knownAtTip, movedAtTip: false, suppressions: null };
  }
  const { memory = new Map(), ...rest } = options;
  const asked = { ...rest, memory, limits, spoolDir };
  let root = rootFiles;
  let knownAtTip: boolean[] | null = null;
  let movedAtTip = false;
  if (places.length > 0 || root === null) {
    const paths = [
      ...places.map(({ path, blob }) =>
        isHidden(path) ? { blob, is: (raw: string) => names.isKept(path, raw) } : path
      ),
      ...SUPPRESSION_FILES,
    ];
    const sought = new Set(places.filter(({ atTip }) => atTip).map(({ blob }) => blob));
    const { at: blobs, held } = await blobsAtTip(remote, headCommit, paths, sought, asked);
    if (places.length > 0) knownAtTip = places.map(({ blob }, i) => blobs[i] === blob);
    // Git sends no file that only moved, so that nothing was seen of it where it is now.
    for (const [i, { blob }] of places.entries()) if (knownAtTip![i]) held.delete(blob);
    movedAtTip = held.size > 0;
    root ??= new Map(SUPPRESSION_FILES.flatMap((name, i) => {
      const oid = blobs[places.length + i];
      return oid ? [[name, oid] as const] : [];
    }));
  }
  const suppressions = await readSuppressionFiles(remote, root, suppressionFiles, asked);
  return { knownAtTip, movedAtTip, suppressions: suppressions && names.suppressions(suppressions) };
}

/** Compiling the rules takes longer than a small repository; key and rules stay the same for long. */
let compiled: { key: string; scanner: BlobScanner<Hit>; detector: Detector } | null = null;

function scannerFor(
  fingerprintKey: Uint8Array,
  customRules: readonly CustomRuleInput[],
): { scanner: BlobScanner<Hit>; detector: Detector } {
  const key = `${fingerprintKey.join()} ${JSON.stringify(customRules)}`;
  if (compiled?.key !== key) {
    // One that an older version took and this one refuses is left out; its page says so.
    const ours = customRules.map(customRule).flatMap((made) => "rule" in made ? [made.rule] : []);
    const detector = createDetector({ fingerprintKey, rules: [...RULES, ...ours] });
    compiled = { key, scanner: scannerOf(detector), detector };
  }
  return compiled;
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
