import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { checkPassword, hashPassword } from "@/lib/password.ts";

Deno.test("a password fits its own hash alone, and hashes differ by salt", async () => {
  const stored = await hashPassword("correct horse battery");
  assert.match(stored, /^scrypt\$131072\$8\$1\$/);
  assert.deepEqual(await checkPassword("correct horse battery", stored), {
    right: true,
    outdated: false,
  });
  assert.equal((await checkPassword("correct horse batterY", stored)).right, false);
  assert.notEqual(await hashPassword("correct horse battery"), stored);
});

Deno.test("checkPassword() agrees with RFC 7914's vector, and asks for newer parameters", async () => {
  const hash = Buffer.from(
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2",
    "hex",
  );
  const salt = Buffer.from("SodiumChloride").toString("base64");
  const stored = `scrypt$16384$8$1$${salt}$${hash.toString("base64")}`;
  assert.deepEqual(await checkPassword("pleaseletmein", stored), { right: true, outdated: true });
});

Deno.test("checkPassword() takes composed and decomposed letters as the same", async () => {
  const stored = await hashPassword("caf\u00e9 au lait");
  assert.equal((await checkPassword("cafe\u0301 au lait", stored)).right, true);
});

Deno.test("checkPassword() refuses a stored text it does not know", async () => {
  for (const stored of ["", "plain", "bcrypt$1$2$3$4$5"]) {
    assert.deepEqual(await checkPassword("x", stored), { right: false, outdated: false });
  }
});
