import assert from "node:assert/strict";
import { applyDelta, createPieces, deltaSizes } from "@/lib/git/delta.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const base = encode("0123456789abcdefghijklmnopqrstuvwxyz");

/** Copies, and insertions as text. */
function delta(result: number, ...ops: (string | [from: number, size: number])[]): Uint8Array {
  const out = [base.length, result];
  for (const op of ops) {
    if (typeof op === "string") out.push(op.length, ...encode(op));
    else out.push(0x91, op[0], op[1]);
  }
  return Uint8Array.from(out);
}

function piecesOf(bytes: Uint8Array): [string, number[][]] {
  const pieces = createPieces();
  const result = applyDelta(base, bytes, pieces);
  const list: number[][] = [];
  for (let i = 0; i < pieces.length; i += 3) list.push([...pieces.data.slice(i, i + 3)]);
  return [decode(result), list];
}

Deno.test("applyDelta() rebuilds the text and tells where each byte comes from", () => {
  assert.deepEqual(piecesOf(delta(9, [0, 4], "NEW", [10, 2])), [
    "0123NEWab",
    [[0, 4, 0], [4, 7, -1], [7, 9, 10]],
  ]);
});

Deno.test("applyDelta() joins neighbours that continue each other", () => {
  assert.deepEqual(piecesOf(delta(8, [0, 2], [2, 2], "x", "y", [8, 2])), [
    "0123xy89",
    [[0, 4, 0], [4, 6, -1], [6, 8, 8]],
  ]);
});

Deno.test("applyDelta() copies 64 KB where no size is given, and within one buffer", () => {
  const memory = new Uint8Array(200_000).map((_, i) => i * 7);
  const from = memory.subarray(0, 70_000);
  const instructions = Uint8Array.from([0xf0, 0xa2, 4, 0x80, 0x80, 4, 0x80]);
  const result = applyDelta(
    from,
    instructions,
    createPieces(),
    memory.subarray(90_000, 90_000 + deltaSizes(instructions).result),
  );
  assert.deepEqual(result, from.slice(0, 65536));
});

Deno.test("deltaSizes() reads both sizes", () => {
  assert.deepEqual(deltaSizes(Uint8Array.from([0x80, 1, 0xff, 0x7f, 1])), {
    base: 128,
    result: 16383,
  });
});

Deno.test("applyDelta() refuses every delta that does not add up", () => {
  const table: [Uint8Array, RegExp][] = [
    [Uint8Array.from([5, 1, 1, 65]), /its base has another size/],
    [delta(2, "long"), /an insertion overruns/],
    [delta(9, "long"), /its result has another size/],
    [delta(40, [30, 20]), /a copy overruns/],
    [delta(4, [0, 8]), /a copy overruns/],
    [Uint8Array.from([36, 3, 0]), /reserved instruction/],
    [Uint8Array.from([36, 3, 3, 65]), /an insertion overruns/],
    [Uint8Array.from([36, 3, 0x91, 0]), /a copy overruns/],
    [Uint8Array.from([0x80]), /its size cannot be read/],
    [Uint8Array.from(new Array(12).fill(0xff)), /its size cannot be read/],
  ];
  for (const [bytes, message] of table) {
    assert.throws(() => applyDelta(base, bytes, createPieces()), message);
  }
});
