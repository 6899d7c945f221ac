import assert from "node:assert/strict";
import { clean, secretsOf, secretsSent, withoutSecrets } from "@/lib/said.ts";

const USER = "x-token-auth";
/** With signs that are written in another way nearly everywhere. */
const PASSWORD = ["p@ss", 'w/rd+ve"ry', ":lo\\ng&é"].join(" ");

function codes(text: string, write: (code: number) => string): string {
  return Array.from(text, (sign) => write(sign.codePointAt(0)!)).join("");
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in an address": encodeURIComponent,
  "in an address, in small letters": (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  "in an address that leaves some signs": encodeURI,
  "in a form": (text) => new URLSearchParams({ text }).toString().slice(5),
  "in JSON": (text) => JSON.stringify(text).slice(1, -1),
  "in JSON of another writer": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "in JSON by numbers": (text) => codes(text, (code) => `\\u${code.toString(16).padStart(4, "0")}`),
  "in HTML": (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
  "in HTML by numbers": (text) => codes(text, (code) => `&#${code};`),
  "in base64": base64,
  "in base64 for addresses": (text) => base64(text).replaceAll("+", "-").replaceAll("/", "_"),
  "in base64 in an address": (text) => encodeURIComponent(base64(text)),
};

Deno.test("clean() cuts the password and the pair out in whatever form they are echoed", () => {
  const secrets = secretsOf(USER, PASSWORD);
  for (const [name, write] of Object.entries(WAYS)) {
    for (const secret of [PASSWORD, `${USER}:${PASSWORD}`]) {
      const said = clean(`no <${write(secret)}> here, nor <${write(secret)}>`, secrets);
      assert.match(said, /^no <[^<>]*…=*(%3D)*> here, nor <[^<>]*…=*(%3D)*>$/, name);
      assert.ok(!said.includes(write(PASSWORD)), name);
    }
  }
});

Deno.test("secretsSent() finds the same in a header, and a bearer's token", () => {
  const token = ["ATCTT3x", "Fake", "0123"].join("-");
  for (const header of [`Bearer ${token}`, `Basic ${base64(`${USER}:${token}`)}`]) {
    for (const echo of [header.split(" ")[1]!, token, encodeURIComponent(token), base64(token)]) {
      const said = withoutSecrets(`<${echo}>`, secretsSent(header));
      assert.match(said, /^<…=*>$/, echo);
    }
  }
  assert.deepEqual(secretsSent(null), []);
});

Deno.test("clean() cuts out whoever else stands in an address", () => {
  const other = ["proxy", "pass"].join("-");
  assert.equal(
    clean(`cannot reach http://ana:${other}@proxy.test:1/ nor https:\\/\\/${other}@h`, []),
    "cannot reach http://…@proxy.test:1/ nor https:\\/\\/…@h",
  );
  assert.equal(
    clean("see https://a.test/x@y or a@b.test", []),
    "see https://a.test/x@y or a@b.test",
  );
});

Deno.test("clean() cuts before it shortens, and takes nothing for a secret that is too short", () => {
  const secret = ["long", "secret"].join("-");
  assert.equal(clean("x".repeat(195) + secret, secretsOf("u", secret)), "x".repeat(195) + "…");
  assert.equal(clean("y".repeat(300), []), "y".repeat(200) + "…");
  assert.equal(clean(" a\u001b[31m\nb\u202e ", []), "a [31m b");
  assert.equal(clean("a cat", secretsOf("", "")), "a cat");
  assert.equal(clean("a cat", secretsOf("", "cat")), "a cat");
});
