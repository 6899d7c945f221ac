/** Where a hit must stand to be decided, in part, by a change. */

/** A stretch of bytes. */
interface Span {
  start: number;
  end: number;
}

/** How far before a hit its line and the line above are read: by checks and for suppression. */
export const LINES_BEFORE = 2000;
/** How far behind a hit its line is read for suppression. */
export const LINE_AFTER = 1000;
/** How far around a match its check and its look-arounds read in any case. */
export const READ_BEFORE = 100;
export const READ_AFTER = 200;
/** Changes that lie closer count as one: zones are worked out once for all of them. */
const NEAR = 64;
/** So that what overlaps a hit is found along with it. */
const SLACK = 64;

/** The bytes that decide about a hit: those of its match, of its line and of the line above. */
export function decidingSpan(
  bytes: Uint8Array,
  hit: { start: number; end: number; matchStart: number; matchEnd: number },
): Span {
  return {
    start: Math.min(hit.matchStart - READ_BEFORE, linesBack(bytes, hit.start, 2, LINES_BEFORE)),
    end: Math.max(hit.matchEnd + READ_AFTER, linesOn(bytes, hit.end, 1, LINE_AFTER)),
  };
}

/** Zones around changes, in which hits must be looked for anew. */
export interface Zones {
  /** Whether `[start, end]` touches a zone; to be asked in nearly rising order. */
  touch(start: number, end: number): boolean;
}

/** Works the zones out; changes come in order. */
export function zonesOf(bytes: Uint8Array, changes: readonly Span[]): Zones {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < changes.length;) {
    const { start } = changes[i]!;
    let { end } = changes[i]!;
    for (i++; i < changes.length && changes[i]!.start - end <= NEAR; i++) end = changes[i]!.end;
    starts.push(Math.min(start - READ_AFTER, linesBack(bytes, start, 1, LINE_AFTER)) - SLACK);
    ends.push(Math.max(end + READ_BEFORE, linesOn(bytes, end, 2, LINES_BEFORE)) + SLACK);
  }
  return new SortedZones(starts, ends);
}

class SortedZones implements Zones {
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  /** Questions come in nearly rising order, so the answer mostly lies where the last one did. */
  #at = 0;

  constructor(starts: readonly number[], ends: readonly number[]) {
    this.#starts = starts;
    this.#ends = ends;
  }

  touch(start: number, end: number): boolean {
    const ends = this.#ends;
    let at = this.#at;
    while (at < ends.length && ends[at]! < start) at++;
    while (at > 0 && ends[at - 1]! >= start) at--;
    this.#at = at;
    return at < ends.length && this.#starts[at]! <= end;
  }
}

/** Behind the `count`th line feed before `at`, or as far back as allowed. */
function linesBack(bytes: Uint8Array, at: number, count: number, most: number): number {
  const stop = Math.max(0, at - most);
  for (let i = at - 1; i >= stop; i--) {
    if (bytes[i] === 10 && --count === 0) return i + 1;
  }
  return stop;
}

/** At the `count`th line feed from `at` on, or as far on as allowed. */
function linesOn(bytes: Uint8Array, at: number, count: number, most: number): number {
  const stop = Math.min(bytes.length, at + most);
  for (let i = at; i < stop; i++) {
    if (bytes[i] === 10 && --count === 0) return i;
  }
  return stop;
}
