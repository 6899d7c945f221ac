import assert from "node:assert/strict";
import { isCommonPassword } from "@/lib/common_passwords.ts";

const CONTEXT = ["ada.lovelace@engines.example", "Acme Sluice"];

const COMMON = [
  "password1234",
  "P@ssw0rd1234!",
  "Passwort2026!",
  "123456789012",
  "111111111111",
  "abcabcabcabc",
  "qwertyuiop12",
  "1q2w3e4r5t6y",
  "1qaz2wsx3edc",
  "iloveyou1234",
  "Administrator1",
  "letmein-letmein",
  "Welcome2026!!",
  "Summer-2026-!!",
  "adalovelace2026",
  "Sluice-admin-1",
  "AcmeAcmeAcme1!",
  "lovelace-engines",
];
const FINE = [
  "a long enough one",
  "correct horse battery",
  "rainy lighthouse otter",
  "monkey-dragon-sunshine-cheese",
  "t7Kp2vXq9LmZ",
  "83105729461840",
  "пароль-которого-нет",
  "四つの言葉で作った合言葉です",
];

for (const password of COMMON) {
  Deno.test(`isCommonPassword() refuses ${password}`, () => {
    assert.ok(isCommonPassword(password, CONTEXT));
  });
}
for (const password of FINE) {
  Deno.test(`isCommonPassword() takes ${password}`, () => {
    assert.ok(!isCommonPassword(password, CONTEXT));
  });
}

Deno.test("isCommonPassword() ends soon on the longest password, whatever it is made of", () => {
  const before = performance.now();
  for (const piece of ["a", "ab", "password", "1q2w", "ü"]) {
    isCommonPassword(piece.repeat(256 / piece.length), CONTEXT);
  }
  assert.ok(performance.now() - before < 60_000);
});
