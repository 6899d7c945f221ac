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
  return new Scan(scanner, objects.count, blobBytes);
}

class Scan<Hit extends Found> implements BlobScan<Hit> {
  readonly hits = new Map<number, BlobHits<Hit>>();
  readonly counts: ScanCounts = { binaryBlobs: 0, largeBlobs: 0, scannedBytes: 0 };
  readonly #scanner: BlobScanner<Hit>;
  readonly #blobBytes: number;
  readonly #flags: Uint8Array;
  readonly #memos = new Map<number, Scanned<Hit>["memo"]>();
  /** The order in which memos came; a map's own is slow to ask for its first, over and over. */
  readonly #order: number[] = [];
  #oldest = 0;
  #kept = 0;

  constructor(scanner: BlobScanner<Hit>, count: number, blobBytes: number) {
    this.#scanner = scanner;
    this.#blobBytes = blobBytes;
    this.#flags = new Uint8Array(count);
  }

  leaveOut(_index: number): void {
    this.counts.largeBlobs++;
  }

  whole(index: number, bytes: Uint8Array): void {
    if (bytes.length > this.#blobBytes) return this.leaveOut(index);
    const scanned = this.#scanner.scan(bytes);
    this.#note(index, bytes, scanned);
    if (scanned.hits.length > 0) this.hits.set(index, listOf(scanned.hits));
  }

  derived(
    index: number,
    bytes: Uint8Array,
    pieces: Pieces,
    base: number,
    baseBytes: Uint8Array,
  ): void {
    if (bytes.length > this.#blobBytes) return this.leaveOut(index);
    if (this.#flags[base] !== SCANNED || this.#scanner.wholeOnly(bytes)) {
      return this.whole(index, bytes);
    }
    const changes = changedSpans(pieces, baseBytes.length, bytes.length);
    const memo = this.#memos.get(base)?.value ?? null;
    const scanned = this.#scanner.scanChanged(bytes, changes, pieces, { bytes: baseBytes, memo });
    if (scanned.capped && !scanned.whole) return this.whole(index, bytes);
    const inherited = scanned.whole || scanned.binary ? undefined : this.hits.get(base);
    const carried = inherited === undefined ? [] : carry(inherited, pieces, changes);
    // Which of two overlapping hits stays is told only by a look at both.
    if (carried === null || meet(carried, scanned)) return this.whole(index, bytes);
    this.#note(index, bytes, scanned);
    if (scanned.binary) return;
    if (!scanned.whole) {
      for (const { start, end } of changes) this.counts.scannedBytes += end - start;
    }
    if (scanned.hits.length + carried.length > 0) {
      this.hits.set(index, merge(scanned.hits, carried, bytes, pieces, baseBytes));
    }
  }

  #note(index: number, bytes: Uint8Array, scanned: Scanned<Hit>): void {
    this.#flags[index] = SCANNED;
    if (scanned.binary) {
      this.#flags[index] = SCANNED | BINARY;
      this.counts.binaryBlobs++;
      return;
    }
    if (scanned.capped || this.#scanner.wholeOnly(bytes)) {
      this.#flags[index] = SCANNED | WHOLE_ONLY;
    } else this.#keep(index, scanned.memo);
    if (scanned.whole) this.counts.scannedBytes += bytes.length;
  }

  #keep(index: number, { value, bytes }: Scanned<Hit>["memo"]): void {
    this.#memos.set(index, { value, bytes });
    this.#order.push(index);
    this.#kept += bytes + MEMO_OVERHEAD;
    while (this.#kept > MEMO_BYTES) {
      const first = this.#order[this.#oldest++]!;
      this.#kept -= this.#memos.get(first)!.bytes + MEMO_OVERHEAD;
      this.#memos.delete(first);
    }
  }
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
