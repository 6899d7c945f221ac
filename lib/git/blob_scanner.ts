/** What git's room asks of whoever looks into blobs. */

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
  /** Others that overlap it gave way; should a change unmake it, they are to be found again. */
  contested: boolean;
  line: number;
  column: number;
}

/** What a scanner says of one blob. */
export interface Scanned<Hit> {
  /** In order of `start`. */
  hits: readonly Hit[];
  /** Where a change may have made a hit that gave way to another. */
  displaced: readonly Span[];
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
  displaced: [],
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
