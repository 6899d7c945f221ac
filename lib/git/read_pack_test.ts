import assert from "node:assert/strict";
import { systemClock } from "@/lib/clock.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import { createBreather } from "@/lib/git/breather.ts";
import { type PackLimits, readPack } from "@/lib/git/read_pack.ts";
import { createSpool } from "@/lib/git/spool.ts";
import { appendingDelta, blobOid, type PackedObject, testPack } from "@/lib/git/test_pack.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const LIMITS: PackLimits = { blobBytes: 1e6, inflatedBytes: 1e8, deltaDepth: 100 };

/** Notes the text of every blob. */
function reader() {
  const texts: string[] = [];
  const scan = (bytes: Uint8Array) => {
    texts.push(new TextDecoder().decode(bytes));
    const memo = { value: null, bytes: 0 };
    return { hits: [] as Found[], displaced: [], binary: false, capped: false, whole: true, memo };
  };
  const scanner: BlobScanner<Found> = { scan, scanChanged: scan, wholeOnly: () => false };
  return { texts, scanner };
}

async function read(bytes: Uint8Array, limits: Partial<PackLimits> = {}) {
  const { texts, scanner } = reader();
  const spool = createSpool({ memoryBytes: 1e9, dir: null });
  spool.write(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const breather = createBreather(systemClock, undefined);
  const count = view.getUint32(8);
  const pack = await readPack(spool, count, scanner, { ...LIMITS, ...limits }, breather);
  return { pack, texts };
}

const one = encode("one\n");
const two = encode("one\ntwo\n");
const three = encode("one\ntwo\nthree\n");
const delta = (base: Uint8Array, tail: string, more: Partial<PackedObject>): PackedObject => ({
  kind: more.baseOid === undefined ? 6 : 7,
  data: appendingDelta(base, tail),
  ...more,
});

Deno.test("readPack() rebuilds chains of deltas by offset", async () => {
  const { texts, pack } = await read(testPack([
    { kind: 3, data: one },
    delta(one, "two\n", { base: 0 }),
    delta(two, "three\n", { base: 1 }),
    delta(one, "other\n", { base: 0 }),
  ]));
  assert.deepEqual(texts, ["one\n", "one\ntwo\n", "one\ntwo\nthree\n", "one\nother\n"]);
  assert.equal(pack.blobs, 4);
  assert.deepEqual([...pack.objects.depths], [0, 1, 2, 1]);
});

Deno.test("readPack() finds bases by id, before and behind their deltas", async () => {
  const objects: PackedObject[] = [
    { kind: 3, data: encode("unrelated\n") },
    delta(two, "three\n", { baseOid: blobOid(two) }),
    delta(three, "four\n", { base: 1 }),
    delta(one, "two\n", { baseOid: blobOid(one) }),
    delta(one, "again\n", { baseOid: blobOid(one) }),
    { kind: 3, data: one },
    delta(three, "late\n", { baseOid: blobOid(three) }),
  ];
  const { texts, pack } = await read(testPack(objects));
  assert.equal(pack.blobs, 7);
  assert.deepEqual(texts.toSorted(), [
    "one\n",
    "one\nagain\n",
    "one\ntwo\n",
    "one\ntwo\nthree\n",
    "one\ntwo\nthree\nfour\n",
    "one\ntwo\nthree\nlate\n",
    "unrelated\n",
  ]);
});

Deno.test("readPack() finds a base by id that came before any id was asked for", async () => {
  const { texts } = await read(testPack([
    { kind: 3, data: one },
    delta(one, "two\n", { base: 0 }),
    delta(two, "three\n", { baseOid: blobOid(two) }),
  ]));
  assert.deepEqual(texts, ["one\n", "one\ntwo\n", "one\ntwo\nthree\n"]);
});

Deno.test("readPack() follows a chain that is longer than the stack", async () => {
  const objects: PackedObject[] = [];
  let text = encode("0\n");
  const texts = [text];
  for (let i = 1; i < 3000; i++) {
    text = encode(`${i}\n`);
    texts.push(text);
  }
  // Each is made of the one before by putting a whole new text in its place.
  for (let i = texts.length - 1; i > 0; i--) {
    const data = Uint8Array.from([
      texts[i - 1]!.length,
      texts[i]!.length,
      texts[i]!.length,
      ...texts[i]!,
    ]);
    objects.push({ kind: 7, data, baseOid: blobOid(texts[i - 1]!) });
  }
  objects.push({ kind: 3, data: texts[0]! });
  const found = await read(testPack(objects), { deltaDepth: 5000 });
  assert.equal(found.texts.length, 3000);
  assert.equal(found.pack.deepObjects, 0);
});

Deno.test("readPack() refuses packs that do not hold together", async () => {
  const table: [Uint8Array, RegExp][] = [
    [testPack([delta(one, "x", { baseOid: blobOid(one) })]), /1 bases of deltas are missing/],
    [testPack([{ kind: 3, data: one }], 2), /ends inside an object|declares 2 objects/],
    [
      testPack([{ kind: 3, data: one }, { kind: 3, data: two }], 1),
      /something follows its last object/,
    ],
    [testPack([{ kind: 3, data: one }], 4_000_000_000), /declares 4000000000 objects/],
    [testPack([{ kind: 3, data: one, size: 9 }]), /of 9 bytes holds 4/],
    [testPack([{ kind: 3, data: two, size: 3 }]), /larger than its 3 bytes/],
    [testPack([{ kind: 3, data: one }, delta(two, "x", { base: 0 })]), /another size/],
  ];
  for (const [bytes, message] of table) await assert.rejects(read(bytes), message);
});

Deno.test("readPack() leaves out what is large, and what is built on it", async () => {
  const large = new Uint8Array(16_000).fill(65);
  const objects: PackedObject[] = [
    { kind: 3, data: large },
    delta(large, "!", { base: 0 }),
    { kind: 3, data: one },
    delta(one, "two\n", { base: 2 }),
  ];
  const within = await read(testPack(objects), { blobBytes: 16_001 });
  assert.equal(within.pack.scan.largeBlobs, 0);
  const some = await read(testPack(objects), { blobBytes: 16_000 });
  assert.equal(some.pack.scan.largeBlobs, 1);
  // So large that it is not even written out for others.
  const none = await read(testPack(objects), { blobBytes: 100 });
  assert.deepEqual([none.pack.scan.largeBlobs, none.pack.blobs], [2, 4]);
  assert.deepEqual(none.texts, ["one\n", "one\ntwo\n"]);
});

Deno.test("readPack() counts what is built on a large delta whose base is not known yet", async () => {
  const tail = "x".repeat(120);
  const objects: PackedObject[] = [
    delta(one, tail, { baseOid: blobOid(one) }),
    delta(encode("one\n" + tail), "two\n", { base: 0 }),
    delta(encode("one\n" + tail + "two\n"), "three\n", { base: 1 }),
    { kind: 3, data: one },
  ];
  const { pack, texts } = await read(testPack(objects), { blobBytes: 10 });
  assert.deepEqual([pack.largeOthers, pack.read, texts], [3, 4, ["one\n"]]);
});

Deno.test("readPack() stops where more would be inflated than allowed", async () => {
  const objects = [one, two, three].map((data) => ({ kind: 3, data }));
  const all = one.length + two.length + three.length;
  assert.equal((await read(testPack(objects), { inflatedBytes: all })).pack.read, 3);
  assert.equal((await read(testPack(objects), { inflatedBytes: all - 1 })).pack.read, 2);
});

/** Revisions of one large file, each a little longer than the one before. */
function revisions(bytes: number, count: number): PackedObject[] {
  let text = new Uint8Array(bytes).fill(97);
  const objects: PackedObject[] = [{ kind: 3, data: text }];
  for (let i = 0; i < count; i++) {
    objects.push(delta(text, "more\n", { base: i }));
    text = new Uint8Array(text.length + 5);
  }
  return objects;
}

Deno.test("each revision of a large file is written out about once, whatever its size", async () => {
  for (const size of [100_000, 600_000, 5_000_000, 15_000_000]) {
    const count = size > 1e6 ? 12 : 40;
    const { pack } = await read(testPack(revisions(size, count)), {
      blobBytes: 2e7,
      inflatedBytes: 1e9,
    });
    assert.equal(pack.crossed, null);
    assert.ok(
      pack.objects.rebuiltBytes() < size * count * 1.2,
      `${size}: ${pack.objects.rebuiltBytes()}`,
    );
  }
});

Deno.test("a reading ends where deltas write out far more than was read", async () => {
  const { pack } = await read(testPack(revisions(100_000, 99)), { inflatedBytes: 200_000 });
  assert.equal(pack.crossed, "rebuilt");
  assert.ok(pack.read < 100);
});
