import assert from "node:assert/strict";
import { byChecksum, byObservedChecksum, kept } from "./verdicts.ts";

Deno.test("a right checksum raises confidence and is told; a wrong one never drops a match", () => {
  for (const judge of [byChecksum, byObservedChecksum]) {
    assert.deepEqual(judge(true), { keep: true, confidence: "high", reason: "checksum is right" });
    assert.equal(judge(false).keep, true);
  }
  assert.equal(byChecksum(false).confidence, "low");
  assert.equal(byObservedChecksum(false).confidence, "medium");
});

Deno.test("kept() tells a fact and may weigh it", () => {
  assert.deepEqual(kept("test key", { severity: "low" }), {
    keep: true,
    reason: "test key",
    severity: "low",
  });
});
