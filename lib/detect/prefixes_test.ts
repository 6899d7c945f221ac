import assert from "node:assert/strict";
import { capturesInSight, isBounded, literalPrefixes } from "@/lib/detect/prefixes.ts";

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

Deno.test("isBounded() sees quantifiers without an end, and signs that are none", () => {
  assert.equal(isBounded(/a{1,3}[+*]\+b?/.source), true);
  assert.equal(isBounded(/a+/.source), false);
  assert.equal(isBounded(/a{2,}/.source), false);
});

Deno.test("capturesInSight() tells groups in look-arounds from others", () => {
  for (const source of ["(?=(a))", "(?<!x(?:y(z)))", "a(?!(?<name>b))", "(?<=[(](a))"]) {
    assert.ok(capturesInSight(source), source);
  }
  for (const source of ["(a)(?=b)", "(?<!(?<!\\\\|%)[A-Z])(a)", "(?=[(]a)(b)", "(?=\\(a)(b)"]) {
    assert.ok(!capturesInSight(source), source);
  }
});
