import assert from "node:assert/strict";
import { findTotpStep, totpCode, totpStep, totpUri } from "@/lib/totp.ts";

/** "12345678901234567890", the secret of RFC 6238's and RFC 4226's vectors, in base 32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const RFC_6238: [seconds: number, code: string][] = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
];

for (const [seconds, code] of RFC_6238) {
  Deno.test(`totpCode() gives RFC 6238's code at ${seconds} seconds`, () => {
    assert.equal(totpCode(SECRET, totpStep(seconds * 1000), 8), code);
  });
}

Deno.test("totpCode() gives the ten codes of RFC 4226, appendix D", () => {
  assert.deepEqual(
    Array.from({ length: 10 }, (_, step) => totpCode(SECRET, step)),
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" "),
  );
});

Deno.test("findTotpStep() takes the code of now, and of a step before and after", () => {
  const now = 1_000_000 * 30_000;
  for (const drift of [-1, 0, 1]) {
    const code = totpCode(SECRET, 1_000_000 + drift);
    assert.equal(findTotpStep(SECRET, code, now, 0), 1_000_000 + drift);
  }
  for (const drift of [-2, 2]) {
    const code = totpCode(SECRET, 1_000_000 + drift);
    assert.equal(findTotpStep(SECRET, code, now, 0), null);
  }
});

Deno.test("findTotpStep() takes no code of a step that was taken, and nothing that is no code", () => {
  const now = 1_000_000 * 30_000;
  const code = totpCode(SECRET, 1_000_000);
  assert.equal(findTotpStep(SECRET, code, now, 1_000_000), null);
  assert.equal(findTotpStep(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, now, 0), 1_000_000);
  for (const wrong of ["", code.slice(1), code + "0", "abcdef", "१२३४५६"]) {
    assert.equal(findTotpStep(SECRET, wrong, now, 0), null);
  }
});

Deno.test("totpUri() escapes the names it carries", () => {
  assert.equal(
    totpUri(SECRET, "a&b@example.com", "Acme: Sluice"),
    `otpauth://totp/Acme%3A%20Sluice:a%26b%40example.com?secret=${SECRET}&issuer=Acme%3A%20Sluice`,
  );
});
