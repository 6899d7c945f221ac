import assert from "node:assert/strict";
import { newBase32, newId, newToken } from "@/lib/id.ts";

Deno.test("newId() gives 20 characters that sort by age", () => {
  const ids = [0, 1, 31, 32, 1_000, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)].map(newId);
  for (const id of ids) assert.match(id, /^[0-9a-hjkmnp-tv-z]{20}$/);
  assert.deepEqual(ids.toSorted(), ids);
});

Deno.test("newId() repeats none of ten thousand of one millisecond", () => {
  assert.equal(new Set(Array.from({ length: 10_000 }, () => newId(5))).size, 10_000);
});

Deno.test("newToken() gives base64url of the bytes asked for", () => {
  assert.match(newToken(), /^[A-Za-z0-9_-]{43}$/);
  assert.match(newToken(16), /^[A-Za-z0-9_-]{22}$/);
  assert.notEqual(newToken(), newToken());
});

Deno.test("newBase32() gives as many signs of RFC 4648 as asked for", () => {
  assert.match(newBase32(32), /^[A-Z2-7]{32}$/);
  assert.equal(new Set(newBase32(4096)).size, 32);
});
