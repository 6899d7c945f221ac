import assert from "node:assert/strict";
import { fromBase32, toBase32 } from "./base32.ts";

Deno.test("base32 agrees with the vectors of RFC 4648", () => {
  const vectors = { f: "MY", fo: "MZXQ", foo: "MZXW6", foob: "MZXW6YQ", foobar: "MZXW6YTBOI" };
  for (const [plain, text] of Object.entries(vectors)) {
    assert.equal(toBase32(new TextEncoder().encode(plain)), text);
    assert.equal(new TextDecoder().decode(fromBase32(text)!), plain);
  }
});

Deno.test("fromBase32() gives null for a foreign character", () => {
  for (const text of ["MZ1Q", "mzxq", "MZ=="]) assert.equal(fromBase32(text), null);
});
