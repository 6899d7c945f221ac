/** Carries the keywords of a text over to one that was made from it. */

import { createKeywordHits, type KeywordHits } from "@/lib/detect/automaton.ts";
import type { Engine } from "@/lib/detect/engine.ts";

/** How a text is made up: three numbers a piece, start and end in it and where it comes from (−1: new). */
export interface TextPieces {
  data: Int32Array;
  length: number;
}

/** The keywords of `bytes`: those of the earlier text where it was copied, the others looked for. */
export function carryKeywords(
  engine: Engine,
  bytes: Uint8Array,
  pieces: TextPieces,
  earlier: KeywordHits,
): KeywordHits {
  const carried = createKeywordHits();
  const fresh = createKeywordHits();
  const { data } = pieces;
  const around = engine.longestKeyword - 1;
  let settled = 0;

  /** Keywords with a byte in `[start, end)`, or across it where it is empty. */
  function look(start: number, end: number): void {
    fresh.length = 0;
    const from = Math.max(0, start - around);
    engine.findKeywords(bytes, from, Math.min(bytes.length, end + around), fresh);
    for (let i = 0; i < fresh.length; i += 2) {
      const keywordEnd = fresh.pairs[i + 1]!;
      const keywordStart = keywordEnd - engine.keywordLength(fresh.pairs[i]!);
      if (keywordEnd <= start || keywordStart >= Math.max(end, start)) continue;
      // One that reaches back into the last change was noted there.
      if (keywordStart < settled) continue;
      push(carried, fresh.pairs[i]!, keywordEnd);
    }
    settled = Math.max(settled, end);
  }

  let wasCopy = true;
  for (let i = 0; i < pieces.length; i += 3) {
    const start = data[i]!;
    const end = data[i + 1]!;
    const source = data[i + 2]!;
    if (source < 0) {
      look(start, end);
      wasCopy = false;
      continue;
    }
    if (wasCopy && start > 0) look(start, start);
    wasCopy = true;
    const shift = start - source;
    for (let at = firstAfter(earlier, source); at < earlier.length; at += 2) {
      const keywordEnd = earlier.pairs[at + 1]!;
      if (keywordEnd + shift > end) break;
      if (keywordEnd - engine.keywordLength(earlier.pairs[at]!) < source) continue;
      push(carried, earlier.pairs[at]!, keywordEnd + shift);
    }
  }
  sortByEnd(carried);
  return carried;
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

/** By insertion: only neighbours around changes are out of order. */
function sortByEnd({ pairs, length }: KeywordHits): void {
  for (let i = 2; i < length; i += 2) {
    const keyword = pairs[i]!;
    const end = pairs[i + 1]!;
    let at = i;
    for (; at > 0 && pairs[at - 1]! > end; at -= 2) {
      pairs[at] = pairs[at - 2]!;
      pairs[at + 1] = pairs[at - 1]!;
    }
    pairs[at] = keyword;
    pairs[at + 1] = end;
  }
}
