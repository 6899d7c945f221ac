/** Scans blobs, each once: whole ones whole, of a delta what it inserts and what stands around. */

import { type BlobHits, carry, listOf, meet, merge } from "@/lib/git/blob_hits.ts";
import type { BlobScanner, Found, Scanned, Span } from "@/lib/git/blob_scanner.ts";
import type { Pieces } from "@/lib/git/delta.ts";

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
    const inherited = scanned.whole || scanned.binary ? undefined : hits.get(base);
    const carried = inherited === undefined ? [] : carry(inherited, pieces, changes);
    // Which of two overlapping hits stays is told only by a look at both.
    if (carried === null || meet(carried, scanned)) return whole(index, bytes);
    note(index, bytes, scanned);
    if (scanned.binary) return;
    for (const { start, end } of changes) counts.scannedBytes += scanned.whole ? 0 : end - start;
    if (scanned.hits.length + carried.length > 0) {
      hits.set(index, merge(scanned.hits, carried, bytes, pieces, baseBytes));
    }
  }

  return { hits, counts, whole, derived, leaveOut };
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
