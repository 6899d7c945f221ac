import assert from "node:assert/strict";
import { readSuppressions } from "@/lib/detect/suppression_file.ts";
import { createSuppression } from "@/lib/suppression.ts";

Deno.test("readSuppressions() reads paths, rules and fingerprints of .sluice.yml", () => {
  const { entries, problems } = readSuppressions({
    sluiceYml: `# what we know of
ignore:
  paths:
    - "tests/**"   # made for tests
    - docs/*.md
  rules: [putty-private-key, 'age-secret-key']
  fingerprints:
    - ff00
`,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(entries, {
    paths: ["tests/**", "docs/*.md"],
    rules: ["putty-private-key", "age-secret-key"],
    fingerprints: ["ff00"],
    places: [],
  });
});

Deno.test("readSuppressions() leaves commas in braces and quotes to the path", () => {
  const { entries, problems } = readSuppressions({
    sluiceYml:
      `ignore:\n  paths: ["src/{a,b}/**", docs/{c,d}/*,'e,f.txt', , g]\n  rules: one, two\n`,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(entries.paths, ["src/{a,b}/**", "docs/{c,d}/*", "e,f.txt", "g"]);
  assert.deepEqual(entries.rules, ["one", "two"]);
});

Deno.test("readSuppressions() takes a # in quotes as part of the path, and any other for a comment", () => {
  const { entries, problems } = readSuppressions({
    sluiceYml: `# comment
ignore: # comment
  paths:
    - "a # b/**" # comment, "quoted"
    - 'c # d'
    - e#f # comment
    -    "g # h"
    - it's # comment's
    - "open # comment
    - x-"y # comment"
  rules: ["i # j", 'k # l', m] # comment "n"
`,
  });
  assert.deepEqual(problems, []);
  const paths = ["a # b/**", "c # d", "e#f", "g # h", "it's", '"open', 'x-"y'];
  assert.deepEqual(entries.paths, paths);
  assert.deepEqual(entries.rules, ["i # j", "k # l", "m"]);
});

Deno.test("readSuppressions() follows nothing of a list in brackets that does not end", () => {
  const sluiceYml = `ignore:\n  paths: [\n    "a",\n  ]\n  rules: [${"r, ".repeat(700)}]\n`;
  const { entries, problems } = readSuppressions({ sluiceYml });
  assert.deepEqual([entries.paths, entries.rules], [[], []]);
  assert.deepEqual(problems, [
    ".sluice.yml, line 2: a list in brackets must end on its line",
    ".sluice.yml, line 3: not understood",
    ".sluice.yml, line 4: not understood",
    ".sluice.yml, line 5: a list in brackets must end on its line",
  ]);
});

Deno.test("readSuppressions() reads .gitleaksignore with and without a commit", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const { entries } = readSuppressions({
    gitleaksIgnore: `# known\nsrc/app.ts:jwt:7\n${commit}:old/key.pem:private-key:1\n`,
  });
  assert.deepEqual(entries.places, ["src/app.ts:7", `${commit}:old/key.pem:1`]);
});

Deno.test("readSuppressions() names the lines it cannot follow", () => {
  const { problems } = readSuppressions({
    sluiceYml: "allow:\n  paths: [a]\nignore:\n  - x\n  colours: [red]\n",
    gitleaksIgnore: "what is this\n",
  });
  assert.deepEqual(problems, [
    ".sluice.yml, line 1: unknown key allow",
    ".sluice.yml, line 2: unknown key paths",
    ".sluice.yml, line 4: an item of no list",
    ".sluice.yml, line 5: unknown key colours",
    ".gitleaksignore, line 1: not path:rule:line",
  ]);
});

Deno.test("readSuppressions() quotes no more than a word of what it does not understand", () => {
  const { problems } = readSuppressions({ sluiceYml: "Hunter2: x\nunknown: y\nsome text\n" });
  assert.deepEqual(problems, [
    ".sluice.yml, line 1: unknown key",
    ".sluice.yml, line 2: unknown key unknown",
    ".sluice.yml, line 3: not understood",
  ]);
});

Deno.test("readSuppressions() bounds what a hostile file may cost", () => {
  const hostile = `  - "${"*a".repeat(90)}*b"\n`.repeat(150) + `  - ${"x".repeat(201)}\n`;
  const { entries, problems } = readSuppressions({
    sluiceYml: `ignore:\n paths:\n${hostile}`,
    gitleaksIgnore: " ".repeat(60_000) + "\n" + "a:b:1\n".repeat(9_000),
  });
  assert.match(problems.join("; "), /more than 100 paths/);
  assert.equal(entries.paths.length, 100);
  const places = [{ path: "a".repeat(200), line: 1, commit: null, suppressedBy: null }];
  const finding = { ruleId: "r", fingerprint: "f", places };
  assert.equal(createSuppression(entries, []).reasonFor(finding), null);
  const long = readSuppressions({ sluiceYml: `ignore:\n paths: [${"x".repeat(201)}]` });
  assert.match(long.problems.join("; "), /more than 200 characters/);
  const many = readSuppressions({ sluiceYml: `ignore:\n rules:\n${"  - r\n".repeat(2_001)}` });
  assert.equal(many.entries.rules.length, 2_000);
  assert.match(many.problems.join("; "), /More than 2000 rules/);
});
