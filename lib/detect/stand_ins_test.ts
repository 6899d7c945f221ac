import assert from "node:assert/strict";
import { isPassphrase, isStandIn, spelledOut } from "@/lib/detect/stand_ins.ts";

Deno.test("isStandIn() knows values made of words that examples hold", () => {
  for (const value of ["changeme", "your-password", "MySecretPassword", "test token 1"]) {
    assert.equal(isStandIn(value), true, value);
  }
  for (const value of ["violet" + "417", "Copper" + "Walrus", ""]) {
    assert.equal(isStandIn(value), false, value);
  }
});

Deno.test("spelledOut() reads digits and signs as the letters that they look like", () => {
  assert.equal(spelledOut("p4ssw0rd"), "password");
  assert.equal(spelledOut("12345"), "");
});

Deno.test("isPassphrase() wants three words and more that name nothing of a program", () => {
  for (const value of ["violet-anchor-mango", "copper walrus lantern tundra"]) {
    assert.equal(isPassphrase(value), true, value);
  }
  for (
    const value of [
      "reset-password-form",
      "user-login-button",
      "violet-anchor",
      "violet-violet-violet",
      "org.apache.commons",
    ]
  ) assert.equal(isPassphrase(value), false, value);
});
