import assert from "node:assert/strict";
import { createEngine, keptKeywords, keywordsOf } from "@/lib/detect/engine.ts";
import { carryKeywords } from "@/lib/detect/keyword_carry.ts";
import type { Rule } from "@/lib/detect/rule.ts";

const rule: Rule = {
  id: "acme",
  name: "Acme",
  vendor: "Acme",
  keywords: ["acme_", "token", "longer-keyword"],
  pattern: /acme_\w+/,
  severity: "high",
  confidence: "high",
  help: "A made-up token for tests.",
  version: 1,
  matches: () => [],
  ignores: () => [],
};
const engine = createEngine([rule]);
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("carryKeywords() finds what looking anew finds, wherever texts are cut and joined", () => {
  const words = [
    "acme_",
    "token",
    "longer-keyword",
    "acmetoken",
    " ",
    "x".repeat(60),
    "lon",
    "ger-",
  ];
  let state = 5;
  const random = (below: number) => (state = state * 48271 % 2147483647) % below;
  let found = 0;
  for (let round = 0; round < 2000; round++) {
    const base = encode(Array.from({ length: 12 }, () => words[random(words.length)]).join(""));
    const parts: Uint8Array[] = [];
    const pieces: number[] = [];
    let at = 0;
    for (let i = random(6) + 1; i > 0; i--) {
      const source = random(3) === 0 ? -1 : random(base.length);
      const part = source < 0
        ? encode(words[random(words.length)]!)
        : base.slice(source, source + random(base.length - source) + 1);
      parts.push(part);
      pieces.push(at, at + part.length, source);
      at += part.length;
    }
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
    const earlier = keptKeywords(keywordsOf(engine, base));
    const carried = keptKeywords(carryKeywords(engine, bytes, {
      data: Int32Array.from(pieces),
      length: pieces.length,
    }, earlier));
    assert.deepEqual(carried, keptKeywords(keywordsOf(engine, bytes)), `round ${round}`);
    found += carried.length;
  }
  assert.ok(found > 2000);
});
