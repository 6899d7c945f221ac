import assert from "node:assert/strict";
import { isAdoPat, toAdoPat } from "./ado_pat.ts";

Deno.test("isAdoPat() accepts what toAdoPat() makes, and nothing with one letter changed", () => {
  const token = toAdoPat(Uint8Array.from({ length: 28 }, (_, at) => at * 9 + 1));
  assert.equal(token.length, 52);
  assert.match(token, /^[a-z2-7]{52}$/);
  assert.ok(isAdoPat(token));
  for (const at of [0, 5, 12, 30, 50]) {
    const other = token[at] === "a" ? "b" : "a";
    assert.ok(!isAdoPat(token.slice(0, at) + other + token.slice(at + 1)), `at ${at}`);
  }
  assert.ok(!isAdoPat(token.slice(0, 40)));
});
