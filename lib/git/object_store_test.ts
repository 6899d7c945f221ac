import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createPieces } from "@/lib/git/delta.ts";
import { createObjectStore } from "@/lib/git/object_store.ts";
import { BLOB, readEntryHeader } from "@/lib/git/pack.ts";
import { createSpool } from "@/lib/git/spool.ts";
import { appendingDelta, type PackedObject, testPack } from "@/lib/git/test_pack.ts";

/** A chain of blobs, noted in a store with so little memory that most must be rebuilt. */
function setup(length: number, arenaBytes: number) {
  let text = new Uint8Array(2000).map((_, i) => i * i);
  const texts = [text];
  const objects: PackedObject[] = [{ kind: 3, data: text }];
  for (let i = 1; i < length; i++) {
    objects.push({ kind: 6, base: i - 1, data: appendingDelta(text, `line ${i}\n`) });
    text = Uint8Array.from([...text, ...new TextEncoder().encode(`line ${i}\n`)]);
    texts.push(text);
  }
  const spool = createSpool({ memoryBytes: 1e9, dir: null });
  const bytes = testPack(objects);
  spool.write(bytes);
  const store = createObjectStore(spool, length, arenaBytes);
  let offset = 12;
  for (let i = 0; i < length; i++) {
    const entry = readEntryHeader(spool, offset, i);
    store.offsets[i] = offset;
    store.dataOffsets[i] = entry.dataOffset;
    store.storedSizes[i] = entry.size;
    store.types[i] = BLOB;
    if (entry.baseOffset >= 0) store.bases[i] = store.at(entry.baseOffset, i);
    offset = entry.dataOffset +
      (i === 0 ? store.read(0).consumed : packedSize(objects[i]!, bytes, entry.dataOffset));
  }
  return { store, texts };
}

function packedSize(object: PackedObject, bytes: Uint8Array, from: number): number {
  const single = testPack([{ kind: 3, data: object.data }]);
  const size = single.length - 12 - 20 -
    (object.data.length < 16 ? 1 : object.data.length < 2048 ? 2 : 3);
  assert.equal(bytes[from], 0x78);
  return size;
}

Deno.test("bytes() gives each object, in any order, however little memory there is", () => {
  for (const arenaBytes of [1 << 20, 30_000, 8]) {
    const { store, texts } = setup(40, arenaBytes);
    for (const index of [39, 0, 20, 39, 1, 38, 19, 0]) {
      assert.deepEqual(store.bytes(index).slice(), texts[index], `object ${index}`);
    }
  }
});

Deno.test("build() counts what is written out, and its result is at hand", () => {
  const { store, texts } = setup(3, 1 << 20);
  const delta = appendingDelta(texts[1]!, "line 2\n");
  const result = store.build(2, store.bytes(1), delta, createPieces());
  assert.deepEqual(result.slice(), texts[2]);
  assert.equal(store.rebuiltBytes(), texts[1]!.length + texts[2]!.length);
  store.bytes(2);
  assert.equal(store.rebuiltBytes(), texts[1]!.length + texts[2]!.length);
});

Deno.test("unfold() tells how an object is made of its base, where it has to be made", () => {
  const { store, texts } = setup(3, 1 << 20);
  const pieces = createPieces();
  const lengths = texts.map((text) => text.length);
  assert.deepEqual(store.unfold(2, pieces).slice(), texts[2]);
  assert.deepEqual(
    [...pieces.data.subarray(0, pieces.length)],
    [0, lengths[1], 0, lengths[1], lengths[2], -1],
  );
  for (const index of [2, 1, 0]) {
    assert.deepEqual(store.unfold(index, pieces).slice(), texts[index], `object ${index}`);
    assert.equal(pieces.length, 0);
  }
});

Deno.test("at() finds where an object begins, and nothing between two", () => {
  const { store } = setup(10, 1 << 20);
  assert.equal(store.at(store.offsets[7]!, 10), 7);
  assert.equal(store.at(store.offsets[7]!, 7), -1);
  assert.equal(store.at(store.offsets[7]! + 1, 10), -1);
});

Deno.test("hash() gives the id that git gives", () => {
  const { store } = setup(1, 1 << 20);
  const bytes = new TextEncoder().encode("hello\n");
  const oid = createHash("sha1").update("blob 6\0hello\n").digest();
  assert.deepEqual(Uint8Array.from(store.hash(0, bytes)), Uint8Array.from(oid));
  assert.equal(oid.toString("hex"), "ce013625030ba8dba906f756967f9e9ca394464a");
});
