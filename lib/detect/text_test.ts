import assert from "node:assert/strict";
import { createLineCounter, latin1, searchable, stillSearchable } from "@/lib/detect/text.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("searchable() takes a NUL in the first 8 KB for binary, and no later one", () => {
  const bytes = new Uint8Array(9000).fill(97);
  bytes[8192] = 0;
  assert.equal(searchable(bytes)?.transcoded, false);
  bytes[8191] = 0;
  assert.equal(searchable(bytes), null);
});

Deno.test("searchable() rewrites UTF-16 of both byte orders", () => {
  for (const little of [true, false]) {
    const text = "\ufeffkey = värde\n";
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), little);
    const found = searchable(bytes);
    assert.equal(found?.transcoded, true);
    assert.equal(new TextDecoder().decode(found.bytes), "key = värde\n");
  }
});

Deno.test("latin1() keeps one character a byte, in a view too", () => {
  const bytes = encode("xäöx").subarray(1);
  assert.equal(latin1(bytes, 0, 4).length, 4);
  assert.equal(latin1(bytes, 4, 5), "x");
});

Deno.test("createLineCounter() counts from one and restarts the column on each line", () => {
  const count = createLineCounter(encode("ab\ncd\n\nx"));
  assert.deepEqual(count(1), { line: 1, column: 2 });
  assert.deepEqual(count(3), { line: 2, column: 1 });
  assert.deepEqual(count(7), { line: 4, column: 1 });
});

Deno.test("stillSearchable() says the same as searchable() of what was made from a text", () => {
  const base = new Uint8Array(20_000).fill(97);
  base[9_000] = 0;
  const cases: [string | [number, number], ...(string | [number, number])[]][] = [
    [[0, 20_000]],
    ["new", [0, 20_000]],
    ["\0", [0, 20_000]],
    [[0, 8_191], "\0"],
    [[0, 8_192], "\0"],
    [[8_000, 20_000]],
    [[0, 100], [8_900, 20_000]],
    [[100, 20_000]],
    [[0, 1]],
  ];
  for (const parts of cases) {
    const made: number[] = [];
    const data: number[] = [];
    for (const part of parts) {
      const from = made.length;
      made.push(...(typeof part === "string" ? encode(part) : base.subarray(...part)));
      data.push(from, made.length, typeof part === "string" ? -1 : part[0]);
    }
    const bytes = Uint8Array.from(made);
    const pieces = { data: Int32Array.from(data), length: data.length };
    assert.deepEqual(stillSearchable(bytes, pieces), searchable(bytes), JSON.stringify(parts));
  }
});
