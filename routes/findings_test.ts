/** Findings: filters, groups, permalinks, and what people decide. */

import assert from "node:assert/strict";
import { addRepositories, claimed, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

/** Two repositories that share one secret; the first holds another. */
async function found(app: TestApp): Promise<string> {
  await addRepositories(app.store, ["a", "b"]);
  const first = await claimed(app.store, "scan");
  await app.store.scans.record(first, [
    secret("shared"),
    secret("old", { severity: "low", atTip: false }),
  ], "history");
  await app.store.scans.record(await claimed(app.store, "scan"), [secret("shared")], "history");
  const { rows } = await app.store.findings.list({ severity: "high" }, { limit: 1 });
  return rows[0]!.id;
}

async function page(app: TestApp, path: string): Promise<string> {
  const response = await app.ask(path);
  assert.equal(response.status, 200);
  return await response.text();
}

appTest(
  "GET /findings shows open ones, and narrows by severity, tip, repository and secret",
  async (app) => {
    await found(app);
    assert.equal((await page(app, "/findings")).match(/name="finding"/g)?.length, 3);
    assert.equal((await page(app, "/findings?severity=low")).match(/name="finding"/g)?.length, 1);
    assert.match(await page(app, "/findings?tip=no"), /old\.env:3/);
    assert.doesNotMatch(await page(app, "/findings?tip=no"), /shared\.env/);
    assert.match(await page(app, "/findings?state=revoked"), /No finding here/);
    const secretPage = await page(app, "/findings?fingerprint=print+of+shared");
    assert.equal(secretPage.match(/name="finding"/g)?.length, 2);
  },
);

appTest("GET /findings groups the same secret across repositories", async (app) => {
  await found(app);
  const html = await page(app, "/findings?group=secret");
  assert.match(html, /2 repositories/);
  assert.match(html, /fingerprint=print of shared/);
});

appTest("GET /findings before any scan leads to the scans", async (app) => {
  await addRepositories(app.store, ["a"]);
  assert.match(await page(app, "/findings"), /Nothing scanned yet/);
});

appTest(
  "GET /findings/:id shows a place without a link where its path would lead elsewhere",
  async (app) => {
    await addRepositories(app.store, ["a"]);
    const path = "../../../../evil/repo/src/main/x.env";
    const astray = secret("astray", { place: { path } });
    await app.store.scans.record(await claimed(app.store, "scan"), [astray], "history");
    const { rows: [row] } = await app.store.findings.list({}, { limit: 1 });
    const html = await page(app, `/findings/${row!.id}`);
    assert.equal(html.split(`<code>${path}:3</code>`).length, 3, "at its head and in the table");
    assert.doesNotMatch(html, /href="[^"]*evil/);
    assert.doesNotMatch(html, /Show the line/);
    assert.match(html, /It has no link, as a name in this path would lead elsewhere/);
    assert.match(html, /href="https:\/\/bitbucket\.org\/acme\/a\/commits\/c1"/);
  },
);

appTest(
  "GET /findings/:id links to the exact line at its commit, and to the same secret elsewhere",
  async (app) => {
    const id = await found(app);
    const html = await page(app, `/findings/${id}`);
    assert.match(html, /href="https:\/\/bitbucket\.org\/acme\/[ab]\/src\/c1\/shared\.env#lines-3"/);
    assert.match(html, /The same secret elsewhere/);
    assert.match(html, /checksum fits/);
    assert.match(html, /AKIA\*\*\*\*/);
  },
);

appTest("a judgement is kept with who and why; some need a reason", async (app) => {
  const id = await found(app);
  const why = await app.ask(`/findings/${id}/triage`, {
    form: { state: "false_positive", reason: "" },
  });
  assert.match(await why.text(), /Say why it is a false positive\./);
  const bare = await app.ask(`/findings/${id}/triage`, { form: { state: "accepted", reason: "" } });
  assert.equal(bare.status, 422);
  const html = await bare.text();
  assert.match(html, /id="reason-error"/);
  assert.match(html, /value="accepted" checked/);
  const done = await app.ask(`/findings/${id}/triage`, {
    method: "PUT",
    form: { state: "accepted", reason: "Test account" },
  });
  assert.equal(done.headers.get("Location"), `/findings/${id}`);
  const row = await app.store.findings.find(id);
  assert.deepEqual([row?.state, row?.triagedBy, row?.triageReason], [
    "accepted",
    "admin@example.com",
    "Test account",
  ]);
  assert.match(await page(app, `/findings/${id}`), /admin@example\.com/);
});

appTest(
  "several findings are judged at once, and none is an error beside the choice",
  async (app) => {
    await found(app);
    const { rows } = await app.store.findings.list({}, { limit: 10 });
    const none = await app.ask("/findings/triage", {
      form: { state: "revoked", reason: "", back: "/findings?severity=low" },
    });
    assert.equal(none.status, 422);
    const html = await none.text();
    assert.match(html, /Tick at least one finding/);
    assert.equal(html.match(/name="finding"/g)?.length, 1, "the filter is still there");
    const done = await app.ask("/findings/triage", {
      form: {
        state: "revoked",
        reason: "",
        back: "/findings?severity=low",
        finding: rows.map((row) => row.id),
      },
    });
    assert.equal(done.headers.get("Location"), "/findings?severity=low");
    assert.equal(
      (await app.store.findings.list({ state: "revoked" }, { limit: 10 })).rows.length,
      3,
    );
  },
);

appTest(
  "a refused judgement of several findings keeps ticks and state, and is explained at its field",
  async (app) => {
    await found(app);
    const { rows } = await app.store.findings.list({}, { limit: 2 });
    const refused = await app.ask("/findings/triage", {
      form: { state: "accepted", reason: "", finding: rows.map((row) => row.id) },
    });
    assert.equal(refused.status, 422);
    const html = await refused.text();
    assert.equal(html.match(/name="finding"[^>]* checked/g)?.length, 2);
    assert.match(html, /value="accepted" selected/);
    assert.match(html, /id="bulk-reason-error".*Say why it is accepted/s);
    assert.match(html, /id="bulk-reason"[^>]* aria-invalid="true"/);
    assert.doesNotMatch(html, /id="bulk-state-error"/);
  },
);

appTest("GET /findings pages forwards and back again", async (app) => {
  await addRepositories(app.store, ["a"]);
  const secrets = Array.from({ length: 120 }, (_, at) => secret(`s${at}`));
  await app.store.scans.record(await claimed(app.store, "scan"), secrets, "history");
  const link = (html: string, rel: string) =>
    html.match(new RegExp(`href="([^"]*)" rel="${rel}"`))?.[1]?.replaceAll("&amp;", "&");
  const ids = (html: string) =>
    [...html.matchAll(/name="finding" value="(\w+)"/g)].map((it) => it[1]);
  const first = await page(app, "/findings");
  assert.equal(link(first, "prev"), undefined);
  const second = await page(app, link(first, "next")!);
  const third = await page(app, link(second, "next")!);
  assert.equal(link(third, "next"), undefined);
  assert.equal(ids(third).length, 20);
  const back = await page(app, link(third, "prev")!);
  assert.deepEqual(ids(back), ids(second));
  const start = await page(app, link(back, "prev")!);
  assert.deepEqual(ids(start), ids(first));
  assert.equal(link(start, "prev"), undefined);
});

appTest("a viewer reads a finding but gets no form, and cannot send one", async (app) => {
  const id = await found(app);
  const html = await (await app.ask(`/findings/${id}`, { role: "viewer" })).text();
  assert.match(html, /Only admins judge findings/);
  const response = await app.ask(`/findings/${id}/triage`, {
    role: "viewer",
    form: { state: "revoked", reason: "" },
  });
  assert.equal(response.status, 403);
});

appTest(
  "the addresses of judgements lead back to what is judged when they are opened",
  async (app) => {
    const id = await found(app);
    const leads = async (path: string) => {
      const response = await app.ask(path, { role: "viewer" });
      return [response.status, response.headers.get("Location")];
    };
    assert.deepEqual(await leads("/findings/triage"), [303, "/findings"]);
    assert.deepEqual(await leads(`/findings/${id}/triage`), [303, `/findings/${id}`]);
  },
);
