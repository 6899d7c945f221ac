/** Texts with secrets in them, and edits that split, join, move and double what is there. */

import { RULES } from "@/lib/detect/mod.ts";

const encoder = new TextEncoder();

/** What texts are put together from: what rules find and pass over, and what acts on neighbours. */
const PARTS: readonly string[] = [
  ...RULES.flatMap((rule) => [...rule.matches(), ...rule.ignores()]),
  "// gitleaks" + ":allow",
  "# pragma: allowlist nextline" + " secret",
  "/* secretlint-disable */",
  "/* secretlint-enable */",
  "# nosemgrep",
  "x".repeat(700),
];
/** So that most of a text lies far from any one change. */
const FILLERS: readonly string[] = [
  "plain text that says nothing at all, over and over",
  "export function plain(first: number, second: number): number {\n  return first + second;\n}",
  "a, b, c;\n".repeat(40),
];
const NEWLINES = ["\n", "\r\n", "\n\n", " "];

/** Numbers from 0 up to, not including, `below`. */
export type Random = (below: number) => number;
/** A stretch of the text before, or new bytes. */
export type Part = { from: number; to: number } | Uint8Array;

/** A text with secrets in it, mostly far from each other; now and then in UTF-16. */
export function randomText(random: Random): Uint8Array {
  const count = pick(random, [1, 8, 80]) + random(8);
  const parts = Array.from(
    { length: count },
    () => pick(random, random(3) === 0 ? PARTS : FILLERS),
  );
  const joined = parts.map((part) => part + pick(random, NEWLINES)).join("");
  return random(20) === 0 ? utf16(joined) : encoder.encode(joined);
}

function utf16(content: string): Uint8Array {
  const bytes = new Uint8Array(content.length * 2 + 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let i = 0; i < content.length; i++) view.setUint16(i * 2 + 2, content.charCodeAt(i), true);
  return bytes;
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)]!;
}

/** An edit: splits, joins, moves, doubles, removes, or puts something anywhere. */
export function randomEdit(bytes: Uint8Array, random: Random): Part[] {
  const length = bytes.length;
  const a = random(length + 1);
  const b = Math.min(length, a + random(random(3) === 0 ? 400 : 12));
  const c = b + random(length - b + 1);
  const inserted = () => {
    switch (random(8)) {
      case 0:
        return encoder.encode("\n");
      case 1:
        return encoder.encode(pick(random, NEWLINES) + pick(random, PARTS).slice(0, 20));
      case 2:
        return Uint8Array.of(random(256));
      case 3:
        return bytes.slice(a, b);
      case 4:
        return encoder.encode(pick(random, FILLERS));
      case 5:
        return Uint8Array.of(0);
      default:
        return encoder.encode(pick(random, PARTS) + pick(random, NEWLINES));
    }
  };
  switch (random(7)) {
    case 0: // removes: may join two halves
      return [{ from: 0, to: a }, { from: b, to: length }];
    case 1: // moves
      return [{ from: 0, to: a }, { from: b, to: c }, { from: a, to: b }, { from: c, to: length }];
    case 2: // doubles
      return [{ from: 0, to: b }, { from: a, to: length }];
    case 3: // replaces
      return [{ from: 0, to: a }, inserted(), { from: b, to: length }];
    case 4: // cuts off the end or the beginning
      return random(2) === 0 ? [{ from: 0, to: a }] : [{ from: a, to: length }];
    default: // puts in: may split
      return [{ from: 0, to: a }, inserted(), { from: a, to: length }];
  }
}

/** What an edit makes of a text. */
export function applyEdit(bytes: Uint8Array, parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => [
      ...part instanceof Uint8Array ? part : bytes.subarray(part.from, part.to),
    ]),
  );
}
