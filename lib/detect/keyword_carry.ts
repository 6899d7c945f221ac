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

/** A shorter copy is looked at with what stands around it: that costs less than carrying. */
const SHORTEST_COPY = 32;
/** A copy that goes on in the base where the last one ended is found without a search. */
const NEAR = 8;

/**
 * The keywords of `bytes`: those of the earlier text where it was copied, the others looked for. The
 * list is good until the next call.
 */
export function carryKeywords(
  engine: Engine,
  bytes: Uint8Array,
  { data, length }: TextPieces,
  earlier: KeywordHits,
): KeywordHits {
  const isCopy = (i: number) => data[i + 2]! >= 0 && data[i + 1]! - data[i]! >= SHORTEST_COPY;
  carried.length = 0;
  let cursor = 0;
  let looked = 0;
  for (let i = 0; i < length;) {
    const start = data[i]!;
    if (isCopy(i)) {
      const source = data[i + 2]!;
      // Where two copies meet, a keyword may have come about across the seam.
      if (start > looked) looked = look(engine, bytes, start, start, looked);
      cursor = firstAfter(earlier, source, cursor);
      cursor = carryCopy(engine, earlier, cursor, start, data[i + 1]!, source);
      i += 3;
      continue;
    }
    // Changes that lie close are looked at as one, with the short copies between them.
    while (i < length && !isCopy(i)) i += 3;
    looked = look(engine, bytes, start, data[i - 2]!, looked);
  }
  // Only neighbours around changes are out of order.
  sortByEnd(carried, 0);
  return carried;
}

/** Keywords that lie wholly in a copied piece; gives where the next ones are. */
function carryCopy(
  engine: Engine,
  earlier: KeywordHits,
  from: number,
  start: number,
  end: number,
  source: number,
): number {
  const shift = start - source;
  let at = from;
  for (; at < earlier.length; at += 2) {
    const keyword = earlier.pairs[at]!;
    const keywordEnd = earlier.pairs[at + 1]!;
    if (keywordEnd + shift > end) break;
    if (keywordEnd - engine.keywordLength(keyword) < source) continue;
    push(carried, keyword, keywordEnd + shift);
  }
  return at;
}

/**
 * Keywords with a byte in `[start, end)`, or across it where it is empty, wherever they end; not
 * those that begin before `looked`, which were found. Gives what `looked` is now.
 */
function look(
  engine: Engine,
  bytes: Uint8Array,
  start: number,
  end: number,
  looked: number,
): number {
  fresh.length = 0;
  const from = Math.max(looked, start - engine.reachBack(bytes, start));
  engine.findBeginnings(bytes, from, end, fresh);
  for (let i = 0; i < fresh.length; i += 2) {
    const keywordEnd = fresh.pairs[i + 1]!;
    if (keywordEnd > start) push(carried, fresh.pairs[i]!, keywordEnd);
  }
  return end;
}

/** Where the keywords begin that end behind `offset`; mostly near where the last were. */
function firstAfter({ pairs, length }: KeywordHits, offset: number, near: number): number {
  if (near === 0 || pairs[near - 1]! <= offset) {
    const stop = Math.min(length, near + 2 * NEAR);
    for (let at = near; at < stop; at += 2) if (pairs[at + 1]! > offset) return at;
    if (stop === length) return length;
  }
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
