import assert from "node:assert/strict";
import { features, isWord, loadLanguage, randomness, wordShare } from "@/lib/detect/language.ts";

Deno.test("randomness() is high for what generators make and low for names", () => {
  for (
    const value of ["q8Zt3LmW0pRv7XsYb2Nc", "9f86d081884c7d659a2feaa0c55ad015", "XKQZTRVBNMWPLFGH"]
  ) {
    assert.ok(randomness(value) > 0.85, value);
  }
  for (
    const value of [
      "application/json",
      "kubernetes-service-account",
      "PASSWORD_TOO_SHORT",
      "org.springframework.boot",
      "getAccessTokenSilently",
    ]
  ) assert.ok(randomness(value) < 0.2, value);
});

Deno.test("wordShare() is the part of a value that dictionary words cover", () => {
  assert.equal(wordShare("password"), 1);
  assert.equal(wordShare("xkqz"), 0);
  assert.ok(wordShare("serverxkqz") > 0.5 && wordShare("serverxkqz") < 0.7);
  assert.equal(wordShare(""), 0);
});

Deno.test("isWord() ignores letter case", () => {
  assert.equal(isWord("Server"), true);
  assert.equal(isWord("Sxrvxr"), false);
});

Deno.test("features() has as many numbers as the model has weights, less the constant", () => {
  const language = loadLanguage({ words: "acme", trigrams: "0".repeat(27 ** 3), weights: [] });
  assert.equal(features("acme-1", language).length, 15);
  assert.equal(features("acme-1", language)[2], 4 / 6);
});
