import assert from "node:assert/strict";
import { marvin32, marvinState } from "./marvin.ts";

Deno.test("marvin32() agrees with the vectors of the .NET runtime", () => {
  const vectors: [bigint, string, bigint][] = [
    [0x4fb61a001bdbccn, "", 0x30ed35c100cd3c7dn],
    [0x4fb61a001bdbccn, "af", 0x48e73fc77d75ddc1n],
    [0x4fb61a001bdbccn, "e70f", 0xb5f6e1fc485dbff8n],
    [0x4fb61a001bdbccn, "37f495", 0xf0b07c789b8cf7e8n],
    [0x4fb61a001bdbccn, "8642dc59", 0x7008f2e87e9cf556n],
    [0x4fb61a001bdbccn, "153fb79826", 0xe6c08c6da2afa997n],
    [0x4fb61a001bdbccn, "0932e6246c47", 0x6f04bf1a5ea24060n],
    [0x804fb61a001bdbccn, "ab427ea8d10fc7", 0xe203987dba252fb3n],
  ];
  for (const [seed, hex, state] of vectors) {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    const [low, high] = marvinState(bytes, seed);
    assert.equal((BigInt(high) << 32n) | BigInt(low), state, hex);
    assert.equal(BigInt(marvin32(bytes, seed)), (state >> 32n) ^ (state & 0xffffffffn));
  }
});
