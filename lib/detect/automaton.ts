/** Finds every keyword of every rule in one pass: a look at three bytes, then a trie, case folded. */

/** Where keywords ended: pairs of keyword index and the offset just behind it. */
export interface KeywordHits {
  pairs: Int32Array;
  /** How many numbers of `pairs` are in use. */
  length: number;
}

/** A compiled set of keywords. */
export interface Automaton {
  /** Appends each keyword that lies wholly in `bytes[start, end)` to `hits`, in order of its end. */
  scan(bytes: Uint8Array, start: number, end: number, hits: KeywordHits): void;
  /** Appends each keyword that begins in `bytes[start, end)`, wherever it ends. */
  scanBeginnings(bytes: Uint8Array, start: number, end: number, hits: KeywordHits): void;
  /** So many bytes before `at` begins, at most, a keyword that ends behind it: mostly none. */
  reachBack(bytes: Uint8Array, at: number): number;
}

/** A fresh, growable list for `scan`; reuse it and set `length` to 0 between texts. */
export function createKeywordHits(): KeywordHits {
  return { pairs: new Int32Array(1024), length: 0 };
}

/** No keyword is shorter: where none begins, three bytes tell, nearly always. */
const HEAD = 3;
/** So many bytes are looked at before the trie is gone down. */
const STRETCH = 4096;

/**
 * Builds the tables for different lower-case ASCII keywords of three bytes or more. Of the places of
 * a source text 7% pass the look at three bytes; the walk down the trie that follows is short.
 * Beside an automaton after Aho and Corasick, whose next look-up must wait for the one before, this
 * takes less than half of the time.
 */
export function createAutomaton(keywords: readonly string[]): Automaton {
  const { classes, classCount } = classesOf(keywords);
  const { next, keywordAt } = trieOf(keywords, classes, classCount);
  const bits = Math.ceil(Math.log2(classCount));
  const mask = (1 << HEAD * bits) - 1;
  /** The trie's node behind three classes of bytes; 0 where no keyword begins so. */
  const heads = tableOf(1 << HEAD * bits, next.length / classCount);
  /** 1 where the table before has a node: half as large, and looked up for every byte. */
  const begins = new Uint8Array(heads.length);
  /** By two neighbours: how many bytes of a keyword stand before the second of them. */
  const reaches = tableOf(classCount * classCount, Math.max(...keywords.map((one) => one.length)));
  for (const keyword of keywords) {
    let node = 0;
    let head = 0;
    for (let i = 0; i < HEAD; i++) {
      const at = classes[keyword.charCodeAt(i)]!;
      node = next[node * classCount + at]!;
      head = head << bits | at;
    }
    heads[head] = node;
    begins[head] = 1;
    for (let i = 1; i < keyword.length; i++) {
      const pair = classes[keyword.charCodeAt(i - 1)]! * classCount +
        classes[keyword.charCodeAt(i)]!;
      reaches[pair] = Math.max(reaches[pair]!, i);
    }
  }

  /** One is written behind those that count. */
  const places = new Int32Array(STRETCH + 1);
  const nodes = new Int32Array(STRETCH + 1);

  /** Goes down the trie from the bytes before `at`. */
  function follow(head: number, bytes: Uint8Array, at: number, end: number, hits: KeywordHits) {
    for (let node = head; node !== 0; at++) {
      const keyword = keywordAt[node]!;
      if (keyword >= 0) push(keyword, at, hits);
      if (at >= end) return;
      node = next[node * classCount + classes[bytes[at]!]!]!;
    }
  }

  /**
   * Notes in `places` where keywords may begin. Each place is written and only those that count are
   * kept, since to foresee a branch fails too often; four at once take half the time of one by one.
   */
  function lookAtHeads(bytes: Uint8Array, start: number, stop: number): number {
    let count = 0;
    let head = classes[bytes[start - 2]!]! << bits | classes[bytes[start - 1]!]!;
    let i = start;
    for (; i + 3 < stop; i += 4) {
      const first = (head << bits | classes[bytes[i]!]!) & mask;
      const second = (first << bits | classes[bytes[i + 1]!]!) & mask;
      const third = (second << bits | classes[bytes[i + 2]!]!) & mask;
      head = (third << bits | classes[bytes[i + 3]!]!) & mask;
      places[count] = i;
      count += begins[first]!;
      places[count] = i + 1;
      count += begins[second]!;
      places[count] = i + 2;
      count += begins[third]!;
      places[count] = i + 3;
      count += begins[head]!;
    }
    for (; i < stop; i++) {
      head = (head << bits | classes[bytes[i]!]!) & mask;
      places[count] = i;
      count += begins[head]!;
    }
    return count;
  }

  /** One more byte tells most of those apart that only begin alike. */
  function lookFurther(bytes: Uint8Array, end: number, noted: number): number {
    let count = 0;
    for (let i = 0; i < noted; i++) {
      const at = places[i]!;
      const head = classes[bytes[at - 2]!]! << 2 * bits | classes[bytes[at - 1]!]! << bits |
        classes[bytes[at]!]!;
      const node = heads[head]!;
      const following = at + 1 < end ? next[node * classCount + classes[bytes[at + 1]!]!]! : 0;
      places[count] = at;
      nodes[count] = node;
      if ((keywordAt[node]! + 1 | following) !== 0) count++;
    }
    return count;
  }

  function find(bytes: Uint8Array, start: number, last: number, end: number, hits: KeywordHits) {
    const from = hits.length;
    const stop = Math.min(last + HEAD - 1, end);
    for (let at = start + HEAD - 1; at < stop; at += STRETCH) {
      const noted = lookAtHeads(bytes, at, Math.min(at + STRETCH, stop));
      const count = lookFurther(bytes, end, noted);
      for (let i = 0; i < count; i++) follow(nodes[i]!, bytes, places[i]! + 1, end, hits);
    }
    sortByEnd(hits, from);
  }

  return {
    scan: (bytes, start, end, hits) => find(bytes, start, end, end, hits),
    scanBeginnings: (bytes, start, end, hits) => find(bytes, start, end, bytes.length, hits),
    reachBack: (bytes, at) =>
      at === 0 || at >= bytes.length
        ? 0
        : reaches[classes[bytes[at - 1]!]! * classCount + classes[bytes[at]!]!]!,
  };
}

/** Sorts what stands from `from` on, by insertion: keywords that overlap alone are out of order. */
export function sortByEnd({ pairs, length }: KeywordHits, from: number): void {
  for (let i = from + 2; i < length; i += 2) {
    const end = pairs[i + 1]!;
    if (pairs[i - 1]! <= end) continue;
    const keyword = pairs[i]!;
    let at = i;
    for (; at > from && pairs[at - 1]! > end; at -= 2) {
      pairs[at] = pairs[at - 2]!;
      pairs[at + 1] = pairs[at - 1]!;
    }
    pairs[at] = keyword;
    pairs[at + 1] = end;
  }
}

/** Numbers the bytes that keywords are made of, upper and lower case alike; 0 is any other. */
function classesOf(keywords: readonly string[]): { classes: Uint8Array; classCount: number } {
  const classes = new Uint8Array(256);
  let classCount = 1;
  for (const keyword of keywords) {
    if (keyword.length < HEAD) throw new Error(`Cannot compile the keyword: short: ${keyword}`);
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
  return { classes, classCount };
}

/** Nodes as rows of a table, the root first; `keywordAt` has −1 where none ends. */
function trieOf(keywords: readonly string[], classes: Uint8Array, classCount: number) {
  const most = 1 + keywords.reduce((sum, keyword) => sum + keyword.length, 0);
  const next = tableOf(most * classCount, most);
  const keywordAt = new Int32Array(most).fill(-1);
  let count = 1;
  for (const [index, keyword] of keywords.entries()) {
    let node = 0;
    for (let i = 0; i < keyword.length; i++) {
      const slot = node * classCount + classes[keyword.charCodeAt(i)]!;
      if (next[slot] === 0) next[slot] = count++;
      node = next[slot]!;
    }
    keywordAt[node] = index;
  }
  return { next: next.slice(0, count * classCount), keywordAt: keywordAt.slice(0, count) };
}

/** As small as its values allow: it is looked up for every byte, and the cache is small. */
function tableOf(length: number, values: number): Uint16Array | Int32Array {
  return values < 1 << 16 ? new Uint16Array(length) : new Int32Array(length);
}

function push(keyword: number, end: number, hits: KeywordHits): void {
  if (hits.length + 2 > hits.pairs.length) {
    const grown = new Int32Array(hits.pairs.length * 2);
    grown.set(hits.pairs);
    hits.pairs = grown;
  }
  hits.pairs[hits.length++] = keyword;
  hits.pairs[hits.length++] = end;
}
