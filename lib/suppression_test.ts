import assert from "node:assert/strict";
import {
  createSuppression,
  rulesFor,
  type SuppressiblePlace,
  type SuppressionRule,
} from "@/lib/suppression.ts";

const entries = { paths: [], rules: [], fingerprints: [], places: [] };
const at = (
  path: string,
  more: { line?: number; commit?: string; suppressedBy?: string } = {},
) => ({
  path,
  line: more.line ?? 7,
  commit: more.commit ?? null,
  suppressedBy: more.suppressedBy ?? null,
});
const rule: SuppressionRule = {
  path: null,
  ruleId: null,
  fingerprint: null,
  repositories: null,
  reason: "made for tests",
};
const fingerprint = "0123456789abcdef".repeat(4);

function finding(...places: SuppressiblePlace[]) {
  return { ruleId: "json-web-token", fingerprint, places };
}

Deno.test("createSuppression() follows what the files name", () => {
  const { reasonFor } = createSuppression({
    paths: ["tests/**"],
    rules: ["age-secret-key"],
    fingerprints: ["ff00" + "0".repeat(12)],
    places: [],
  }, []);
  const plain = finding(at("src/app.ts"));
  assert.equal(reasonFor(plain), null);
  assert.equal(reasonFor(finding(at("tests/a/b.ts"))), ".sluice.yml: path tests/**");
  assert.equal(
    reasonFor({ ...plain, ruleId: "age-secret-key" }),
    ".sluice.yml: rule age-secret-key",
  );
  assert.equal(
    reasonFor({ ...plain, fingerprint: "ff00" + "0".repeat(60) }),
    ".sluice.yml: fingerprint",
  );
});

Deno.test("createSuppression() takes the beginning of a fingerprint, if it is long enough", () => {
  const by = (one: string) =>
    createSuppression({ ...entries, fingerprints: [one] }, []).reasonFor(finding(at("a")));
  assert.equal(by(fingerprint.slice(0, 16)), ".sluice.yml: fingerprint");
  assert.equal(by(fingerprint), ".sluice.yml: fingerprint");
  assert.equal(by(fingerprint.slice(0, 15)), null);
  assert.equal(by(fingerprint.slice(0, 20) + "f"), null);
});

Deno.test("createSuppression() takes a listed line for all versions of the file, and for no other", () => {
  const commit = "c".repeat(40);
  const listed = createSuppression({
    ...entries,
    places: ["src/app.ts:7", `${commit}:key.pem:1`],
  }, []);
  assert.equal(listed.reasonFor(finding(at("src/app.ts"))), ".gitleaksignore");
  assert.equal(
    listed.reasonFor(finding(at("src/app.ts"), at("src/app.ts", { line: 9 }))),
    ".gitleaksignore",
  );
  assert.equal(listed.reasonFor(finding(at("src/app.ts", { line: 8 }))), null);
  assert.equal(listed.reasonFor(finding(at("src/app.ts"), at("b.ts"))), null);
  assert.equal(listed.reasonFor(finding(at("key.pem", { line: 1 }))), null);
  assert.equal(listed.reasonFor(finding(at("key.pem", { line: 1, commit }))), ".gitleaksignore");
});

Deno.test("a finding is suppressed only if each of its places is, by whatever it may be", () => {
  const { reasonFor, reasonsFor } = createSuppression({ ...entries, paths: ["a/**"] }, [
    { ...rule, path: "b/**" },
  ]);
  const inline = at("c", { suppressedBy: "inline comment nosemgrep" });
  assert.equal(reasonFor(finding(at("a/x"), at("b/x"), inline)), ".sluice.yml: path a/**");
  assert.equal(reasonFor(finding(at("a/x"), at("c"))), null);
  assert.deepEqual(reasonsFor(finding(at("a/x"), at("c"), inline)), [
    ".sluice.yml: path a/**",
    null,
    "inline comment nosemgrep",
  ]);
});

Deno.test("a comment in the newest version of a file speaks for its older ones, and for no other", () => {
  const { reasonFor } = createSuppression(null, []);
  const comment = "inline comment nosemgrep";
  const marked = { ...at("a", { suppressedBy: comment }), atTip: true };
  assert.equal(reasonFor(finding(at("a"), marked)), comment);
  assert.equal(reasonFor(finding(at("b"), marked)), null);
  assert.equal(reasonFor(finding(at("a"), { ...marked, atTip: false })), null);
  assert.equal(reasonFor(finding({ ...at("a"), atTip: true }, marked)), null);
});

Deno.test("every criterion of a rule must fit", () => {
  const by = (given: Partial<SuppressionRule>) =>
    createSuppression(null, [{ ...rule, ...given }]).reasonFor(finding(at("src/app.ts")));
  const reason = "suppression rule: made for tests";
  assert.equal(by({ path: "src/*" }), reason);
  assert.equal(by({ path: "src/*", ruleId: "json-web-token" }), reason);
  assert.equal(by({ path: "src/*", ruleId: "other" }), null);
  assert.equal(by({ fingerprint: fingerprint.slice(0, 16) }), reason);
  assert.equal(by({ fingerprint: "f".repeat(16), path: "src/*" }), null);
});

Deno.test("rulesFor() keeps the rules that speak of a repository", () => {
  const rules = [rule, { ...rule, repositories: "acme/pay*" }, { ...rule, repositories: "b/*" }];
  assert.deepEqual(rulesFor(rules, "acme/payments"), rules.slice(0, 2));
});

Deno.test("globs that take endless work suppress nothing once theirs is used up", () => {
  // 64 patterns each, which all stay possible to the last character.
  const hostile = `${"{*?,?*}".repeat(6)}${"?".repeat(150)}`;
  const long = at("a".repeat(1000));
  const { reasonFor } = createSuppression(
    { ...entries, paths: [`${hostile}1`, `${hostile}2`, "**"] },
    [],
  );
  assert.equal(reasonFor(finding(long)), null);
  const plain = createSuppression({ ...entries, paths: ["**"] }, []);
  assert.equal(plain.reasonFor(finding(long)), ".sluice.yml: path **");
});

Deno.test("a long list of plain globs has work enough for any number of paths", () => {
  const paths = Array.from({ length: 99 }, (_, n) => `**/*generated-${n}*/**`);
  const { reasonFor } = createSuppression({ ...entries, paths: [...paths, "**/*.snap"] }, []);
  for (let n = 0; n < 2000; n++) {
    const path = `packages/part-${n}/tests/__snapshots__/component.test.ts.snap`;
    assert.equal(reasonFor(finding(at(path))), ".sluice.yml: path **/*.snap");
  }
});

Deno.test("globs of rules that take endless work suppress nothing once theirs is used up", () => {
  const hostile = `${"{*?,?*}".repeat(6)}${"?".repeat(150)}`;
  const long = "a".repeat(1000);
  const rules = ["1", "2"].map((end) => ({ ...rule, ruleId: null, path: `${hostile}${end}` }));
  const all = { ...rule, ruleId: null, path: "**" };
  const by = (rules: SuppressionRule[]) =>
    createSuppression(null, rules).reasonFor(finding(at(long)));
  assert.equal(by([...rules, all]), null);
  assert.equal(by([all]), `suppression rule: ${rule.reason}`);
  const narrow = rules.map((one, n) => ({ ...one, repositories: one.path, reason: `${n}` }));
  assert.deepEqual(rulesFor([...narrow, { ...all, repositories: "**" }], long), []);
  assert.equal(rulesFor([{ ...all, repositories: "**" }], long).length, 1);
});

Deno.test("many plain rules have work enough for any number of findings and paths", () => {
  const rules = Array.from({ length: 199 }, (_, n) => ({
    ...rule,
    ruleId: null,
    path: `**/*generated-${n}*/**`,
  }));
  const last = { ...rule, ruleId: null, path: "**/*.snap", reason: "snapshots" };
  const { reasonFor } = createSuppression(null, [...rules, last]);
  for (let n = 0; n < 3000; n++) {
    const path = `packages/part-${n % 1000}/tests/__snapshots__/component.test.ts.snap`;
    assert.equal(reasonFor(finding(at(path))), "suppression rule: snapshots");
  }
});
