import assert from "node:assert/strict";
import { crc32, crc32Bytes, crc32Hex } from "./crc32.ts";

Deno.test("crc32() gives the check value of the catalogue of CRC algorithms", () => {
  assert.equal(crc32("123456789"), 0xcbf43926);
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(""), 0);
});

Deno.test("crc32Hex() pads to eight digits, crc32Bytes() puts the low byte first", () => {
  assert.equal(crc32Hex("123456789"), "cbf43926");
  assert.equal(crc32Hex(""), "00000000");
  assert.deepEqual([...crc32Bytes("123456789")], [0x26, 0x39, 0xf4, 0xcb]);
});
