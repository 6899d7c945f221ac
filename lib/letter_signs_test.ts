import assert from "node:assert/strict";
import { lettersOf } from "@/lib/letter_signs.ts";

Deno.test("lettersOf() puts a letter in the place of each sign that looks like one", () => {
  assert.equal(lettersOf("P@$$w0rd, 1337!"), "Password, ieeti");
  assert.equal(lettersOf("0134578269@$!"), "oieast8269asi");
  assert.equal(lettersOf("größe 🙂 x"), "größe 🙂 x");
});
