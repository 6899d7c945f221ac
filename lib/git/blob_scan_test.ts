import assert from "node:assert/strict";
import { changedSpans, createBlobScan } from "@/lib/git/blob_scan.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import { applyDelta, createPieces } from "@/lib/git/delta.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Finds the word KEY; what is asked for is noted. */
function wordScanner() {
  const asked: string[] = [];
  const find = (bytes: Uint8Array, whole: boolean) => {
    const text = new TextDecoder("latin1").decode(bytes);
    const hits: Found[] = [];
    for (const { index } of text.matchAll(/KEY/g)) {
      const before = text.slice(0, index).split("\n");
      hits.push({
        start: index,
        end: index + 3,
        from: index - 2,
        to: index + 5,
        contested: false,
        line: before.length,
        column: before.at(-1)!.length + 1,
      });
    }
    const memo = { value: text, bytes: 10 };
    return {
      hits,
      displaced: [],
      binary: text.includes("\0"),
      capped: text.includes("CAP"),
      whole,
      memo,
    };
  };
  const scanner: BlobScanner<Found> = {
    scan(bytes) {
      asked.push("whole");
      return find(bytes, true);
    },
    scanChanged(bytes, changes, _pieces, base) {
      asked.push(`changed ${JSON.stringify(changes.map(({ start, end }) => [start, end]))}`);
      assert.equal(base.memo, new TextDecoder("latin1").decode(base.bytes));
      const found = find(bytes, false);
      return {
        ...found,
        hits: found.hits.filter((hit) =>
          changes.some(({ start, end }) => start <= hit.to && end >= hit.from)
        ),
      };
    },
    wholeOnly: (bytes) => bytes[0] === 0xff,
  };
  return { asked, scanner };
}

/** Scans `base`, then the text that the operations make of it. */
function derive(base: string, result: number, ...ops: (string | [number, number])[]) {
  const { asked, scanner } = wordScanner();
  const scan = createBlobScan(scanner, { count: 2 }, 1000);
  const bytes = Uint8Array.from(base, (sign) => sign.charCodeAt(0));
  scan.whole(0, bytes);
  const pieces = createPieces();
  const delta = [bytes.length, result];
  for (const op of ops) {
    if (typeof op === "string") delta.push(op.length, ...encode(op));
    else delta.push(0x91, op[0], op[1]);
  }
  const derived = applyDelta(bytes, Uint8Array.from(delta), pieces);
  scan.derived(1, derived, pieces, 0, bytes);
  const places = [...scan.hits.get(1)?.places ?? []];
  return { asked, places, counts: scan.counts };
}

Deno.test("derived() carries hits along and finds new ones at the changes alone", () => {
  const base = "one KEY two\n......\nlast KEY end\n";
  const { asked, places, counts } = derive(base, 41, [0, 12], "\nnew KEY\n", [12, 20]);
  assert.deepEqual(asked, ["whole", "changed [[12,21]]"]);
  assert.deepEqual(places, [4, 7, 1, 5, 17, 20, 3, 5, 33, 36, 5, 6]);
  assert.equal(counts.scannedBytes, base.length + 9);
});

Deno.test("derived() drops a hit that a change decides about, and doubles one that was copied", () => {
  const base = "one KEY two three KEY four five";
  // The first is cut off right behind the word, the second comes twice.
  const { places } = derive(base, 32, [0, 7], [14, 12], "-", [14, 12]);
  assert.deepEqual(places.filter((_, i) => i % 4 === 0), [4, 11, 24]);
});

Deno.test("derived() scans whole where carrying would not be right", () => {
  const cases: [string, string][] = [
    ["\0 binary base KEY", "KEY"],
    ["\xff\xfe wide KEY", "KEY"],
    ["CAP too many KEY", "KEY"],
  ];
  for (const [base, put] of cases) {
    const { asked } = derive(base, base.length + put.length, [0, base.length], put);
    assert.deepEqual(asked, ["whole", "whole"], base);
  }
});

Deno.test("whole() leaves out what is too large, by one byte, and counts it", () => {
  const { scanner } = wordScanner();
  const scan = createBlobScan(scanner, { count: 3 }, 1000);
  scan.whole(0, new Uint8Array(1000).fill(65));
  scan.whole(1, new Uint8Array(1001).fill(65));
  scan.whole(2, new Uint8Array(5));
  assert.deepEqual(scan.counts, { largeBlobs: 1, binaryBlobs: 1, scannedBytes: 1000 });
});

Deno.test("changedSpans() sees what was put in, cut out, and cut off at both ends", () => {
  const spans = (baseLength: number, ...pieces: [number, number, number][]) =>
    changedSpans(
      { data: Int32Array.from(pieces.flat()), length: pieces.length * 3 },
      baseLength,
      pieces.at(-1)?.[1] ?? 0,
    ).map(({ start, end }) => [start, end]);
  assert.deepEqual(spans(10, [0, 10, 0]), []);
  assert.deepEqual(spans(10, [0, 4, 0], [4, 6, -1], [6, 12, 4]), [[4, 6]]);
  assert.deepEqual(spans(10, [0, 4, 0], [4, 8, 6]), [[4, 4]]);
  assert.deepEqual(spans(10, [0, 6, 4]), [[0, 0]]);
  assert.deepEqual(spans(10, [0, 6, 0]), [[6, 6]]);
  assert.deepEqual(spans(10, [0, 3, -1], [3, 13, 0]), [[0, 3]]);
});
