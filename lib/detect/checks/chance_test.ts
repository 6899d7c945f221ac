import assert from "node:assert/strict";
import { hasLettersAndDigits, looksMadeByChance } from "./chance.ts";

Deno.test("looksMadeByChance() refuses what people write in place of a secret", () => {
  for (
    const value of [
      "xxxxxxxxxxxxxxxxxxxxxxxx",
      "XXXXXXXX-XXXX-XXXX",
      "000000000000000000000000",
      "0123456789abcdef01234567",
      "abcdefghijklmnopqrstuvwx",
      "abc123abc123abc123abc123",
      "your_api_key_goes_here_1",
      "thisIsAnExampleKey123456",
      "change-me-please-9f8e7d6c",
      "9876543210fedcba",
    ]
  ) assert.ok(!looksMadeByChance(value), value);
});

Deno.test("looksMadeByChance() accepts nearly all random values", () => {
  const alphabets = [
    "0123456789abcdef",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  ];
  let state = 12345;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  let refused = 0;
  for (let round = 0; round < 4000; round++) {
    const letters = alphabets[round % 2]!;
    const value = Array.from({ length: 20 + next(44) }, () => letters[next(letters.length)]).join(
      "",
    );
    if (!looksMadeByChance(value)) refused++;
  }
  assert.ok(refused < 8, `${refused} of 4000 refused`);
});

Deno.test("hasLettersAndDigits() wants both", () => {
  assert.ok(hasLettersAndDigits("a1"));
  assert.ok(!hasLettersAndDigits("ab") && !hasLettersAndDigits("12"));
});
