/** Keys and the audit log as pages: made once, shown once, revoked, and written down. */

import assert from "node:assert/strict";
import { addRepositories } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

const KEY = /sluice_(?:api|embed)_[0-9A-Za-z]{38}/;

appTest("an API key is shown when it is made, and never again", async (app) => {
  const made = await app.ask("/settings/api-keys", {
    form: { name: "nightly", role: "viewer", expires: "" },
  });
  assert.equal(made.status, 201);
  assert.match(made.headers.get("cache-control")!, /no-store/);
  const [key] = KEY.exec(await made.text())!;
  const headers = { authorization: `Bearer ${key}` };
  assert.equal((await app.ask("/api/v1/servers", { role: "nobody", headers })).status, 200);
  const list = await (await app.ask("/settings/api-keys")).text();
  assert.match(list, /nightly/);
  assert.doesNotMatch(list, KEY);
  assert.match(list, /<summary aria-label="Revoke… nightly">Revoke…<\/summary>/);
  assert.match(list, /refused from now on, and it cannot be undone/);
  const { id } = (await app.store.apiKeys.list())[0]!;
  await app.ask(`/settings/api-keys/${id}/revocation`, { method: "POST" });
  assert.equal((await app.ask("/api/v1/servers", { role: "nobody", headers })).status, 401);
  const { rows } = await app.store.audit.list({}, { limit: 9 });
  assert.deepEqual(rows.map((row) => row.action).sort(), ["api_key.created", "api_key.revoked"]);
  assert.ok(rows.every((row) => row.who === "admin@example.com" && row.target!.includes(id)));
});

appTest("an API key opens nothing without its maker's role, and the list says so", async (app) => {
  await app.store.users.create({ email: "second@example.com", passwordHash: "x", role: "admin" });
  const maker = (await app.store.users.findByEmail("admin@example.com"))!;
  const made = await app.ask("/settings/api-keys", {
    form: { name: "nightly", role: "admin", expires: "" },
  });
  const [key] = KEY.exec(await made.text())!;
  const headers = { authorization: `Bearer ${key}` };
  const statuses = async () =>
    await Promise.all(
      ["/api/v1/servers", "/metrics"].map(async (path) =>
        (await app.ask(path, { role: "nobody", headers })).status
      ),
    );
  assert.deepEqual(await statuses(), [200, 200]);
  await app.store.users.setRole(maker.id, "viewer");
  assert.deepEqual(await statuses(), [401, 401]);
  const list = () => app.ask("/settings/api-keys", { role: "viewer" }).then((one) => one.text());
  assert.match(await list(), /its maker is no admin any more/);
  await app.store.users.remove(maker.id);
  assert.deepEqual(await statuses(), [401, 401]);
  assert.match(await list(), /its maker has no account any more/);
});

appTest("a form without a name, or with a day that is over, comes back", async (app) => {
  const form = { name: "", role: "viewer", expires: "" };
  const nameless = await app.ask("/settings/api-keys", { form });
  assert.equal(nameless.status, 422);
  assert.match(await nameless.text(), /Give it a name/);
  const late = await app.ask("/settings/api-keys", {
    form: { ...form, name: "x", expires: "2001-01-01" },
  });
  assert.match(await late.text(), /This day is over/);
  assert.deepEqual(await app.store.apiKeys.list(), []);
});

appTest("a key opens until the end of its last day", async (app) => {
  await app.ask("/settings/api-keys", {
    form: { name: "x", role: "viewer", expires: "2026-01-02" },
  });
  const [key] = await app.store.apiKeys.list();
  assert.equal(key!.expiresAt, Date.UTC(2026, 0, 3));
});

appTest("an embed key comes with a preview and every snippet for its target", async (app) => {
  const { ids } = await addRepositories(app.store, ["app", "web"]);
  const made = await app.ask("/settings/embed-keys", {
    form: {
      name: "portal",
      scope: "chosen",
      repositories: "acme/APP",
      origins: "https://Portal.example.com/\nhttp://localhost:3000",
      expires: "",
    },
  });
  assert.equal(made.status, 201);
  const html = await made.text();
  const [key] = KEY.exec(html)!;
  const base = `/embed/repositories/${ids.app}`;
  assert.ok(html.includes(`<iframe class="embed-preview" src="${base}?key=${key}"`));
  for (const form of ["", "/fragment", "/badge.svg", "/status.json"]) {
    assert.ok(html.includes(`http://sluice.test${base}${form}?key=${key}`), form);
  }
  assert.match(made.headers.get("content-security-policy")!, /frame-src 'self'/);
  const [row] = await app.store.embedKeys.list();
  assert.deepEqual(
    [row!.origins, row!.repositoryIds, row!.showCounts],
    [["https://portal.example.com", "http://localhost:3000"], [ids.app], false],
  );
  assert.equal((await app.ask(`${base}?key=${key}`, { role: "nobody" })).status, 200);
  const later = await (await app.ask(`/settings/embed-keys/${row!.id}`)).text();
  assert.doesNotMatch(later, KEY);
  assert.match(later, /\?key=EMBED_KEY/);
  const list = await (await app.ask("/settings/embed-keys")).text();
  assert.match(
    list,
    /<summary aria-label="Revoke… portal">Revoke…<\/summary>[^]*show nothing from now on/,
  );
  await app.ask(`/settings/embed-keys/${row!.id}/revocation`, { method: "POST" });
  assert.equal((await app.ask(`${base}?key=${key}`, { role: "nobody" })).status, 403);
});

appTest("origins that are none, and repositories that nobody knows, are named", async (app) => {
  const form = { name: "x", scope: "chosen", repositories: "acme/none", origins: "", expires: "" };
  for (
    const origin of [
      "https://*.example.com",
      "https://a.example/path",
      "javascript:alert(1)",
      "https://a.example;script-src",
      "'self'",
    ]
  ) {
    const answer = await app.ask("/settings/embed-keys", { form: { ...form, origins: origin } });
    assert.equal(answer.status, 422);
    const html = await answer.text();
    assert.match(html, /is no origin/, origin);
    assert.match(html, /There is no repository acme\/none/);
  }
  assert.deepEqual(await app.store.embedKeys.list(), []);
});

appTest("a viewer reads the lists, makes and revokes nothing", async (app) => {
  const { id } = await app.store.apiKeys.create({
    name: "ci",
    role: "admin",
    createdBy: "x",
    expiresAt: null,
  });
  const html = await (await app.ask("/settings/api-keys", { role: "viewer" })).text();
  assert.match(html, /ci/);
  assert.doesNotMatch(html, /Revoke|Make a key/);
  for (const path of ["api-keys", "embed-keys", `api-keys/${id}/revocation`]) {
    const answer = await app.ask(`/settings/${path}`, { role: "viewer", form: { name: "x" } });
    assert.equal(answer.status, 403);
  }
});

appTest("the audit log pages, filters, and is exported whole without formulas", async (app) => {
  for (let i = 0; i < 101; i++) {
    await app.store.audit.add({ who: "ada@example.com", action: "thing.made", target: `=t${i}` });
  }
  app.clock.advance(1);
  await app.store.audit.add({ who: "<b>eve</b>", action: "thing.lost", address: "10.0.0.1" });
  const first = await (await app.ask("/settings/audit")).text();
  assert.match(first, /&lt;b&gt;eve/);
  assert.match(first, /100 entries/);
  const next = /href="([^"]+)" rel="next"/.exec(first)![1]!.replaceAll("&amp;", "&");
  assert.match(await (await app.ask(next)).text(), /2 entries/);
  const lost = await (await app.ask("/settings/audit?action=thing.lost&q=eve")).text();
  assert.match(lost, /1 entry/);
  const csv = await (await app.ask("/settings/audit.csv")).text();
  assert.match(csv, /"audit_log\.exported"/, "the export itself is written down first");
  assert.equal(csv.trimEnd().split("\r\n").length, 104);
  assert.ok(csv.includes(`"'=t7"`));
});
