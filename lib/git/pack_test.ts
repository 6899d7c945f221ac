import assert from "node:assert/strict";
import { checkHeader, COMMIT, readEntryHeader, UNKNOWN } from "@/lib/git/pack.ts";
import { createSpool } from "@/lib/git/spool.ts";

function spoolOf(...bytes: number[]) {
  const spool = createSpool({ memoryBytes: 1e6, dir: null });
  spool.write(Uint8Array.from([...bytes, ...new Array(40).fill(0)]));
  return spool;
}

const PACK = [0x50, 0x41, 0x43, 0x4b];

Deno.test("checkHeader() reads the count and refuses what is no pack", () => {
  assert.equal(checkHeader(spoolOf(...PACK, 0, 0, 0, 2, 0, 1, 0, 2)), 65538);
  assert.throws(() => checkHeader(spoolOf(1, 2, 3)), /does not begin with PACK/);
  assert.throws(() => checkHeader(spoolOf(...PACK, 0, 0, 0, 9)), /unknown version 9/);
});

Deno.test("readEntryHeader() reads sizes of any length", () => {
  assert.deepEqual(readEntryHeader(spoolOf(0x15), 0, 0), {
    type: COMMIT,
    size: 5,
    dataOffset: 1,
    baseOffset: -1,
    baseOid: null,
  });
  assert.equal(readEntryHeader(spoolOf(0x9f, 0x7f), 0, 0).size, 15 + 127 * 16);
  assert.equal(readEntryHeader(spoolOf(0x9f, 0xff, 0x01), 0, 0).size, 15 + 127 * 16 + 2048);
});

Deno.test("readEntryHeader() reads where a delta's base is", () => {
  const filler = new Array(300).fill(0);
  const near = readEntryHeader(spoolOf(...filler, 0x65, 0x05), 300, 0);
  assert.deepEqual([near.type, near.baseOffset, near.dataOffset], [UNKNOWN, 295, 302]);
  const far = readEntryHeader(spoolOf(...filler, 0x65, 0x80, 0x01), 300, 0);
  assert.equal(far.baseOffset, 300 - 129);
  const byId = readEntryHeader(spoolOf(0x75, ...new Array(20).fill(7)), 0, 0);
  assert.deepEqual([byId.baseOid, byId.dataOffset], [new Uint8Array(20).fill(7), 21]);
});

Deno.test("readEntryHeader() refuses unknown types, impossible sizes and bases outside", () => {
  assert.throws(() => readEntryHeader(spoolOf(0x05), 0, 7), /object 7 has unknown type 0/);
  assert.throws(() => readEntryHeader(spoolOf(0x55), 0, 7), /object 7 has unknown type 5/);
  assert.throws(
    () => readEntryHeader(spoolOf(...new Array(12).fill(0xff)), 0, 1),
    /impossible size/,
  );
  assert.throws(() => readEntryHeader(spoolOf(0x65, 0x05), 0, 1), /outside of the pack/);
  assert.throws(() => readEntryHeader(spoolOf(0x65, 0x00), 0, 1), /outside of the pack/);
  assert.throws(
    () => readEntryHeader(spoolOf(0x65, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), 0, 1),
    /outside of the pack/,
  );
  assert.throws(() => readEntryHeader(spoolOf(), 40, 1), /ends inside an object/);
});
