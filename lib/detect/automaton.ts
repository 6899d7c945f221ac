/** Finds every keyword of every rule in one pass: Aho-Corasick as a table of bytes, case folded. */

/** Where keywords ended: pairs of keyword index and the offset just behind it. */
export interface KeywordHits {
  pairs: Int32Array;
  /** How many numbers of `pairs` are in use. */
  length: number;
}

/** A compiled set of keywords. */
export interface Automaton {
  /**
   * Appends each keyword that lies wholly in `bytes[start, end)` to `hits`. One table look-up a
   * byte, whatever the number of keywords.
   */
  scan(bytes: Uint8Array, start: number, end: number, hits: KeywordHits): void;
}

/** A fresh, growable list for `scan`; reuse it and set `length` to 0 between texts. */
export function createKeywordHits(): KeywordHits {
  return { pairs: new Int32Array(1024), length: 0 };
}

/**
 * Builds the table for lower-case ASCII keywords. Algorithm: Aho and Corasick, "Efficient string
 * matching" (1975), with failure links folded into the transitions.
 */
export function createAutomaton(keywords: readonly string[]): Automaton {
  const classes = new Uint8Array(256);
  let classCount = 1;
  for (const keyword of keywords) {
    for (let i = 0; i < keyword.length; i++) {
      const byte = keyword.charCodeAt(i);
      if (byte > 127 || keyword[i] !== keyword[i]!.toLowerCase()) {
        throw new Error(`Cannot compile the keyword: not lower-case ASCII: ${keyword}`);
      }
      if (classes[byte] !== 0) continue;
      classes[byte] = classCount;
      if (byte >= 97 && byte <= 122) classes[byte - 32] = classCount;
      classCount++;
    }
  }

  const next: number[] = new Array(classCount).fill(-1);
  const outputs: number[][] = [[]];
  for (const [index, keyword] of keywords.entries()) {
    let state = 0;
    for (let i = 0; i < keyword.length; i++) {
      const slot = state * classCount + classes[keyword.charCodeAt(i)]!;
      if (next[slot]! < 0) {
        next[slot] = outputs.length;
        outputs.push([]);
        for (let c = 0; c < classCount; c++) next.push(-1);
      }
      state = next[slot]!;
    }
    outputs[state]!.push(index);
  }
  const byDepth = foldFailures(next, outputs, classCount);

  // States that end a keyword come last, so that the loop needs one comparison to notice them. The
  // others lie by depth: a text spends its time in the shallow ones, which then share the cache.
  const order = [
    ...byDepth.filter((state) => outputs[state]!.length === 0),
    ...byDepth.filter((state) => outputs[state]!.length > 0),
  ];
  const rank = new Int32Array(outputs.length);
  for (const [position, state] of order.entries()) rank[state] = position;
  const quiet = outputs.filter((list) => list.length === 0).length;
  const table = new Int32Array(outputs.length * classCount);
  for (const [position, state] of order.entries()) {
    for (let c = 0; c < classCount; c++) {
      table[position * classCount + c] = rank[next[state * classCount + c]!]! * classCount;
    }
  }
  const loud = order.slice(quiet).map((state) => Int32Array.from(outputs[state]!));
  const firstLoud = quiet * classCount;

  return {
    scan(bytes, start, end, hits) {
      let row = 0;
      for (let i = start; i < end; i++) {
        row = table[row + classes[bytes[i]!]!]!;
        if (row >= firstLoud) report(loud[(row - firstLoud) / classCount]!, i + 1, hits);
      }
    },
  };
}

/** Gives all states, the start first, then by depth. */
function foldFailures(next: number[], outputs: number[][], classCount: number): number[] {
  const fail = new Int32Array(outputs.length);
  const queue: number[] = [];
  for (let c = 0; c < classCount; c++) {
    if (next[c]! < 0) next[c] = 0;
    else queue.push(next[c]!);
  }
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at]!;
    outputs[state]!.push(...outputs[fail[state]!]!);
    for (let c = 0; c < classCount; c++) {
      const slot = state * classCount + c;
      const fallback = next[fail[state]! * classCount + c]!;
      if (next[slot]! < 0) next[slot] = fallback;
      else {
        fail[next[slot]!] = fallback;
        queue.push(next[slot]!);
      }
    }
  }
  return [0, ...queue];
}

function report(keywords: Int32Array, end: number, hits: KeywordHits): void {
  if (hits.length + keywords.length * 2 > hits.pairs.length) {
    const grown = new Int32Array(hits.pairs.length * 2 + keywords.length * 2);
    grown.set(hits.pairs);
    hits.pairs = grown;
  }
  for (let k = 0; k < keywords.length; k++) {
    hits.pairs[hits.length++] = keywords[k]!;
    hits.pairs[hits.length++] = end;
  }
}
