import assert from "node:assert/strict";
import { fromBase58, fromBase58Check, toBase58, toBase58Check } from "./base58.ts";

Deno.test("base58 agrees with the vectors of its internet draft", () => {
  const hello = new TextEncoder().encode("Hello World!");
  assert.equal(toBase58(hello), "2NEpo7TZRRrLZSi2U");
  assert.deepEqual(fromBase58("2NEpo7TZRRrLZSi2U"), hello);
  assert.equal(toBase58(Uint8Array.of(0, 0, 0x28, 0x7f, 0xb4, 0xcd)), "11233QC4");
  assert.equal(fromBase58("0OIl"), null);
});

Deno.test("fromBase58Check() reads the example key of the Bitcoin wiki", () => {
  const key = "5HueCGU8rMjxEXxiPuD5BDku4M" + "kFqeZyd4dZ1jvhTVqvbTLvyTJ";
  const payload = fromBase58Check(key);
  assert.equal(payload?.length, 33);
  assert.equal(payload?.[0], 0x80);
  assert.equal(payload?.[1], 0x0c);
  assert.equal(fromBase58Check(key.replace("Hu", "uH")), null);
  assert.equal(fromBase58Check("11"), null);
});

Deno.test("toBase58Check() makes what fromBase58Check() reads", () => {
  const payload = Uint8Array.from({ length: 34 }, (_, at) => at);
  assert.deepEqual(fromBase58Check(toBase58Check(payload)), payload);
});
