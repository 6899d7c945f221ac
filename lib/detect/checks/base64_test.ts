import assert from "node:assert/strict";
import { fromBase64, jsonFromBase64, textFromBase64, toBase64, toBase64Url } from "./base64.ts";

Deno.test("textFromBase64() reads the vectors of RFC 4648 in both alphabets, padded or not", () => {
  assert.equal(textFromBase64("Zm9vYg=="), "foob");
  assert.equal(textFromBase64("Zm9vYg"), "foob");
  assert.equal(textFromBase64("Zm9vYmFy"), "foobar");
  assert.deepEqual(fromBase64("-_-_"), fromBase64("+/+/"));
});

Deno.test("fromBase64() gives null for what is no base64", () => {
  for (const text of ["Zm9vY", "Zm9v!A==", "Zm9v Yg=="]) assert.equal(fromBase64(text), null);
});

Deno.test("jsonFromBase64() gives an object, or null for anything else", () => {
  assert.deepEqual(jsonFromBase64(toBase64('{"a":1}')), { a: 1 });
  assert.equal(jsonFromBase64(toBase64("[1]")), null);
  assert.equal(jsonFromBase64(toBase64('{"a":')), null);
  assert.equal(jsonFromBase64("???"), null);
});

Deno.test("toBase64Url() has no padding and no plus or slash", () => {
  assert.equal(toBase64Url(Uint8Array.of(0xfb, 0xef, 0xff, 0xfe)), "--___g");
});
