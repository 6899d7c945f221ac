/** Reads a regular expression as a tree that matches at least what the expression matches. */

/** Look-arounds are passed over; of characters a text of Latin-1 can hold, sets say which fit. */
export type PatternTree =
  | { kind: "set"; set: Uint8Array }
  | { kind: "sequence" | "choice"; items: PatternTree[] }
  | { kind: "repeat"; item: PatternTree; least: number; most: number }
  /** `\b`, or `\B` when inverted. */
  | { kind: "edge"; inverted: boolean }
  /** A back reference: whatever. */
  | { kind: "anything" };

const NOTHING: PatternTree = { kind: "sequence", items: [] };
const ANYTHING: PatternTree = { kind: "anything" };

const LATIN1 = String.fromCharCode(...Array(256).keys());

/** By flags and source: patterns are made of few different classes. */
const sets = new Map<string, Uint8Array>();

/** @throws Error where it cannot be read */
export function readPattern({ source, flags }: RegExp): PatternTree {
  let at = 0;
  const rest = (expected: RegExp): string => {
    expected.lastIndex = at;
    const found = expected.exec(source)?.[0] ?? "";
    at += found.length;
    return found;
  };

  function choice(modes: string): PatternTree {
    const items = [sequence(modes)];
    while (source[at] === "|") {
      at++;
      items.push(sequence(modes));
    }
    return items.length === 1 ? items[0]! : { kind: "choice", items };
  }

  function sequence(modes: string): PatternTree {
    const items: PatternTree[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") {
      items.push(repeated(atom(modes)));
    }
    return { kind: "sequence", items };
  }

  function repeated(item: PatternTree): PatternTree {
    const quantifier = rest(/[?*+]|\{\d+(?:,\d*)?\}/y);
    if (quantifier === "") return item;
    rest(/\?/y);
    if (quantifier === "?") return { kind: "repeat", item, least: 0, most: 1 };
    if (quantifier === "*") return { kind: "repeat", item, least: 0, most: Infinity };
    if (quantifier === "+") return { kind: "repeat", item, least: 1, most: Infinity };
    const [least, most = least] = quantifier.slice(1, -1).split(",");
    return { kind: "repeat", item, least: Number(least), most: Number(most || Infinity) };
  }

  function atom(modes: string): PatternTree {
    if (source[at] === "(") {
      const opening = rest(/\((?:\?(?:<?[=!]|<\w+>|[a-z]*(?:-[a-z]+)?:))?/y);
      const inner = choice(modesOf(opening, modes));
      if (source[at++] !== ")") throw new Error(`Cannot read the pattern: ${source}`);
      return /[=!]$/.test(opening) ? NOTHING : inner;
    }
    const edge = rest(/\\[bB]/y);
    if (edge !== "") return { kind: "edge", inverted: edge === "\\B" };
    if (rest(/\\(?:[1-9]\d*|k<\w+>)/y) !== "") return ANYTHING;
    if (rest(/[\^$]/y) !== "") return NOTHING;
    const one = rest(
      /\[(?:[^\]\\]|\\[^])*\]|\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{\w+\}|[pP]\{\w+\}|c\w|[^])|[^]/y,
    );
    return { kind: "set", set: setOf(one, modes) };
  }

  const tree = choice(flags.replace(/[^isuv]/g, ""));
  if (at < source.length) throw new Error(`Cannot read the pattern: ${source}`);
  return tree;
}

/** `(?i:` adds a mode, `(?-i:` takes it away. */
function modesOf(opening: string, modes: string): string {
  const [, added = "", taken = ""] = /^\(\?([a-z]*)(?:-([a-z]+))?:/.exec(opening) ?? [];
  const all = new Set(modes + added);
  for (const mode of taken) all.delete(mode);
  return [...all].sort().join("").replace(/m/g, "");
}

/** Which of the 256 characters fit, as the engine that runs the expression sees it. */
function setOf(one: string, modes: string): Uint8Array {
  const key = `${modes} ${one}`;
  let set = sets.get(key);
  if (set === undefined) {
    set = new Uint8Array(256);
    for (const fits of LATIN1.match(new RegExp(one, `${modes}g`)) ?? []) {
      set[fits.charCodeAt(0)] = 1;
    }
    sets.set(key, set);
  }
  return set;
}
