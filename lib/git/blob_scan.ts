/** Scans blobs, each once: whole ones whole, of a delta what it inserts and what stands around. */

import type { Pieces } from "@/lib/git/delta.ts";

/** A stretch of bytes. */
export interface Span {
  start: number;
  end: number;
}

/** What a scanner finds: where it lies in bytes, and the line and column that a person sees. */
export interface Found extends Span {
  line: number;
  column: number;
}

/** Whoever looks into blobs; this room knows nothing of what for. */
export interface BlobScanner<Hit extends Found> {
  /**
   * Hits in order of `start`. With `changes`, spans that differ from an earlier text, at least all
   * hits within `reach` of one of them, and none that a scan of the whole would not find.
   */
  scan(
    bytes: Uint8Array,
    changes?: readonly Span[],
  ): { hits: readonly Hit[]; binary: boolean; capped: boolean };
  /** A change further away than this neither makes nor unmakes a hit. */
  reach: number;
  /** How far around a change the scanner looks: what scanning by changes costs. */
  looksAround: number;
  /** True for texts in which that does not hold, such as UTF-16. */
  wholeOnly(bytes: Uint8Array): boolean;
}

/** Looks at no blob: for readings of commits and trees alone. */
export const NO_SCANNER: BlobScanner<Found> = {
  scan: () => ({ hits: [], binary: true, capped: false }),
  reach: 0,
  looksAround: 0,
  wholeOnly: () => false,
};

/** The hits of one blob; the place of a carried hit differs from where it was found first. */
export interface BlobHits<Hit> {
  hits: Hit[];
  /** Four numbers a hit: start, end, line, column. */
  places: Int32Array;
}

/** What the scanning came to so far. */
export interface ScanCounts {
  binaryBlobs: number;
  /** Larger than the limit, or too large to be written out. */
  largeBlobs: number;
  /** How many bytes the scanner was shown. */
  scannedBytes: number;
}

/** Scans the blobs of one pack as they come. */
export interface BlobScan<Hit> {
  /** By object number. */
  hits: Map<number, BlobHits<Hit>>;
  counts: ScanCounts;
  whole(index: number, bytes: Uint8Array): void;
  /** A blob that a delta made of `base`, as `pieces` tell. */
  derived(
    index: number,
    bytes: Uint8Array,
    pieces: Pieces,
    base: number,
    baseBytes: Uint8Array,
  ): void;
  leaveOut(index: number): void;
}

/** What a derived blob must know of its base. */
const SCANNED = 1;
const BINARY = 2;
const WHOLE_ONLY = 4;

/** Beyond this share of the blob the neighbourhoods cost more than they spare. */
const WHOLE_SHARE = 0.7;

/** Starts with nothing scanned. */
export function createBlobScan<Hit extends Found>(
  scanner: BlobScanner<Hit>,
  objects: { readonly count: number },
  blobBytes: number,
): BlobScan<Hit> {
  const hits = new Map<number, BlobHits<Hit>>();
  const flags = new Uint8Array(objects.count);
  const counts: ScanCounts = { binaryBlobs: 0, largeBlobs: 0, scannedBytes: 0 };

  function leaveOut(): void {
    counts.largeBlobs++;
  }

  function whole(index: number, bytes: Uint8Array): void {
    if (bytes.length > blobBytes) return leaveOut();
    const outcome = scanner.scan(bytes);
    flags[index] = SCANNED;
    if (outcome.binary) {
      flags[index] = SCANNED | BINARY;
      counts.binaryBlobs++;
      return;
    }
    if (outcome.capped || scanner.wholeOnly(bytes)) flags[index] = SCANNED | WHOLE_ONLY;
    counts.scannedBytes += bytes.length;
    if (outcome.hits.length > 0) hits.set(index, listOf(outcome.hits));
  }

  function derived(
    index: number,
    bytes: Uint8Array,
    pieces: Pieces,
    base: number,
    baseBytes: Uint8Array,
  ): void {
    if (bytes.length > blobBytes) return leaveOut();
    if (flags[base] !== SCANNED || scanner.wholeOnly(bytes)) return whole(index, bytes);
    const changes = changedSpans(pieces, baseBytes.length, bytes.length);
    const looked = lookedAt(changes, scanner.looksAround, bytes.length);
    if (looked > bytes.length * WHOLE_SHARE) return whole(index, bytes);
    const outcome = scanner.scan(bytes, changes);
    if (outcome.binary || outcome.capped) return whole(index, bytes);
    flags[index] = SCANNED;
    counts.scannedBytes += looked;
    const fresh = outcome.hits.filter((hit) => touches(changes, hit.start, hit.end, scanner.reach));
    const inherited = hits.get(base);
    const carried = inherited === undefined ? [] : carry(inherited, pieces, changes, scanner.reach);
    if (fresh.length + carried.length > 0) hits.set(index, merge(fresh, carried, bytes));
  }

  return { hits, counts, whole, derived, leaveOut };
}

function listOf<Hit extends Found>(hits: readonly Hit[]): BlobHits<Hit> {
  const places = new Int32Array(hits.length * 4);
  for (const [i, hit] of hits.entries()) {
    places.set([hit.start, hit.end, hit.line, hit.column], i * 4);
  }
  return { hits: [...hits], places };
}

/**
 * What is not a copy, in order; an empty span where two copies meet that did not follow each other
 * in the base, and where the beginning or the end of the base was cut off.
 */
export function changedSpans(pieces: Pieces, baseLength: number, length: number): Span[] {
  const { data } = pieces;
  const spans: Span[] = [];
  const end = pieces.length;
  if (end === 0) return [{ start: 0, end: length }];
  for (let i = 0; i < end; i += 3) {
    const start = data[i]!;
    if (data[i + 2]! < 0) spans.push({ start, end: data[i + 1]! });
    else if (i === 0 ? data[2]! > 0 : data[i - 1]! >= 0) spans.push({ start, end: start });
  }
  const last = data[end - 1]!;
  if (last >= 0 && last + data[end - 2]! - data[end - 3]! < baseLength) {
    spans.push({ start: length, end: length });
  }
  return spans;
}

/** How many bytes lie within `around` of a span. */
function lookedAt(spans: readonly Span[], around: number, length: number): number {
  let sum = 0;
  let done = 0;
  for (const span of spans) {
    const start = Math.max(done, span.start - around);
    const end = Math.min(length, span.end + around);
    if (end <= start) continue;
    sum += end - start;
    done = end;
  }
  return sum;
}

/** Whether a hit in `[start, end)` is decided by any of the spans. */
function touches(
  spans: readonly Span[],
  start: number,
  end: number,
  reach: number,
): boolean {
  const from = start - reach;
  const to = end + reach;
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end < from) low = middle + 1;
    else high = middle;
  }
  return low < spans.length && spans[low]!.start <= to;
}

interface Carried<Hit> {
  hit: Hit;
  start: number;
  end: number;
}

/** The base's hits that lie in copied bytes, far from any change. */
function carry<Hit>(
  base: BlobHits<Hit>,
  pieces: Pieces,
  changes: readonly Span[],
  reach: number,
): Carried<Hit>[] {
  const carried: Carried<Hit>[] = [];
  const { hits, places } = base;
  for (let i = 0; i < pieces.length; i += 3) {
    const source = pieces.data[i + 2]!;
    if (source < 0) continue;
    const shift = pieces.data[i]! - source;
    const sourceEnd = pieces.data[i + 1]! - shift;
    let low = 0;
    let high = hits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle * 4]! < source) low = middle + 1;
      else high = middle;
    }
    for (; low < hits.length && places[low * 4]! < sourceEnd; low++) {
      const start = places[low * 4]! + shift;
      const end = places[low * 4 + 1]! + shift;
      if (end > pieces.data[i + 1]! || touches(changes, start, end, reach)) continue;
      carried.push({ hit: hits[low]!, start, end });
    }
  }
  return carried;
}

function merge<Hit extends Found>(
  fresh: readonly Hit[],
  carried: readonly Carried<Hit>[],
  bytes: Uint8Array,
): BlobHits<Hit> {
  const count = fresh.length + carried.length;
  const hits: Hit[] = new Array(count);
  const places = new Int32Array(count * 4);
  let line = 1;
  let lineStart = 0;
  let newlineAt = carried.length === 0 ? -1 : bytes.indexOf(10);
  for (let i = 0, f = 0, c = 0; i < count; i++) {
    const next = carried[c];
    const own = fresh[f];
    if (next === undefined || (own !== undefined && own.start <= next.start)) {
      hits[i] = own!;
      places.set([own!.start, own!.end, own!.line, own!.column], i * 4);
      f++;
      continue;
    }
    // Nothing of a carried hit changes but where it stands.
    while (newlineAt >= 0 && newlineAt < next.start) {
      line++;
      lineStart = newlineAt + 1;
      newlineAt = bytes.indexOf(10, lineStart);
    }
    hits[i] = next.hit;
    places.set([next.start, next.end, line, next.start - lineStart + 1], i * 4);
    c++;
  }
  return { hits, places };
}
