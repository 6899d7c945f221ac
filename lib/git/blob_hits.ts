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
      carried.push({ hit, start, end });
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
