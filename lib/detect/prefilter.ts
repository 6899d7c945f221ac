/**
 * Tells of most places where a pattern does not match that it does not, by a few look-ups and on
 * bytes: to run the expression itself costs ten times as much, and needs the text as a string.
 */

import { type PatternTree, readPattern } from "@/lib/detect/pattern_tree.ts";

/** False only where the pattern cannot match at `at`. */
export type Prefilter = (bytes: Uint8Array, at: number) => boolean;

/** A pattern that is asked for less often is run: its tables take a millisecond to build. */
const WORTH_IT = 50;
/** So many bytes are looked at; what fits so far is left to the expression. */
const REACH = 64;
/** More repetitions are taken for any number. */
const MOST_COPIES = 8;
/** A pattern with more parts is not worth it. */
const MOST_PARTS = 3000;
/** With more states what comes next is left to the expression: each has a table of 256. */
const MOST_STATES = 200;

const UNKNOWN = -1;
const DEAD = 0;
/** The pattern may match, or nobody knows. */
const FITS = 1;

/** Of a machine in which all ways are taken at once: either a set, an edge, or ways without a byte. */
interface Part {
  set: Uint8Array | null;
  edge: "kept" | "inverted" | null;
  next: number[];
}

/** The end of the pattern. */
const END = 0;

/** Builds the tables as they are needed, after Thompson's construction and that of subsets. */
export function createPrefilter(pattern: RegExp, worthIt = WORTH_IT): Prefilter {
  let machine: Machine | null = null;
  let asked = 0;
  return (bytes, at) => {
    if (machine === null && asked++ < worthIt) return true;
    const { table, classes, width, advance, starts } = machine ??= compile(pattern);
    let state = starts[at === 0 ? 0 : WORD[bytes[at - 1]!]!]!;
    const stop = Math.min(bytes.length, at + REACH);
    let i = at;
    for (; state > FITS && i < stop; i++) {
      const next = table[state * width + classes[bytes[i]!]!]!;
      state = next === UNKNOWN ? advance(state, bytes[i]!) : next;
    }
    return state === FITS || (state > FITS && i === at + REACH);
  };
}

/** What `followers` gives: 256 marks outside of a word, then 256 inside. */
export type Followers = Uint8Array;

/**
 * Marks the bytes behind a lower-case keyword, upper case meant alike, after which the pattern may
 * still match that begins with it; by whether the byte before the keyword belongs to a word.
 */
export function followers(pattern: RegExp, keyword: string): Followers {
  const { table, classes, width, advance, starts } = compile(pattern);
  const step = (state: number, byte: number) => {
    if (state <= FITS) return state;
    const next = table[state * width + classes[byte]!]!;
    return next === UNKNOWN ? advance(state, byte) : next;
  };
  const marks = new Uint8Array(512);
  for (const inWord of [0, 1]) {
    let states = new Set([starts[inWord]!]);
    for (const letter of keyword) {
      const ways = [letter, letter.toUpperCase()].map((sign) => sign.charCodeAt(0));
      states = new Set([...states].flatMap((state) => ways.map((byte) => step(state, byte))));
    }
    states.delete(DEAD);
    for (let byte = 0; byte < 256; byte++) {
      const open = [...states].some((state) => step(state, byte) !== DEAD);
      marks[inWord * 256 + byte] = Number(open);
    }
  }
  return marks;
}

/** Whether the byte belongs to a word: 0 or 1. */
export function inWord(byte: number): number {
  return WORD[byte]!;
}

/** Ready to be stepped through. */
interface Machine {
  /** A row a state, a column for each class of bytes. */
  table: Int16Array;
  classes: Uint8Array;
  width: number;
  /** The state behind a byte, which the table does not know yet. */
  advance(state: number, byte: number): number;
  /** Where to begin outside and inside of a word. */
  starts: Int16Array;
}

function compile(pattern: RegExp): Machine {
  let parts: Part[];
  let first: number;
  try {
    ({ parts, first } = assemble(readPattern(pattern)));
  } catch {
    parts = [{ set: null, edge: null, next: [] }];
    first = END;
  }
  const { classes, count } = classesOf(parts);
  const table = new Int16Array(count * MOST_STATES).fill(UNKNOWN);
  /** What is open in each state, and whether the byte before belongs to a word. */
  const states: { open: number[]; inWord: boolean }[] = [];
  const known = new Map<string, number>();

  function stateOf(from: readonly number[], inWord: boolean): number {
    const open = closure(parts, from);
    if (open.length === 0) return DEAD;
    if (reachesEnd(parts, open)) return FITS;
    const key = `${open.join()} ${inWord}`;
    let state = known.get(key);
    if (state === undefined) {
      state = states.length + FITS + 1;
      if (state === MOST_STATES) return FITS;
      states.push({ open, inWord });
      known.set(key, state);
    }
    return state;
  }

  function advance(state: number, byte: number): number {
    const { open, inWord } = states[state - FITS - 1]!;
    const isEdge = inWord !== (WORD[byte] === 1);
    const next: number[] = [];
    const todo = [...open];
    const seen = new Set(todo);
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      const { set, edge, next: ways } = parts[part]!;
      if (set !== null && set[byte] === 1) next.push(...ways);
      if (edge === null || isEdge !== (edge === "kept")) continue;
      for (const way of closure(parts, ways)) {
        if (!seen.has(way)) todo.push(way);
        seen.add(way);
      }
    }
    const reached = stateOf(next, WORD[byte] === 1);
    table[state * count + classes[byte]!] = reached;
    return reached;
  }

  const starts = Int16Array.of(stateOf([first], false), stateOf([first], true));
  return { table, classes, width: count, advance, starts };
}

/** Bytes that every set of the pattern takes alike share a column. */
function classesOf(parts: readonly Part[]): { classes: Uint8Array; count: number } {
  const sets = [WORD, ...new Set(parts.flatMap(({ set }) => set === null ? [] : [set]))];
  const classes = new Uint8Array(256);
  const known = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const key = sets.map((set) => set[byte]).join("");
    if (!known.has(key)) known.set(key, known.size);
    classes[byte] = known.get(key)!;
  }
  return { classes, count: known.size };
}

const WORD = Uint8Array.from(
  { length: 256 },
  (_, code) => Number(/\w/.test(String.fromCharCode(code))),
);

function assemble(tree: PatternTree): { parts: Part[]; first: number } {
  const parts: Part[] = [{ set: null, edge: null, next: [] }];

  function add(part: Part): number {
    if (parts.length > MOST_PARTS) throw new Error("Cannot compile the pattern: too many parts");
    return parts.push(part) - 1;
  }

  function loop(item: PatternTree, next: number): number {
    const ways = { set: null, edge: null, next: [next] };
    const at = add(ways);
    ways.next.push(before(item, at));
    return at;
  }

  /** Where the tree is entered when `next` follows it. */
  function before(node: PatternTree, next: number): number {
    switch (node.kind) {
      case "set":
        return add({ set: node.set, edge: null, next: [next] });
      case "edge":
        return add({ set: null, edge: node.inverted ? "inverted" : "kept", next: [next] });
      case "anything":
        return END;
      case "sequence":
        return node.items.reduceRight((after, item) => before(item, after), next);
      case "choice":
        return add({ set: null, edge: null, next: node.items.map((item) => before(item, next)) });
      case "repeat": {
        const { item, least, most } = node;
        let at = next;
        if (most > MOST_COPIES) at = loop(item, next);
        else {
          for (let i = least; i < most; i++) {
            at = add({ set: null, edge: null, next: [next, before(item, at)] });
          }
        }
        for (let i = 0; i < Math.min(least, MOST_COPIES); i++) at = before(item, at);
        return at;
      }
    }
  }

  const first = before(tree, END);
  return { parts, first };
}

/** What is reached without a byte: sets, edges and the end, in order. */
function closure(parts: readonly Part[], from: readonly number[]): number[] {
  const seen = new Set<number>();
  const todo = [...from];
  const open: number[] = [];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const { set, edge, next } = parts[at]!;
    if (set !== null || edge !== null || at === END) open.push(at);
    else todo.push(...next);
  }
  return open.sort((a, b) => a - b);
}

/** Whether the end may come next; an edge on the way there is left to the expression. */
function reachesEnd(parts: readonly Part[], open: readonly number[]): boolean {
  const seen = new Set<number>();
  const todo = [...open];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at === END) return true;
    const { edge, next } = parts[at]!;
    if (edge === null || seen.has(at)) continue;
    seen.add(at);
    todo.push(...closure(parts, next));
  }
  return false;
}
