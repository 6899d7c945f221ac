import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, rowsOf } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

const secret = "ACME-DOOR-" + "Q8ZT3LMW0PR7";
const FORM = {
  name: "Acme door code",
  pattern: "ACME-DOOR-([A-Z0-9]{12})",
  keywords: "ACME-DOOR-\r\n\r\nACME-DOOR-",
  severity: "high",
  help: "Ask the porter.",
  sample: "",
  act: "save",
};

appTest("a rule is saved, logged, and has repositories read again", async (app) => {
  await addRepositories(app.store, ["api"]);
  const job = await claimed(app.store, "scan");
  await app.store.scans.finish(job, COMPLETE);
  const saved = await app.ask("/settings/rules", { form: FORM });
  assert.equal(saved.status, 303);
  const rule = (await app.store.customRules.find("acme-door-code"))!;
  assert.deepEqual([rule.keywords, rule.severity, rule.createdBy], [
    ["ACME-DOOR-"],
    "high",
    "admin@example.com",
  ]);
  const [entry] =
    (await app.store.audit.list({ action: "custom_rule.created" }, { limit: 5 })).rows;
  assert.equal(entry!.target, "Acme door code (custom-acme-door-code)");
  assert.deepEqual(app.rings, ["acme-door-code"]);
  assert.equal((await claimed(app.store, "scan")).requestedBy, "rules");
  const page = await (await app.ask("/settings/rules", { role: "viewer" })).text();
  assert.match(page, /Acme door code/);
  assert.doesNotMatch(page, /Delete Acme/);
});

appTest("a second rule of the same name gets an id of its own", async (app) => {
  for (let i = 0; i < 2; i++) await app.ask("/settings/rules", { form: FORM });
  const ids = (await app.store.customRules.list()).map(({ id }) => id).sort();
  assert.deepEqual(ids, ["acme-door-code", "acme-door-code-2"]);
});

appTest("there is an end to rules", async (app) => {
  for (let i = 0; i < 100; i++) {
    const facts = {
      name: "x",
      pattern: "x",
      keywords: ["xyz"],
      severity: "low",
      help: "",
    } as const;
    await app.store.customRules.create(`r${i}`, facts, "ada");
  }
  const answer = await app.ask("/settings/rules", { form: FORM });
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /There are 100 rules already/);
});

appTest("a rule is refused beside the field that is wrong, with what was typed", async (app) => {
  const refused = async (change: Partial<typeof FORM>) => {
    const answer = await app.ask("/settings/rules", { form: { ...FORM, ...change } });
    assert.equal(answer.status, 422);
    return await answer.text();
  };
  const slow = await refused({ pattern: "ACME(?:A+)+B" });
  assert.match(slow, /id="pattern-error"[^]*could take endless time/);
  assert.match(slow, /ACME\(\?:A\+\)\+B<\/textarea>/);
  assert.match(await refused({ pattern: "[A-Z]{4,20}", keywords: "ACME" }), /id="pattern-error"/);
  assert.match(await refused({ keywords: "ab" }), /id="keywords-error"[^]*3 to 64 plain/);
  assert.match(await refused({ name: " " }), /id="name-error"[^]*Give it a name/);
  assert.match(await refused({ severity: "urgent" }), /id="severity-error"/);
  assert.match(await refused({ act: "try" }), /id="sample-error"[^]*Paste a text/);
  assert.deepEqual(await app.store.customRules.list(), []);
});

appTest("a rule is tried on a text, which is kept nowhere", async (app) => {
  const form = { ...FORM, act: "try", sample: `one\ncode: ${secret}\n` };
  const found = await app.ask("/settings/rules", { form });
  assert.equal(found.status, 200);
  const page = await found.text();
  assert.match(page, /It finds 1 secret in this text/);
  assert.match(page, /line 2: <span class="preview">/);
  const nothing = await app.ask("/settings/rules", { form: { ...form, sample: "no code" } });
  assert.match(await nothing.text(), /It finds nothing in this text/);
  assert.deepEqual(await app.store.customRules.list(), []);
  const tables = await rowsOf(app.store.db, "SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of tables) {
    const rows = JSON.stringify(await rowsOf(app.store.db, `SELECT * FROM "${name}"`));
    assert.ok(!rows.includes(secret), `${name} holds the text`);
  }
});

appTest("a rule is changed, switched off and on, and deleted", async (app) => {
  await app.ask("/settings/rules", { form: FORM });
  const path = "/settings/rules/acme-door-code";
  const page = await (await app.ask(path)).text();
  assert.match(page, /value="Acme door code"/);
  await app.ask(path, { form: { ...FORM, name: "Door", severity: "low" } });
  const changed = (await app.store.customRules.find("acme-door-code"))!;
  assert.deepEqual([changed.name, changed.severity], ["Door", "low"]);
  await app.ask(`${path}/state`, { form: { enabled: "no" } });
  assert.deepEqual(await app.store.customRules.listEnabled(), []);
  await app.ask(`${path}/state`, { form: { enabled: "yes" } });
  assert.equal((await app.store.customRules.listEnabled()).length, 1);
  assert.equal((await app.ask(`${path}/state`, { form: { enabled: "perhaps" } })).status, 422);
  await app.ask(`${path}/removal`, { form: {} });
  assert.deepEqual(await app.store.customRules.list(), []);
  assert.equal((await app.ask(path)).status, 404);
  const { rows } = await app.store.audit.list({}, { limit: 10 });
  assert.deepEqual(rows.map(({ action }) => action).sort(), [
    "custom_rule.changed",
    "custom_rule.created",
    "custom_rule.removed",
    "custom_rule.switched_off",
    "custom_rule.switched_on",
  ]);
});

appTest("only an admin changes rules", async (app) => {
  const answer = await app.ask("/settings/rules", { form: FORM, role: "viewer" });
  assert.equal(answer.status, 403);
  assert.deepEqual(await app.store.customRules.list(), []);
});
