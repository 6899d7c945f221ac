import assert from "node:assert/strict";
import { createDetector, type Hit, RULES } from "@/lib/detect/mod.ts";
import { type BlobHits, createBlobScan } from "@/lib/git/blob_scan.ts";
import { applyDelta, createPieces } from "@/lib/git/delta.ts";
import { seeded } from "@/lib/git/test_repository.ts";
import { scannerOf } from "@/workers/read_repository.ts";

/** Seconds of random seeds; absent: one fixed seed, a few hundred texts. */
const SECONDS = Number(Deno.env.get("SLUICE_PROPERTY_SECONDS") ?? 0);
const FIXED_CHAINS = 150;
const CHAIN = 6;

const detector = createDetector({ fingerprintKey: new Uint8Array(32).fill(3) });
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

type Random = (below: number) => number;
/** A stretch of the text before, or new bytes. */
type Part = { from: number; to: number } | Uint8Array;

function text(random: Random): Uint8Array {
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
function edit(bytes: Uint8Array, random: Random): Part[] {
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

/** The edit in git's own form. */
function deltaOf(base: Uint8Array, parts: readonly Part[]): Uint8Array {
  const out: number[] = [];
  const size = (value: number) => {
    for (; value >= 128; value = Math.floor(value / 128)) out.push(value % 128 | 128);
    out.push(value);
  };
  size(base.length);
  size(
    parts.reduce(
      (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.to - part.from),
      0,
    ),
  );
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      for (let at = 0; at < part.length; at += 127) {
        const piece = part.subarray(at, at + 127);
        out.push(piece.length, ...piece);
      }
      continue;
    }
    for (let at = part.from; at < part.to; at += 0xffff) {
      const count = Math.min(0xffff, part.to - at);
      out.push(0xbf, at & 255, at >> 8 & 255, at >> 16 & 255, at >> 24 & 255);
      out.push(count & 255, count >> 8 & 255);
    }
  }
  return Uint8Array.from(out);
}

/** What decides about a hit is told of the text that it was found in first. */
function withoutSpan({ from: _from, to: _to, ...hit }: Hit) {
  return hit;
}

function told(hits: BlobHits<Hit> | undefined) {
  return (hits?.hits ?? []).map((hit, i) => ({
    ...withoutSpan(hit),
    start: hits!.places[i * 4],
    end: hits!.places[i * 4 + 1],
    line: hits!.places[i * 4 + 2],
    column: hits!.places[i * 4 + 3],
  }));
}

function checkChain(seed: number): { texts: number; hits: number; shown: number; bytes: number } {
  const random = seeded(seed);
  const scan = createBlobScan(scannerOf(detector), { count: CHAIN }, 1e7);
  const pieces = createPieces();
  let bytes = text(random);
  scan.whole(0, bytes);
  let total = bytes.length;
  let hits = 0;
  for (let index = 1; index < CHAIN; index++) {
    const base = bytes;
    let parts = edit(base, random);
    if (random(3) === 0 && parts.length > 1) {
      // A second edit further on, in the last piece.
      const last = parts.at(-1)!;
      if (!(last instanceof Uint8Array)) {
        const inner = edit(base.subarray(last.from, last.to), random).map((part) =>
          part instanceof Uint8Array
            ? part
            : { from: part.from + last.from, to: part.to + last.from }
        );
        parts = [...parts.slice(0, -1), ...inner];
      }
    }
    bytes = applyDelta(base, deltaOf(base, parts), pieces);
    scan.derived(index, bytes, pieces, index - 1, base);
    const whole = detector.detect(bytes);
    const found = told(scan.hits.get(index));
    assert.deepEqual(found, whole.hits.map(withoutSpan), `seed ${seed}, text ${index}`);
    hits += found.length;
    total += bytes.length;
  }
  return { texts: CHAIN, hits, shown: scan.counts.scannedBytes, bytes: total };
}

Deno.test("scanning by deltas finds exactly what scanning every text whole finds", () => {
  const end = performance.now() + SECONDS * 1000;
  let seed = SECONDS > 0 ? Math.floor(Math.random() * 2 ** 30) : 1;
  const sum = { texts: 0, hits: 0, shown: 0, bytes: 0 };
  for (let i = 0; SECONDS > 0 ? performance.now() < end : i < FIXED_CHAINS; i++) {
    const one = checkChain(seed++);
    for (const key of ["texts", "hits", "shown", "bytes"] as const) sum[key] += one[key];
  }
  assert.ok(sum.hits > sum.texts / 10, "the texts hold secrets");
  assert.ok(sum.shown < sum.bytes * 0.8, "not everything was looked at again");
});
