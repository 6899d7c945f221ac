import assert from "node:assert/strict";
import { mask } from "@/lib/detect/mask.ts";

Deno.test("mask() shows four and two of a long secret, fewer of a short one", () => {
  assert.equal(mask("abcdefghijklmnopqrst"), "abcd********st");
  assert.equal(mask("abcdefghijkl"), "ab********l");
  assert.equal(mask("abcdefgh"), "a********");
  assert.equal(mask("abcdefg"), "********");
  assert.equal(mask(""), "********");
});

Deno.test("mask() lets no control sign or line break through", () => {
  assert.equal(mask("\x1b[2J" + "x".repeat(20) + "\r\n"), "?[2J********??");
});
