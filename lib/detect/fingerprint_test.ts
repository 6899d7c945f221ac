import assert from "node:assert/strict";
import { fingerprint, hiddenNameHash } from "@/lib/detect/fingerprint.ts";

Deno.test("fingerprint() is HMAC-SHA256 as RFC 4231 gives it (test case 2)", () => {
  assert.equal(
    fingerprint(new TextEncoder().encode("Jefe"), "what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

Deno.test("fingerprint() depends on the key", () => {
  const secret = "the same";
  assert.notEqual(
    fingerprint(new Uint8Array(32), secret),
    fingerprint(new Uint8Array(32).fill(1), secret),
  );
});

Deno.test("hiddenNameHash() depends on the key, and is no fingerprint of the same text", () => {
  const key = new Uint8Array(32);
  assert.notEqual(hiddenNameHash(key, "n"), hiddenNameHash(new Uint8Array(32).fill(1), "n"));
  assert.notEqual(hiddenNameHash(key, "n"), fingerprint(key, "n"));
});
