/** Scans blobs, each once: whole ones whole, of a delta what it inserts and what stands around. */

import type { Pieces } from "@/lib/git/delta.ts";

/** A stretch of bytes. */
export interface Span {
  start: number;
  end: number;
}

/** What a scanner finds: where it lies in bytes, and the line and column that a person sees. */
export interface Found extends Span {
  /** A change outside of these bytes neither alters nor unmakes it. */
  from: number;
  to: number;
  line: number;
  column: number;
}

/** What a scanner says of one blob. */
export interface Scanned<Hit> {
  /** In order of `start`. */
  hits: readonly Hit[];
  binary: boolean;
  /** A limit was reached: what is found in a blob made from this one says nothing of it. */
  capped: boolean;
  /** True when all hits are given, not only those that changes may have made. */
  whole: boolean;
  /** What the scanner wants to know again when a blob that was made from this one is scanned. */
  memo: { value: unknown; bytes: number };
}

/** Whoever looks into blobs; this room knows nothing of what for. */
export interface BlobScanner<Hit extends Found> {
  scan(bytes: Uint8Array): Scanned<Hit>;
  /**
   * Scans a blob that was made from another as `pieces` tell. Gives at least all hits of which a
   * change lies between `from` and `to`, and none that `scan` would not give. The memo is the other
   * blob's, or null when it was dropped.
   */
  scanChanged(
    bytes: Uint8Array,
    changes: readonly Span[],
    pieces: Pieces,
    base: { bytes: Uint8Array; memo: unknown },
  ): Scanned<Hit>;
  /** True for texts in which offsets are not those of the blob, such as UTF-16. */
  wholeOnly(bytes: Uint8Array): boolean;
}

const NOTHING: Scanned<Found> = {
  hits: [],
  binary: true,
  capped: false,
  whole: true,
  memo: { value: null, bytes: 0 },
};

/** Looks at no blob: for readings of commits and trees alone. */
export const NO_SCANNER: BlobScanner<Found> = {
  scan: () => NOTHING,
  scanChanged: () => NOTHING,
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
  /** Bytes of blobs that were scanned whole, and of others those that were new. */
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

/** Memos are kept for so many bytes, the newest: a base is mostly of late. */
const MEMO_BYTES = 16 << 20;
/** What a memo takes besides what it says. */
const MEMO_OVERHEAD = 200;

/** Starts with nothing scanned. */
export function createBlobScan<Hit extends Found>(
  scanner: BlobScanner<Hit>,
  objects: { readonly count: number },
  blobBytes: number,
): BlobScan<Hit> {
  const hits = new Map<number, BlobHits<Hit>>();
  const flags = new Uint8Array(objects.count);
  const memos = new Map<number, Scanned<Hit>["memo"]>();
  /** The order in which memos came; a map's own is slow to ask for its first, over and over. */
  const order: number[] = [];
  let oldest = 0;
  let kept = 0;
  const counts: ScanCounts = { binaryBlobs: 0, largeBlobs: 0, scannedBytes: 0 };

  function leaveOut(): void {
    counts.largeBlobs++;
  }

  function keep(index: number, { value, bytes }: Scanned<Hit>["memo"]): void {
    memos.set(index, { value, bytes });
    order.push(index);
    kept += bytes + MEMO_OVERHEAD;
    while (kept > MEMO_BYTES) {
      const first = order[oldest++]!;
      kept -= memos.get(first)!.bytes + MEMO_OVERHEAD;
      memos.delete(first);
    }
  }

  function note(index: number, bytes: Uint8Array, scanned: Scanned<Hit>): void {
    flags[index] = SCANNED;
    if (scanned.binary) {
      flags[index] = SCANNED | BINARY;
      counts.binaryBlobs++;
      return;
    }
    if (scanned.capped || scanner.wholeOnly(bytes)) flags[index] = SCANNED | WHOLE_ONLY;
    else keep(index, scanned.memo);
    if (scanned.whole) counts.scannedBytes += bytes.length;
  }

  function whole(index: number, bytes: Uint8Array): void {
    if (bytes.length > blobBytes) return leaveOut();
    const scanned = scanner.scan(bytes);
    note(index, bytes, scanned);
    if (scanned.hits.length > 0) hits.set(index, listOf(scanned.hits));
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
    const memo = memos.get(base)?.value ?? null;
    const scanned = scanner.scanChanged(bytes, changes, pieces, { bytes: baseBytes, memo });
    if (scanned.capped && !scanned.whole) return whole(index, bytes);
    note(index, bytes, scanned);
    if (scanned.binary) return;
    const inherited = scanned.whole ? undefined : hits.get(base);
    for (const { start, end } of changes) counts.scannedBytes += scanned.whole ? 0 : end - start;
    const carried = inherited === undefined ? [] : carry(inherited, pieces, changes);
    if (scanned.hits.length + carried.length > 0) {
      hits.set(index, merge(scanned.hits, carried, bytes));
    }
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

/** Whether any of the spans lies in `[from, to]` or at its edge. */
function touches(spans: readonly Span[], from: number, to: number): boolean {
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
function carry<Hit extends Found>(
  base: BlobHits<Hit>,
  pieces: Pieces,
  changes: readonly Span[],
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
      if (end > pieces.data[i + 1]!) continue;
      const hit = hits[low]!;
      // The hit may have been carried before: what decides about it moved along.
      const moved = start - hit.start;
      if (touches(changes, hit.from + moved, hit.to + moved)) continue;
      carried.push({ hit, start, end });
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
