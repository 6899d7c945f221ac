import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { checkPassword, hashPassword, passwordProblem, TooBusyError } from "@/lib/password.ts";

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
  for (const stored of [null, "", "plain", "bcrypt$1$2$3$4$5"]) {
    assert.deepEqual(await checkPassword("x", stored), { right: false, outdated: false });
  }
});

Deno.test("checkPassword() takes as long without an account as with a wrong password", async () => {
  const stored = await hashPassword("correct horse battery");
  const timed = async (hash: string | null) => {
    const before = performance.now();
    await checkPassword("wrong horse battery", hash);
    return performance.now() - before;
  };
  let [known, unknown] = [Infinity, Infinity];
  // The least of many comes near what it really takes, on a busy machine too.
  for (let tries = 0; tries < 40; tries++) {
    known = Math.min(known, await timed(stored));
    unknown = Math.min(unknown, await timed(null));
    if (tries > 1 && unknown > known / 2 && known > unknown / 2) return;
  }
  assert.fail(`${known} ms and ${unknown} ms`);
});

Deno.test("passwordProblem() asks for length and for something of one's own, not for signs", () => {
  const context = ["ada@example.com", "Acme"];
  assert.match(passwordProblem("elevensigns", context)!, /at least 12/);
  assert.match(passwordProblem("x".repeat(257), context)!, /at most 256/);
  assert.match(passwordProblem("password1234", context)!, /first that people guess/);
  assert.match(passwordProblem("ada-acme-2026", context)!, /first that people guess/);
  assert.equal(passwordProblem("otter lighthouse", context), null);
});

Deno.test("checkPassword() refuses a crowd instead of taking all memory", async () => {
  const cheap = "scrypt$16$8$1$AAAA$AAAA";
  const answers = await Promise.allSettled(
    Array.from({ length: 100 }, () => checkPassword("x", cheap)),
  );
  const refused = answers.filter((one) => one.status === "rejected");
  assert.equal(refused.length, 100 - 2 - 64);
  assert.ok(refused.every(({ reason }) => reason instanceof TooBusyError));
  assert.equal((await checkPassword("x", cheap)).right, false);
});
