/** Reads with which plain texts the matches of a pattern begin. */

/** More beginnings than this say that the pattern begins with anything. */
const MOST = 200;

interface Read {
  /** Beginnings, in the letter case of the pattern. */
  texts: string[];
  /** False when what follows the texts is unknown, so that nothing may be appended. */
  whole: boolean;
}

/**
 * The plain texts, in the letter case of the pattern, one of which each match begins with; null when there are none
 * or too many. Look-arounds and word edges before them are passed over.
 */
export function literalPrefixes(source: string): string[] | null {
  const reader = { source, at: 0 };
  const { texts } = readAlternatives(reader);
  return reader.at === source.length && texts.every((text) => text !== "") ? texts : null;
}

function readAlternatives(reader: { source: string; at: number }): Read {
  const all: Read = { texts: [], whole: true };
  for (;;) {
    const one = readSequence(reader);
    all.texts.push(...one.texts);
    all.whole &&= one.whole;
    if (reader.source[reader.at] !== "|") break;
    reader.at++;
  }
  return all.texts.length > MOST ? { texts: [""], whole: false } : all;
}

function readSequence(reader: { source: string; at: number }): Read {
  let texts = [""];
  let whole = true;
  while (reader.at < reader.source.length && !"|)".includes(reader.source[reader.at]!)) {
    const atom = readAtom(reader);
    const quantifier = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at));
    reader.at += quantifier?.[0].length ?? 0;
    if (!whole || atom === null) continue;
    const times = quantifier === null
      ? 1
      : quantifier[1] === undefined
      ? Number(quantifier[0].startsWith("+"))
      : Number(quantifier[1]);
    if (times === 0) whole = false;
    else {
      texts = texts.flatMap((text) => atom.texts.map((more) => text + more));
      whole = atom.whole && quantifier === null;
    }
    if (texts.length > MOST) return skipRest(reader);
  }
  return { texts, whole };
}

function skipRest(reader: { source: string; at: number }): Read {
  while (reader.at < reader.source.length && !"|)".includes(reader.source[reader.at]!)) {
    readAtom(reader);
  }
  return { texts: [""], whole: false };
}

/** One group, class or character; null for what takes no room in the text. */
function readAtom(reader: { source: string; at: number }): Read | null {
  const { source } = reader;
  const rest = source.slice(reader.at);
  if (rest.startsWith("(")) {
    const opening = /^\((?:\?(?:[:=!]|<[=!]|<\w+>|[a-z-]+:))?/.exec(rest)![0];
    reader.at += opening.length;
    const inner = readAlternatives(reader);
    reader.at++;
    return /^\(\?<?[=!]/.test(opening) ? null : inner;
  }
  if (rest.startsWith("[")) {
    const range = /^\[(?:[^\]\\]|\\.)*\]/.exec(rest)![0];
    reader.at += range.length;
    const few = /^\[([A-Za-z0-9_.\-]{1,4})\]$/.exec(range)?.[1];
    return few === undefined || /\w-\w/.test(few)
      ? { texts: [""], whole: false }
      : { texts: [...new Set([...few])], whole: true };
  }
  if (rest.startsWith("\\")) {
    const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/.exec(rest)![0];
    reader.at += escape.length;
    if (/^\\[bB]$/.test(escape)) return null;
    return /^\\[a-zA-Z0-9]/.test(escape)
      ? { texts: [""], whole: false }
      : { texts: [escape.slice(1)], whole: true };
  }
  reader.at++;
  if (rest[0] === "^" || rest[0] === "$") return null;
  return rest[0] === "." ? { texts: [""], whole: false } : { texts: [rest[0]!], whole: true };
}

/** Whether the length of a match has a bound that the pattern itself sets. */
export function isBounded(source: string): boolean {
  const plain = source.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  return !/[*+]|\{\d+,\}/.test(plain);
}

/** Whether a look-around captures, so that a group may lie outside of the match. */
export function capturesInSight(source: string): boolean {
  const plain = source.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  /** For each open group: whether it is a look-around, or lies in one. */
  const sights: boolean[] = [];
  for (const [part] of plain.matchAll(/\((?:\?(?:<?[=!]|<\w+>|[\w-]*:))?|\)/g)) {
    if (part === ")") sights.pop();
    else {
      const within = sights.at(-1) ?? false;
      if (within && (part === "(" || part.endsWith(">"))) return true;
      sights.push(within || /[=!]$/.test(part));
    }
  }
  return false;
}
