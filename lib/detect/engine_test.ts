import assert from "node:assert/strict";
import { createKeywordHits } from "@/lib/detect/automaton.ts";
import type { RawHit } from "@/lib/detect/compiled_rule.ts";
import { createEngine, keptKeywords, keywordsOf } from "@/lib/detect/engine.ts";
import type { Rule } from "@/lib/detect/rule.ts";

const rule: Rule = {
  id: "acme",
  name: "Acme",
  vendor: "Acme",
  keywords: ["acme_"],
  pattern: /acme_[a-z0-9]{8}/,
  severity: "high",
  confidence: "high",
  help: "A made-up token for tests.",
  version: 1,
  matches: () => [],
  ignores: () => [],
};
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("search() finds what stands at the keywords it is given, inside the span", () => {
  const engine = createEngine([rule]);
  const bytes = encode("acme_q8zt3lmw and acme_k2vb9xnd");
  const found: RawHit[] = [];
  engine.search(bytes, { start: 0, end: bytes.length }, keywordsOf(engine, bytes), found);
  assert.deepEqual(found.map(({ start }) => start), [0, 18]);
  const second: RawHit[] = [];
  engine.search(bytes, { start: 10, end: bytes.length }, keywordsOf(engine, bytes), second);
  assert.deepEqual(second.map(({ start }) => start), [18]);
});

Deno.test("searchChanged() leaves out what no change can have made", () => {
  const engine = createEngine([rule]);
  const bytes = encode(`acme_q8zt3lmw${"\n".repeat(5000)}acme_k2vb9xnd`);
  const found: RawHit[] = [];
  const at = bytes.length - 4;
  engine.searchChanged(bytes, [{ start: at, end: at + 1 }], keywordsOf(engine, bytes), found);
  assert.deepEqual(found.map(({ start }) => start), [5013]);
});

Deno.test("keptKeywords() is a list that the next text does not overwrite", () => {
  const engine = createEngine([rule]);
  const kept = keptKeywords(keywordsOf(engine, encode("acme_")));
  keywordsOf(engine, encode("nothing here acme_ acme_"));
  assert.deepEqual([...kept.pairs], [1, 5]);
  assert.equal(createKeywordHits().length, 0);
});
