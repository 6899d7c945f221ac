/** The hits of a blob, and those taken along to a blob made from it where that is sure to be right. */

import type { Found, Scanned, Span } from "@/lib/git/blob_scanner.ts";
import type { Pieces } from "@/lib/git/delta.ts";

/** The hits of one blob; the place of a carried hit differs from where it was found first. */
export interface BlobHits<Hit> {
  hits: Hit[];
  /** Four numbers a hit: start, end, line, column. */
  places: Int32Array;
}

/** Hits as they were found. */
export function listOf<Hit extends Found>(hits: readonly Hit[]): BlobHits<Hit> {
  const places = new Int32Array(hits.length * 4);
  for (const [i, hit] of hits.entries()) {
    places.set([hit.start, hit.end, hit.line, hit.column], i * 4);
  }
  return { hits: [...hits], places };
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

/** A hit of the base where it stands now. */
export interface Carried<Hit> {
  hit: Hit;
  start: number;
  end: number;
  /** Where it stood in the base, in bytes, line and column. */
  source: number;
  line: number;
  column: number;
}

/**
 * The base's hits that lie in copied bytes, far from any change. Null when one is unmade to which
 * others gave way.
 */
export function carry<Hit extends Found>(
  base: BlobHits<Hit>,
  pieces: Pieces,
  changes: readonly Span[],
): Carried<Hit>[] | null {
  const carried: Carried<Hit>[] = [];
  const { hits, places } = base;
  const settled = new Set<Hit>();
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
      const hit = hits[low]!;
      // The hit may have been carried before: what decides about it moved along.
      const moved = start - hit.start;
      const cut = end > pieces.data[i + 1]!;
      if (cut || touches(changes, hit.from + moved, hit.to + moved)) {
        if (hit.contested) return null;
        continue;
      }
      const source = places[low * 4]!;
      carried.push({
        hit,
        start,
        end,
        source,
        line: places[low * 4 + 2]!,
        column: places[low * 4 + 3]!,
      });
      settled.add(hit);
    }
  }
  return hits.every((hit) => !hit.contested || settled.has(hit)) ? carried : null;
}

/** Whether what was carried overlaps what a change made. */
export function meet<Hit extends Found>(
  carried: readonly Carried<Hit>[],
  { hits, displaced }: Scanned<Hit>,
): boolean {
  if (carried.length === 0 || hits.length + displaced.length === 0) return false;
  // Those that gave way to a contested hit lie somewhere in what decides about it.
  const reaches = carried.map(({ hit, start, end }) =>
    hit.contested
      ? { start: start + hit.from - hit.start, end: end + hit.to - hit.end }
      : { start, end }
  ).sort((a, b) => a.start - b.start);
  const made = [...hits, ...displaced].sort((a, b) => a.end - b.end);
  let furthest = -Infinity;
  let next = 0;
  for (const { start, end } of made) {
    while (next < reaches.length && reaches[next]!.start < end) {
      furthest = Math.max(furthest, reaches[next++]!.end);
    }
    if (furthest > start) return true;
  }
  return false;
}

/** All hits of a text in order, with the lines and columns where they stand now. */
export function merge<Hit extends Found>(
  fresh: readonly Hit[],
  carried: readonly Carried<Hit>[],
  bytes: Uint8Array,
  pieces: Pieces,
  baseBytes: Uint8Array,
): BlobHits<Hit> {
  const count = fresh.length + carried.length;
  const hits: Hit[] = new Array(count);
  const places = new Int32Array(count * 4);
  const lines = new LineShift(bytes, pieces, baseBytes);
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
    const { hit, start, end, source, line, column } = next;
    hits[i] = hit;
    places[i * 4] = start;
    places[i * 4 + 1] = end;
    places[i * 4 + 2] = lines.of(start, line);
    // The line began in what was copied too, or may have another beginning now.
    places[i * 4 + 3] = column <= source - lines.copiedFrom()
      ? column
      : start - (start === 0 ? -1 : bytes.lastIndexOf(10, start - 1));
    c++;
  }
  return { hits, places };
}

/**
 * Lines of copied places, to be asked in rising order. Searched for line feeds is what is new and
 * what of the base was left out, or the text itself where that is less.
 */
class LineShift {
  readonly #bytes: Uint8Array;
  readonly #pieces: Pieces;
  readonly #baseBytes: Uint8Array;
  #shift = 0;
  #at = 0;
  /** What of the base was passed, were its copies in order. */
  #behind = 0;
  #lastStart = 0;
  #lastLine = 1;

  constructor(bytes: Uint8Array, pieces: Pieces, baseBytes: Uint8Array) {
    this.#bytes = bytes;
    this.#pieces = pieces;
    this.#baseBytes = baseBytes;
  }

  /** The line of a place in a copied piece that stood in `baseLine`. */
  of(start: number, baseLine: number): number {
    const { data, length } = this.#pieces;
    let to = this.#at;
    let reached = this.#behind;
    let work = 0;
    for (; to < length && data[to]! <= start; to += 3) {
      const source = data[to + 2]!;
      const size = data[to + 1]! - data[to]!;
      work += source < 0 ? size : Math.abs(source - reached);
      if (source >= 0) reached = source + size;
    }
    if (work < start - this.#lastStart) this.#countPieces(to);
    else {
      const passed = lineFeeds(this.#bytes, this.#lastStart, start);
      this.#shift = this.#lastLine + passed - baseLine;
      this.#at = to;
      this.#behind = reached;
    }
    this.#lastStart = start;
    return this.#lastLine = baseLine + this.#shift;
  }

  /** Where the copy that was asked about last begins in the base. */
  copiedFrom(): number {
    return this.#pieces.data[this.#at - 1]!;
  }

  #countPieces(to: number): void {
    const { data } = this.#pieces;
    for (; this.#at < to; this.#at += 3) {
      const at = this.#at;
      const source = data[at + 2]!;
      if (source < 0) {
        this.#shift += lineFeeds(this.#bytes, data[at]!, data[at + 1]!);
        continue;
      }
      const behind = this.#behind;
      if (source >= behind) this.#shift -= lineFeeds(this.#baseBytes, behind, source);
      else this.#shift += lineFeeds(this.#baseBytes, source, behind);
      this.#behind = source + data[at + 1]! - data[at]!;
    }
  }
}

function lineFeeds(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (bytes[i] === 10) count++;
  return count;
}
