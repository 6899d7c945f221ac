import assert from "node:assert/strict";
import { COMMON_PASSWORD_HASHES } from "@/lib/common_password_hashes.ts";
import { isCommonPassword } from "@/lib/common_passwords.ts";
import { listPasswords, moduleOf } from "@/tools/vendor_passwords.ts";

Deno.test("the hashes are those of the pinned package's list", async () => {
  const passwords = await listPasswords();
  assert.ok(moduleOf(passwords).includes(`"${COMMON_PASSWORD_HASHES}"`));
});

Deno.test("every leaked password that is long enough is refused, and there are more than 3,000", async () => {
  const passwords = await listPasswords();
  assert.ok(passwords.length > 10_000, `${passwords.length}`);
  assert.deepEqual(passwords.filter((one) => !isCommonPassword(one)), []);
  // In other letters' sizes too.
  assert.ok(passwords.slice(0, 500).every((one) => isCommonPassword(one.toUpperCase())));
});
