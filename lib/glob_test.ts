import assert from "node:assert/strict";
import { globTest } from "@/lib/glob.ts";

const CASES: [glob: string, fits: string[], not: string[]][] = [
  ["web", ["web", "WEB"], ["webs", "we", ""]],
  ["*", ["", "a", ".github"], []],
  ["a*", ["a", "abc"], ["ba"]],
  ["**a**", ["a", "xax"], ["xx", ""]],
  ["*-archive", ["x-archive", "-archive"], ["x-archives"]],
  ["a*b*c", ["abc", "axxbxxc", "abcbc"], ["acb", "ab"]],
  ["a?c", ["abc", "a.c"], ["ac", "abbc"]],
  ["v[0-9]", ["v0", "v9"], ["va", "v10", "v"]],
  ["v[!0-9x]", ["va", "V-"], ["v0", "vx", "v"]],
  ["[a-c_]x", ["ax", "_x"], ["dx", "-x"]],
  ["[ab-]x", ["ax", "-x"], ["cx"]],
  ["{pay,web}-api", ["pay-api", "WEB-api"], ["payweb-api", "-api"]],
  ["{a,b{c,d}}", ["a", "bc", "bd"], ["b", "ac"]],
  ["a.b", ["a.b"], ["axb"]],
  ["[a", ["[a"], ["a"]],
  ["{a", ["{a"], ["a"]],
  ["a]", ["a]"], ["a"]],
];

for (const [glob, fits, not] of CASES) {
  Deno.test(`globTest() takes ${glob} as globs do`, () => {
    const test = globTest([glob]);
    for (const name of fits) assert.equal(test(name), true, name);
    for (const name of not) assert.equal(test(name), false, name);
  });
}

const PATHS: [glob: string, fits: string[], not: string[]][] = [
  ["*.env", [".env", "a.env"], ["b/a.env", "A.ENV"]],
  ["tests/*", ["tests/a"], ["tests/a/b", "tests", "xtests/a"]],
  ["tests/**", ["tests", "tests/a", "tests/a/b.c"], ["tests2", "a/tests/b"]],
  ["**/tests/**", ["tests/a", "x/tests/a", "x/y/tests/a/b"], ["xtests/a"]],
  ["**/*.pem", ["a.pem", "x/y/a.pem"], ["a.pem/x"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab", "xa/b"]],
  ["a/**/**/b", ["a/b", "a/x/y/b"], ["a/xb"]],
  ["**", ["a", "a/b/c", ".x/y"], []],
  ["a?c", ["abc"], ["a/c"]],
  ["a[!x]c", ["abc"], ["a/c", "axc"]],
  ["src/{test,spec}/*.ts", ["src/spec/a.ts"], ["src/a.ts"]],
  ["a**b", ["ab", "axb"], ["a/b"]],
];

for (const [glob, fits, not] of PATHS) {
  Deno.test(`globTest() takes ${glob} as globs do in paths`, () => {
    const test = globTest([glob], { paths: true, cased: true });
    for (const name of fits) assert.equal(test(name), true, name);
    for (const name of not) assert.equal(test(name), false, name);
  });
}

Deno.test("globTest() of several fits any of them, of none nothing", () => {
  const test = globTest(["a*", "*z"]);
  assert.deepEqual(["ab", "yz", "by"].map(test), [true, true, false]);
  assert.equal(globTest([])("a"), false);
});

Deno.test("globTest() agrees with an expression on every short name and pattern", () => {
  const words = (letters: string, length: number): string[] =>
    length === 0
      ? [""]
      : words(letters, length - 1).flatMap((word) => [...letters].map((one) => word + one));
  const names = [0, 1, 2, 3, 4].flatMap((length) => words("ab", length));
  for (const pattern of [0, 1, 2, 3, 4, 5].flatMap((length) => words("ab*?", length))) {
    const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
    const test = globTest([pattern]);
    for (const name of names) assert.equal(test(name), expression.test(name), `${pattern} ${name}`);
  }
});

Deno.test("globTest() takes time by length alone: 100 stars, 50 folders, braces without end", () => {
  const before = performance.now();
  const stars = globTest([`${"*a".repeat(99)}*b`]);
  for (let i = 0; i < 20; i++) assert.equal(stars("a".repeat(1000)), false);
  const folders = globTest([`${"**/a/".repeat(50)}b`], { paths: true });
  for (let i = 0; i < 20; i++) assert.equal(folders("a/".repeat(500)), false);
  const braces = globTest(["{a,b}".repeat(40)]);
  assert.equal(braces("a".repeat(40)), true);
  assert.equal(braces("c".repeat(40)), false);
  assert.ok(performance.now() - before < 60_000);
});
