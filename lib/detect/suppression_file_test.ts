import assert from "node:assert/strict";
import { readSuppressions } from "@/lib/detect/suppression_file.ts";

const finding = { ruleId: "json-web-token", fingerprint: "ab12", path: "src/app.ts", line: 7 };

Deno.test("readSuppressions() follows paths, rules and fingerprints of .sluice.yml", () => {
  const { reasonFor, problems } = readSuppressions({
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
  assert.equal(reasonFor(finding), null);
  assert.equal(reasonFor({ ...finding, path: "tests/a/b.ts" }), ".sluice.yml: path tests/**");
  assert.equal(
    reasonFor({ ...finding, ruleId: "age-secret-key" }),
    ".sluice.yml: rule age-secret-key",
  );
  assert.equal(reasonFor({ ...finding, fingerprint: "ff00" }), ".sluice.yml: fingerprint");
});

Deno.test("readSuppressions() follows .gitleaksignore with and without a commit", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const { reasonFor } = readSuppressions({
    gitleaksIgnore: `# known\nsrc/app.ts:jwt:7\n${commit}:old/key.pem:private-key:1\n`,
  });
  assert.equal(reasonFor(finding), ".gitleaksignore");
  assert.equal(reasonFor({ ...finding, line: 8 }), null);
  const key = { ...finding, path: "old/key.pem", line: 1 };
  assert.equal(reasonFor({ ...key, commit }), ".gitleaksignore");
  assert.equal(reasonFor(key), null);
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

Deno.test("readSuppressions() bounds what a hostile file may cost", () => {
  const hostile = `  - "${"*a".repeat(90)}*b"\n`.repeat(150) + `  - ${"x".repeat(201)}\n`;
  const { reasonFor, problems } = readSuppressions({ sluiceYml: `ignore:\n paths:\n${hostile}` });
  assert.match(problems.join("; "), /more than 100 paths/);
  const before = performance.now();
  const finding = { ruleId: "r", fingerprint: "f", path: "a".repeat(200), line: 1 };
  assert.equal(reasonFor(finding), null);
  assert.ok(performance.now() - before < 5000);
  const long = readSuppressions({ sluiceYml: `ignore:\n paths: [${"x".repeat(201)}]` });
  assert.match(long.problems.join("; "), /more than 200 characters/);
});
