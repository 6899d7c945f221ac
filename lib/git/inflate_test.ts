import assert from "node:assert/strict";
import zlib from "node:zlib";
import { createHandleInflate, inflateAt, plainInflate, skipAt } from "@/lib/git/inflate.ts";
import { createSpool, type Spool } from "@/lib/git/spool.ts";

/** Text that packs well, then noise that does not. */
function sample(size: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length: size }, (_, i) => {
    state = state * 48271 % 2147483647;
    return i < size / 2 ? i % 61 : state & 255;
  });
}

function spoolOf(...parts: Uint8Array[]): Spool {
  const spool = createSpool({ memoryBytes: 1e9, dir: null });
  for (const part of parts) spool.write(part);
  return spool;
}

const TRAILER = new Uint8Array(20).fill(9);

Deno.test("inflateAt() gives the bytes and how many compressed ones they took", () => {
  for (const size of [0, 1, 63, 64, 65, 3000, 300_000, 2_000_000]) {
    const bytes = sample(size);
    const packed = new Uint8Array(zlib.deflateSync(bytes));
    const spool = spoolOf(Uint8Array.of(1, 2, 3), packed, packed, TRAILER);
    const output = new Uint8Array(size + 1);
    assert.equal(inflateAt(spool, 3, size, output), packed.length);
    assert.deepEqual(output.subarray(0, size), bytes);
    assert.equal(inflateAt(spool, 3 + packed.length, size, output), packed.length);
  }
});

Deno.test("inflateAt() looks further where data took more room than it should", () => {
  // Stored in blocks of a few bytes each, as no sensible encoder does.
  const bytes = sample(40_000);
  const stream: number[] = [0x78, 0x01];
  for (let at = 0; at < bytes.length; at += 4) {
    const last = at + 4 >= bytes.length ? 1 : 0;
    stream.push(last, 4, 0, 251, 255, ...bytes.subarray(at, at + 4));
  }
  const sum = zlib.deflateSync(bytes).subarray(-4);
  const spool = spoolOf(Uint8Array.from([...stream, ...sum]), TRAILER);
  const output = new Uint8Array(bytes.length + 1);
  assert.equal(inflateAt(spool, 0, bytes.length, output), stream.length + 4);
  assert.deepEqual(output.subarray(0, bytes.length), bytes);
});

Deno.test("inflateAt() refuses lying sizes, damage and an early end", () => {
  const bytes = sample(5000);
  const packed = new Uint8Array(zlib.deflateSync(bytes));
  const output = new Uint8Array(10_000);
  const at = (spool: Spool, size: number) => () => inflateAt(spool, 0, size, output);
  assert.throws(at(spoolOf(packed, TRAILER), 4999), /larger than its 4999 bytes/);
  assert.throws(at(spoolOf(packed, TRAILER), 5001), /of 5001 bytes holds 5000/);
  assert.throws(at(spoolOf(packed.subarray(0, 900)), 5000), /ends inside an object/);
  const damaged = packed.slice();
  damaged[packed.length - 2]! ^= 1;
  assert.throws(at(spoolOf(damaged, TRAILER), 5000), /cannot be inflated/);
  assert.throws(at(spoolOf(TRAILER), 5), /cannot be inflated/);
});

Deno.test("createHandleInflate() does what the documented way does", () => {
  const quick = createHandleInflate();
  assert.ok(quick !== null, "the runtime is the one that this was measured with");
  const bytes = sample(900);
  const packed = new Uint8Array(zlib.deflateSync(bytes));
  const inputs = [
    new Uint8Array([...packed, 1, 2, 3]),
    packed.subarray(0, 100),
    TRAILER,
    new Uint8Array([...packed.subarray(0, -1), packed.at(-1)! ^ 1, 5]),
  ];
  for (const input of inputs) {
    for (const room of [901, 2000, 100]) {
      const a = quick(input, new Uint8Array(room));
      const b = plainInflate(input, new Uint8Array(room));
      assert.equal(a.ended, b.ended);
      // Where there is no room the one stops before the damage that the other still reads.
      if (room > 900) assert.equal(a.failed, b.failed);
      if (a.ended) assert.deepEqual(a, b);
    }
  }
});

Deno.test("skipAt() passes over what is too large to be held, and counts the same", async () => {
  const bytes = sample(3_000_000);
  const packed = new Uint8Array(zlib.deflateSync(bytes));
  const spool = spoolOf(packed, new Uint8Array(500_000).fill(5));
  assert.equal(await skipAt(spool, 0, bytes.length), packed.length);
  await assert.rejects(skipAt(spool, 0, bytes.length - 1), /another size/);
  await assert.rejects(skipAt(spoolOf(packed.subarray(0, 1000)), 0, bytes.length), /another size/);
  await assert.rejects(skipAt(spoolOf(TRAILER), 0, 10), /cannot be inflated|another size/);
});
