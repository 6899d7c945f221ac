import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

const FORM = { path: "", rule: "", fingerprint: "", repositories: "", reason: "made for tests" };
const PRINT = "0123456789abcdef".repeat(4);

async function setup(app: TestApp) {
  const { ids } = await addRepositories(app.store, ["api"]);
  const job = await claimed(app.store, "scan");
  await app.store.scans.record(job, [
    secret("a", { place: { path: "tests/a.ts" }, fingerprint: PRINT }),
    secret("b", { place: { path: "src/b.ts" }, ruleId: "json-web-token" }),
  ], "history");
  await app.store.scans.finish(job, COMPLETE);
  const { rows } = await app.store.findings.list({}, { limit: 10 });
  const finding = rows.find(({ firstPath }) => firstPath === "tests/a.ts")!;
  const open = async () =>
    (await app.store.findings.list({ state: "open" }, { limit: 10 })).rows
      .map(({ firstPath }) => firstPath);
  return { ids, finding, open };
}

appTest(
  "a rule suppresses at once, shows its reason, and opens again when removed",
  async (app) => {
    const { finding, open } = await setup(app);
    const made = await app.ask("/settings/suppressions", { form: { ...FORM, path: "tests/**" } });
    assert.equal(made.status, 303);
    assert.deepEqual(await open(), ["src/b.ts"]);
    const page = await (await app.ask(`/findings/${finding.id}`)).text();
    assert.match(page, /suppression rule: made for tests/);
    const [rule] = await app.store.suppressions.listRules();
    const asked = await (await app.ask("/settings/suppressions")).text();
    assert.match(
      asked,
      /<summary aria-label="Remove… the rule: made for tests">Remove…<\/summary>/,
    );
    assert.match(asked, /are open again at once/);
    const list = await (await app.ask("/settings/suppressions", { role: "viewer" })).text();
    assert.match(list, /<code>tests\/\*\*<\/code>/);
    assert.doesNotMatch(list, /Remove/);
    await app.ask(`/settings/suppressions/${rule!.id}/removal`, { form: {} });
    assert.equal((await open()).length, 2);
    const gone = await app.ask(`/settings/suppressions/${rule!.id}/removal`, { form: {} });
    assert.equal(gone.status, 404);
    const { rows } = await app.store.audit.list({}, { limit: 10 });
    assert.deepEqual(rows.map(({ action, who }) => [action, who]).sort(), [
      ["suppression.created", "admin@example.com"],
      ["suppression.removed", "admin@example.com"],
    ]);
  },
);

appTest(
  "a rule that would suppress everything, or that asks for nothing we know, is refused",
  async (app) => {
    const refused = async (change: Partial<typeof FORM>) => {
      const answer = await app.ask("/settings/suppressions", { form: { ...FORM, ...change } });
      assert.equal(answer.status, 422);
      return await answer.text();
    };
    assert.match(await refused({}), /id="path-error"[^]*otherwise everything would be suppressed/);
    assert.match(await refused({ rule: "no-such-rule" }), /id="rule-error"/);
    assert.match(await refused({ fingerprint: "xyz" }), /id="fingerprint-error"/);
    assert.match(await refused({ path: "a", reason: " " }), /id="reason-error"[^]*Say why/);
    assert.deepEqual(await app.store.suppressions.listRules(), []);
  },
);

appTest("a rule starts from a finding", async (app) => {
  const { finding, open } = await setup(app);
  const page = await (await app.ask(`/settings/suppressions?finding=${finding.id}`)).text();
  for (const value of ["tests/a.ts", "aws-access-key", PRINT.slice(0, 16), "acme/api"]) {
    assert.ok(page.includes(`value="${value}"`), value);
  }
  await app.ask("/settings/suppressions", {
    form: { ...FORM, fingerprint: PRINT.slice(0, 16), repositories: "acme/*" },
  });
  assert.deepEqual(await open(), ["src/b.ts"]);
  assert.equal((await app.ask("/settings/suppressions?finding=nothing")).status, 200);
});

appTest("only an admin suppresses", async (app) => {
  const form = { ...FORM, path: "a" };
  assert.equal((await app.ask("/settings/suppressions", { form, role: "viewer" })).status, 403);
});

appTest("a repository's page tells what of its files is not understood", async (app) => {
  const { ids } = await setup(app);
  const without = await (await app.ask(`/repositories/${ids.api}`)).text();
  assert.doesNotMatch(without, /suppression files/);
  await app.store.suppressions.saveFiles(ids.api!, {
    files: [{ name: ".sluice.yml", oid: "1".repeat(40) }],
    entries: { paths: [], rules: [], fingerprints: [], places: [] },
    problems: [".sluice.yml, line 2: unknown key allow"],
  });
  const page = await (await app.ask(`/repositories/${ids.api}`)).text();
  assert.match(page, /Not everything in the suppression files is understood/);
  assert.match(page, /line 2: unknown key allow/);
});
