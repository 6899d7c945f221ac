import assert from "node:assert/strict";
import { isMonotonous, placeholderReason } from "@/lib/detect/placeholder.ts";

Deno.test("placeholderReason() knows the usual stand-ins", () => {
  for (
    const value of [
      "AKIAIOSFODNN7" + "EXAMPLE",
      "ghp_" + "x".repeat(36),
      "YOUR_API_KEY",
      "<your-token>",
      "${DATABASE_PASSWORD}",
      "{{ vault.secret }}",
      "sk-1234567890" + "abcdefghijklmnop",
      "000000000000000000000000",
    ]
  ) assert.notEqual(placeholderReason(value), null, value);
});

Deno.test("placeholderReason() lets random values pass", () => {
  for (const value of ["q8Zt3LmW0pRv7XsYb2Nc", "9f86d081884c7d659a2feaa0c55ad015", "k3#Gd!vT9q"]) {
    assert.equal(placeholderReason(value), null, value);
  }
});

Deno.test("isMonotonous() leaves short values alone", () => {
  assert.equal(isMonotonous("aaaaaaa"), false);
  assert.equal(isMonotonous("aaaaaaaa"), true);
});
