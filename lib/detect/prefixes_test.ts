import assert from "node:assert/strict";
import { literalPrefixes } from "@/lib/detect/prefixes.ts";

const of = (pattern: RegExp) => literalPrefixes(pattern.source);

Deno.test("literalPrefixes() reads plain texts, groups and alternatives", () => {
  assert.deepEqual(of(/ghp_[A-Z]{36}/), ["ghp_"]);
  assert.deepEqual(of(/(?<!(?<!\\|%)[A-Z])((?:AKIA|ASIA)[A-Z2-7]{16})/), ["AKIA", "ASIA"]);
  assert.deepEqual(of(/\bsk_(?:live|test)_\w+/), ["sk_live_", "sk_test_"]);
  assert.deepEqual(of(/(?i:DataDog)[\w.]{0,40}?/), ["DataDog"]);
  assert.deepEqual(of(/xox[bp]-\d+/), ["xoxb-", "xoxp-"]);
  assert.deepEqual(of(/a\.b(?:c|d)?e/), ["a.b"]);
});

Deno.test("literalPrefixes() stops where the text becomes uncertain", () => {
  assert.deepEqual(of(/abc?d/), ["ab"]);
  assert.deepEqual(of(/ab{2,3}c/), ["ab"]);
  assert.equal(of(/[a-z]+key/), null);
  assert.equal(of(/key|[a-z]/), null);
  assert.equal(of(/(?:key)?x/), null);
});
