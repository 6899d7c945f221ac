import assert from "node:assert/strict";
import { crc16, isNkey, toNkey } from "./nkey.ts";

Deno.test("crc16() gives the check value of CRC-16/XMODEM", () => {
  assert.equal(crc16(new TextEncoder().encode("123456789")), 0x31c3);
});

Deno.test("isNkey() knows the example seed of the NATS documentation, and no other of its kind", () => {
  const seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6U" + "SDXIEDNPPQYYYCU3VY";
  assert.ok(isNkey(seed));
  assert.ok(!isNkey(seed.replace("SSL", "SSK")));
  assert.ok(!isNkey("SU"));
  assert.ok(!isNkey("su" + "a".repeat(56)));
});

Deno.test("toNkey() makes what isNkey() accepts", () => {
  assert.ok(isNkey(toNkey(Uint8Array.from({ length: 34 }, (_, at) => at * 7))));
});
