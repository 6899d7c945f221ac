import assert from "node:assert/strict";
import { ELLIPSIS, isHidden, shorten, shortenApart } from "@/lib/hidden_name.ts";

Deno.test("shorten() leaves what is short, and shows where it cut", () => {
  assert.equal(shorten("Ada Example", 11), "Ada Example");
  assert.equal(shorten("Ada Example", 4), `Ada${ELLIPSIS}`);
  assert.ok(shorten("a😀b", 3).isWellFormed());
});

Deno.test("shortenApart() keeps names apart whose ends alone differ", () => {
  const long = "refs/heads/" + "b".repeat(900);
  const [one, other] = [shortenApart(`${long}1`, 500), shortenApart(`${long}2`, 500)];
  assert.notEqual(one, other);
  assert.equal(one.length, 500);
  assert.equal(one, shortenApart(`${long}1`, 500));
  assert.ok(isHidden(one));
  assert.equal(shortenApart("refs/heads/main", 500), "refs/heads/main");
});

Deno.test("isHidden() knows an ordinary path, also one with an ellipsis or a tilde", () => {
  for (const path of ["src/app.ts", "a…b", "a~0123456789ab", "PROGRA~1", "********.txt"]) {
    assert.ok(!isHidden(path), path);
  }
  assert.ok(isHidden("keys/ab********c~0123456789ab.txt"));
});
