import assert from "node:assert/strict";
import { byChecksum, byObservedChecksum } from "./verdicts.ts";

Deno.test("byChecksum() keeps a wrong checksum, as the least grave and least sure there is", () => {
  assert.deepEqual(byChecksum(false), {
    keep: true,
    confidence: "low",
    severity: "low",
    reason: "checksum is wrong",
  });
  assert.equal(byChecksum(true).severity, undefined);
  assert.equal(byObservedChecksum(false).confidence, "medium");
});
