/** How much backtracking a regular expression could do at one place, told from its text. */

/** What a pattern may cost, and why it must be refused, if so. */
export interface PatternCost {
  /** In how many ways its repetitions can share out a text, at most; `Infinity` when unbounded. */
  ways: number;
  /** A plain sentence, or null. */
  problem: string | null;
}

/** What an open end counts as: no window is longer. */
const OPEN_END = 400;

interface Reader {
  source: string;
  at: number;
  problem: string | null;
}

/** Conservative: refuses repetitions inside repetitions, although some of them would be harmless. */
export function patternCost(source: string): PatternCost {
  const reader: Reader = { source, at: 0, problem: null };
  const { ways } = readAlternatives(reader);
  return { ways, problem: reader.problem };
}

/** Ways, and whether the length of what matches can vary. */
interface Cost {
  ways: number;
  varies: boolean;
}

function readAlternatives(reader: Reader): Cost & { count: number } {
  let ways = 0;
  let varies = false;
  let count = 0;
  do {
    if (count > 0) reader.at++;
    const one = readSequence(reader);
    ways += one.ways;
    varies ||= one.varies;
    count++;
  } while (reader.source[reader.at] === "|");
  return { ways, varies: varies || count > 1, count };
}

function readSequence(reader: Reader): Cost {
  let ways = 1;
  let varies = false;
  while (reader.at < reader.source.length && !"|)".includes(reader.source[reader.at]!)) {
    const atom = readAtom(reader);
    const [least, most] = readQuantifier(reader);
    if (most > 1 && atom.varies) {
      reader.problem ??= "it repeats something that has a repetition or a choice inside";
    }
    const spread = (most === Infinity ? OPEN_END : most) - least + 1;
    ways *= atom.ways * spread;
    varies ||= atom.varies || spread > 1;
  }
  return { ways, varies };
}

function readAtom(reader: Reader): Cost {
  const plain = { ways: 1, varies: false };
  const rest = reader.source.slice(reader.at);
  if (rest.startsWith("(")) {
    reader.at += /^\((?:\?(?:[:=!]|<[=!]|<\w+>|[a-z-]+:))?/.exec(rest)![0].length;
    const { ways, varies } = readAlternatives(reader);
    reader.at++;
    return { ways, varies };
  }
  if (/^\\(?:[1-9]|k<)/.test(rest)) reader.problem ??= "it refers back to a group";
  const atom = /^(?:\[(?:[^\]\\]|\\.)*\]|\\[\s\S]|[\s\S])/.exec(rest)![0];
  reader.at += atom.length;
  return plain;
}

function readQuantifier(reader: Reader): [number, number] {
  const found = /^(?:([?*+])|\{(\d+)(,)?(\d+)?\})\??/.exec(reader.source.slice(reader.at));
  if (found === null) return [1, 1];
  reader.at += found[0].length;
  const [, sign, low, comma, high] = found;
  if (sign !== undefined) return sign === "?" ? [0, 1] : [Number(sign === "+"), Infinity];
  const least = Number(low);
  return [least, comma === undefined ? least : high === undefined ? Infinity : Number(high)];
}
