import assert from "node:assert/strict";
import { type BlobHits, carry, listOf, meet, merge } from "@/lib/git/blob_hits.ts";
import type { Found, Span } from "@/lib/git/blob_scanner.ts";

const hit = (start: number, end: number, contested = false): Found => ({
  start,
  end,
  from: start - 2,
  to: end + 2,
  contested,
  line: 1,
  column: start + 1,
});
const copies = (...pieces: [start: number, end: number, source: number][]) => ({
  data: Int32Array.from(pieces.flat()),
  length: pieces.length * 3,
});
const starts = (carried: readonly Span[] | null) => carried?.map(({ start }) => start) ?? null;
const base: BlobHits<Found> = listOf([hit(10, 20), hit(40, 50, true)]);

Deno.test("carry() takes along what no change touches", () => {
  assert.deepEqual(starts(carry(base, copies([0, 60, 0]), [])), [10, 40]);
  assert.deepEqual(
    starts(carry(base, copies([0, 30, 0], [35, 65, 30]), [{ start: 30, end: 35 }])),
    [
      10,
      45,
    ],
  );
  assert.deepEqual(starts(carry(base, copies([0, 60, 0]), [{ start: 15, end: 15 }])), [40]);
});

Deno.test("carry() gives up when a hit is unmade to which others gave way", () => {
  assert.equal(carry(base, copies([0, 60, 0]), [{ start: 51, end: 51 }]), null);
  assert.equal(carry(base, copies([0, 45, 0]), [{ start: 45, end: 45 }]), null);
  assert.equal(carry(base, copies([0, 38, 0]), [{ start: 38, end: 38 }]), null);
  // Of two copies, one is touched.
  const doubled = copies([0, 60, 0], [60, 90, 30]);
  assert.equal(carry(base, doubled, [{ start: 60, end: 60 }, { start: 80, end: 80 }]), null);
});

Deno.test("meet() sees what a change made inside of what was carried, given way or not", () => {
  const carried = carry(base, copies([0, 60, 0]), [])!;
  const made = (hits: Found[], displaced: Span[] = []) =>
    meet(carried, {
      hits,
      displaced,
      binary: false,
      capped: false,
      whole: false,
      memo: { value: null, bytes: 0 },
    });
  assert.equal(made([]), false);
  assert.equal(made([hit(20, 30), hit(30, 38)]), false);
  assert.equal(made([hit(30, 38), hit(12, 14)]), true);
  assert.equal(made([], [{ start: 19, end: 25 }]), true);
  // Of a hit with rivals, all that decides about it counts.
  assert.equal(made([hit(51, 60)]), true);
  assert.equal(made([hit(52, 60)]), false);
});

Deno.test("merge() tells lines and columns as counting from the start of the text would", () => {
  const text = (line: string, count: number) => `${line}\n`.repeat(count);
  const encode = (text: string) => new TextEncoder().encode(text);
  const source = encode(`${text("0123456", 5)}ab key cd\n${text("x", 9)}`);
  const key = source.indexOf(107);
  const placed = listOf([{ ...hit(key, key + 3), line: 6, column: 4 }]);
  /** Texts made of new strings and of stretches of the base. */
  const cases: (string | [number, number])[][] = [
    [[0, source.length]],
    ["new\nlines\n", [0, source.length]],
    [[0, 8], [24, source.length]],
    [[40, source.length], [0, 40]],
    [[0, 20], "\n", [10, 38], "\n", [38, source.length]],
    ["in front: ", [key - 1, source.length]],
    [[key - 3, source.length]],
    [[key, source.length]],
  ];
  for (const parts of cases) {
    const numbers: number[] = [];
    let made = "";
    for (const part of parts) {
      const from = made.length;
      made += typeof part === "string" ? part : new TextDecoder().decode(source.slice(...part));
      numbers.push(from, made.length, typeof part === "string" ? -1 : part[0]);
    }
    const pieces = { data: Int32Array.from(numbers), length: numbers.length };
    const carried = carry(placed, pieces, [])!;
    const { places } = merge([], carried, encode(made), pieces, source);
    const start = made.indexOf("key");
    const above = made.slice(0, start).split("\n");
    assert.deepEqual([...places], [start, start + 3, above.length, above.at(-1)!.length + 1], made);
  }
});
