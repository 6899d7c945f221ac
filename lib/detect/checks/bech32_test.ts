import assert from "node:assert/strict";
import { bech32Kind, toBech32 } from "./bech32.ts";

Deno.test("bech32Kind() agrees with the vectors of BIP 173 and BIP 350", () => {
  for (
    const text of [
      "A12UEL5L",
      "a12uel5l",
      "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
      "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ]
  ) assert.equal(bech32Kind(text), "bech32", text);
  for (const text of ["A1LQFN3A", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx"]) {
    assert.equal(bech32Kind(text), "bech32m", text);
  }
});

Deno.test("bech32Kind() refuses what the BIPs refuse", () => {
  for (
    const text of ["A12uEL5L", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8"]
  ) {
    assert.equal(bech32Kind(text), null, text);
  }
});

Deno.test("toBech32() makes what bech32Kind() accepts", () => {
  assert.equal(bech32Kind(toBech32("nsec", [0, 31, 7, 12])), "bech32");
});
