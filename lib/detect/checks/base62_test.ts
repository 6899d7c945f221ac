import assert from "node:assert/strict";
import { base62, endsInBase62Crc32, withBase62Crc32 } from "./base62.ts";

Deno.test("base62() counts in digits, upper case, lower case, and pads with zeros", () => {
  assert.equal(base62(0, 3), "000");
  assert.equal(base62(61, 2), "0z");
  assert.equal(base62(62, 2), "10");
  assert.equal(base62(0xffffffff, 6), "4gfFC3");
});

Deno.test("endsInBase62Crc32() knows a revoked token that GitHub's users published", () => {
  // Split, so that nothing takes it for a live one.
  const body = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17";
  assert.ok(endsInBase62Crc32(body));
  assert.ok(!endsInBase62Crc32(body.replace("z", "y")));
  assert.ok(!endsInBase62Crc32("0mLq17"));
});

Deno.test("withBase62Crc32() makes what endsInBase62Crc32() accepts", () => {
  for (const body of ["a", "b".repeat(30), "0".repeat(50)]) {
    assert.ok(endsInBase62Crc32(withBase62Crc32(body)));
  }
});
