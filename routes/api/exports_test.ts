/** The exports: every row, no formula that runs, and a report that other tools take in. */

import assert from "node:assert/strict";
import { checkedSarif } from "@/lib/test_sarif_schema.ts";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "../test_app.ts";
import { csvLine } from "./exports.ts";

async function recorded(app: TestApp, secrets: Parameters<typeof app.store.scans.record>[1]) {
  const { serverId } = await addRepositories(app.store, ["app"]);
  const job = await claimed(app.store, "scan");
  for (let at = 0; at < secrets.length; at += 50) {
    assert.ok(await app.store.scans.record(job, secrets.slice(at, at + 50), "history"));
  }
  await app.store.scans.finish(job, COMPLETE);
  return serverId;
}

Deno.test("csvLine() disarms what a spreadsheet would run, and nothing else", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc"]) {
    assert.equal(csvLine([text]), `"'${text}"\r\n`, JSON.stringify(text));
  }
  assert.equal(csvLine(["a=b", 'say "hi"', "", null, -5]), '"a=b","say ""hi""","","","-5"\r\n');
});

appTest("both exports hold more rows than one page of the store, each once", async (app) => {
  const secrets = Array.from({ length: 501 }, (_, i) => secret(`s${i}`));
  await recorded(app, secrets);
  const csv = await (await app.ask("/api/v1/findings.csv")).text();
  const lines = csv.trimEnd().split("\r\n");
  assert.equal(lines.length, 502);
  assert.equal(new Set(lines).size, 502);
  const sarif = await checkedSarif(await (await app.ask("/api/v1/findings.sarif")).text());
  assert.equal(sarif.version, "2.1.0");
  assert.equal(sarif.runs[0].results.length, 501);
});

appTest("hostile names stay data in CSV and SARIF", async (app) => {
  await recorded(app, [secret("x", {
    place: { path: 'a"b,#?%\u202e/=c\n.env', authorName: "=HYPERLINK(1)" },
  })]);
  const response = await app.ask("/api/v1/findings.csv");
  assert.match(response.headers.get("content-type")!, /^text\/csv/);
  assert.match(response.headers.get("content-disposition")!, /^attachment/);
  const csv = await response.text();
  assert.ok(csv.includes(`"'=HYPERLINK(1)"`));
  assert.ok(csv.includes('"a""b,#?%\u202e/=c\n.env"'));
  const sarif = await checkedSarif(await (await app.ask("/api/v1/findings.sarif")).text());
  const { uri } = sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation;
  assert.equal(new URL(uri, "file:///").hash, "");
  assert.equal(decodeURIComponent(uri), 'acme/app/a"b,#?%\u202e/=c\n.env');
});

appTest(
  "a path that would lead elsewhere has no address in CSV, nor a way out in SARIF",
  async (app) => {
    await recorded(app, [secret("x", { place: { path: "../../../evil/x/src/main/a.env" } })]);
    const csv = await (await app.ask("/api/v1/findings.csv")).text();
    const [, row] = csv.trimEnd().split("\r\n");
    assert.match(row!, /"..\/..\/..\/evil\/x\/src\/main\/a\.env"/);
    assert.match(row!, /,""$/);
    const sarif = await checkedSarif(await (await app.ask("/api/v1/findings.sarif")).text());
    const { uri } = sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    assert.equal(decodeURIComponent(uri), "acme/app/…/…/…/evil/x/src/main/a.env");
  },
);

appTest("an export is filtered as the list is, and stands in the audit log", async (app) => {
  await recorded(app, [secret("one"), secret("two", { severity: "low" })]);
  const csv = await (await app.ask("/api/v1/findings.csv?severity=low")).text();
  assert.equal(csv.trimEnd().split("\r\n").length, 2);
  const { rows: [row] } = await app.store.audit.list({ action: "findings.exported" }, { limit: 1 });
  assert.deepEqual([row!.who, row!.detail], ["admin@example.com", '{"severity":"low"}']);
});

appTest("the page to read the API names every operation and links its schemas", async (app) => {
  const response = await app.ask("/api/v1/docs", { role: "nobody" });
  assert.match(response.headers.get("content-security-policy")!, /script-src 'self'/);
  const html = await response.text();
  const document = await (await app.ask("/api/v1/openapi.json", { role: "nobody" })).json();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods as object)) {
      assert.ok(html.includes(`${method.toUpperCase()} ${path}`), `${method} ${path}`);
    }
  }
  for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) {
    assert.ok(html.includes(`id="${anchor}"`), `nothing at #${anchor}`);
  }
});

appTest(
  "the SARIF export says who left a finding as it is, and by which rules it was found",
  async (app) => {
    await addRepositories(app.store, ["api"]);
    const job = await claimed(app.store, "scan");
    await app.store.scans.record(job, [
      secret("inline", { suppressedBy: "inline comment nosemgrep" }),
      secret("judged"),
      secret("custom", { ruleId: "custom-acme" }),
      secret("off", { ruleId: "custom-off" }),
      secret("deleted", { ruleId: "custom-deleted" }),
      secret("rule", { ruleId: "file-environment" }),
    ], "history");
    for (const id of ["acme", "off"]) {
      await app.store.customRules.create(id, {
        name: "Acme",
        pattern: "acme_[a-z]{20}",
        keywords: ["acme_"],
        severity: "high",
        help: "",
      }, "ada");
    }
    await app.store.customRules.switch("off", false, "ada");
    for (const id of ["off", "deleted"]) {
      await app.store.suppressions.apply({ ruleId: `custom-${id}` });
    }
    const rule = {
      path: null,
      ruleId: "file-environment",
      fingerprint: null,
      repositories: null,
      reason: "samples",
    };
    await app.store.suppressions.addRule(rule, "ada");
    await app.store.suppressions.apply({ added: rule });
    const { rows } = await app.store.findings.list({}, { limit: 10 });
    const judged = rows.find(({ firstPath }) => firstPath === "judged.env")!;
    await app.store.findings.triage([judged.id], "accepted", { who: "ada", reason: "dead" });
    const sarif = await checkedSarif(await (await app.ask("/api/v1/findings.sarif")).text());
    const [{ results, tool }] = sarif.runs;
    const of = (name: string) =>
      // deno-lint-ignore no-explicit-any
      results.find((one: any) =>
        one.locations[0].physicalLocation.artifactLocation.uri.endsWith(`${name}.env`)
      ).suppressions;
    assert.deepEqual(of("inline"), [
      { kind: "inSource", justification: "inline comment nosemgrep" },
    ]);
    assert.deepEqual(of("judged"), [
      { kind: "external", status: "accepted", justification: "accepted: dead" },
    ]);
    assert.deepEqual(of("rule"), [
      { kind: "external", status: "accepted", justification: "suppression rule: samples" },
    ]);
    assert.equal(of("custom"), undefined);
    for (const [name, justification] of [["off", "is switched off"], ["deleted", "was deleted"]]) {
      assert.deepEqual(of(name!), [
        { kind: "external", status: "accepted", justification: `its rule ${justification}` },
      ]);
    }
    const described = new Set(tool.driver.rules.map((one: { id: string }) => one.id));
    for (const id of ["custom-acme", "file-environment"]) assert.ok(described.has(id), id);
  },
);
