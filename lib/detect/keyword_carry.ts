/** Carries the keywords of a text over to one that was made from it. */

import { createKeywordHits, type KeywordHits, sortByEnd } from "@/lib/detect/automaton.ts";
import type { Engine } from "@/lib/detect/engine.ts";

/** How a text is made up: three numbers a piece, start and end in it and where it comes from (−1: new). */
export interface TextPieces {
  data: Int32Array;
  length: number;
}

/** Lists for reuse: what is carried is copied before the next text comes. */
const carried = createKeywordHits();
const fresh = createKeywordHits();

/**
 * The keywords of `bytes`: those of the earlier text where it was copied, the others looked for. The
 * list is good until the next call.
 */
export function carryKeywords(
  engine: Engine,
  bytes: Uint8Array,
  pieces: TextPieces,
  earlier: KeywordHits,
): KeywordHits {
  const { data, length } = pieces;
  const around = engine.longestKeyword - 1;
  carried.length = 0;
  for (let i = 0; i < length;) {
    if (data[i + 2]! >= 0 && data[i + 1]! - data[i]! > 2 * around) {
      carryCopy(engine, earlier, data[i]!, data[i + 1]!, data[i + 2]!);
      i += 3;
      // Where two copies meet, a keyword may have come about across the seam.
      if (i < length && data[i + 2]! >= 0 && data[i + 1]! - data[i]! > 2 * around) {
        look(engine, bytes, data[i]!, data[i]!, around);
      }
      continue;
    }
    // Changes that lie close are looked at as one, with the short copies between them.
    const start = data[i]!;
    while (i < length && !(data[i + 2]! >= 0 && data[i + 1]! - data[i]! > 2 * around)) i += 3;
    look(engine, bytes, start, data[i - 2]!, around);
  }
  // Only neighbours around changes are out of order.
  sortByEnd(carried, 0);
  return carried;
}

/** Keywords that lie wholly in a copied piece. */
function carryCopy(
  engine: Engine,
  earlier: KeywordHits,
  start: number,
  end: number,
  source: number,
): void {
  const shift = start - source;
  for (let at = firstAfter(earlier, source); at < earlier.length; at += 2) {
    const keyword = earlier.pairs[at]!;
    const keywordEnd = earlier.pairs[at + 1]!;
    if (keywordEnd + shift > end) break;
    if (keywordEnd - engine.keywordLength(keyword) < source) continue;
    push(carried, keyword, keywordEnd + shift);
  }
}

/** Keywords with a byte in `[start, end)`, or across it where it is empty. */
function look(engine: Engine, bytes: Uint8Array, start: number, end: number, around: number): void {
  fresh.length = 0;
  engine.findBeginnings(bytes, Math.max(0, start - around), end, fresh);
  for (let i = 0; i < fresh.length; i += 2) {
    const keyword = fresh.pairs[i]!;
    const keywordEnd = fresh.pairs[i + 1]!;
    if (keywordEnd > start) push(carried, keyword, keywordEnd);
  }
}

/** Where the keywords begin that end behind `offset`. */
function firstAfter({ pairs, length }: KeywordHits, offset: number): number {
  let low = 0;
  let high = length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[middle * 2 + 1]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

function push(hits: KeywordHits, keyword: number, end: number): void {
  if (hits.length + 2 > hits.pairs.length) {
    const grown = new Int32Array(hits.pairs.length * 2);
    grown.set(hits.pairs);
    hits.pairs = grown;
  }
  hits.pairs[hits.length++] = keyword;
  hits.pairs[hits.length++] = end;
}
