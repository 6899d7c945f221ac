import assert from "node:assert/strict";
import { parseGlobs, type Selection, selectionTest } from "@/lib/selection.ts";

const SLUGS = ["payments-api", "payments-archive", "Web", ".github", "a.b_c-1"];

/** Which of `SLUGS` a selection takes; `picked` are chosen by hand. */
function taken(selection: Partial<Selection>, ...picked: string[]): string[] {
  const test = selectionTest({ mode: "custom", include: [], exclude: [], ...selection });
  return SLUGS.filter((slug) => test({ slug, picked: picked.includes(slug) }));
}

const CASES: [what: string, got: () => string[], expected: string[]][] = [
  ["all takes everything", () => taken({ mode: "all" }), SLUGS],
  [
    "all narrows by exclusions alone",
    () => taken({ mode: "all", include: ["Web"], exclude: ["pay*"] }),
    ["Web", ".github", "a.b_c-1"],
  ],
  ["all excludes what was picked, too", () => taken({ mode: "all", exclude: ["*"] }, "Web"), []],
  ["custom takes nothing by itself", () => taken({}), []],
  [
    "custom takes what a glob includes",
    () => taken({ include: ["payments-*"] }),
    ["payments-api", "payments-archive"],
  ],
  [
    "custom leaves out what a glob excludes",
    () => taken({ include: ["payments-*"], exclude: ["*-archive"] }),
    ["payments-api"],
  ],
  [
    "custom keeps what was picked by hand, excluded or not",
    () => taken({ exclude: ["*"] }, "payments-archive", "Web"),
    ["payments-archive", "Web"],
  ],
  ["case does not matter", () => taken({ include: ["WEB", "PAYMENTS-a?i"] }), [
    "payments-api",
    "Web",
  ]],
  ["a leading dot is a character like any", () => taken({ include: ["*github"] }), [".github"]],
  ["dots and ranges are taken as globs do", () => taken({ include: ["a.b_c-[0-9]"] }), ["a.b_c-1"]],
  ["braces are alternatives", () => taken({ include: ["{web,.github}"] }), ["Web", ".github"]],
];

for (const [what, got, expected] of CASES) {
  Deno.test(`selectionTest(): ${what}`, () => assert.deepEqual(got(), expected));
}

Deno.test("parseGlobs() splits by commas, spaces and lines, and tells exclusions apart", () => {
  assert.deepEqual(parseGlobs("payments-*, web\n !*-archive\t\r\n,, !old"), {
    include: ["payments-*", "web"],
    exclude: ["*-archive", "old"],
    problem: null,
  });
  assert.deepEqual(parseGlobs("  \n, "), { include: [], exclude: [], problem: null });
});

const REFUSED: [text: string, problem: RegExp][] = [
  ["web !", /^A lone “!” excludes nothing\.$/],
  ["a/b", /^“a\/b” holds a character that no repository ID has/],
  ["(a|b)", /holds a character/],
  ["ünïcode", /holds a character/],
  ["!!twice", /^“!!twice” excludes twice\. Write one “!”\.$/],
  ["x".repeat(201), /^A pattern has at most 200 characters\.$/],
];

for (const [text, problem] of REFUSED) {
  Deno.test(`parseGlobs() refuses ${text.slice(0, 20)}`, () => {
    assert.match(parseGlobs(text).problem ?? "(taken)", problem);
  });
}

Deno.test("selectionTest() is quick with a pattern that an expression would choke on", () => {
  const test = selectionTest({ mode: "custom", include: [`${"*a".repeat(50)}*b`], exclude: [] });
  const before = performance.now();
  for (let i = 0; i < 1000; i++) assert.equal(test({ slug: "a".repeat(62), picked: false }), false);
  assert.ok(performance.now() - before < 60_000);
});
