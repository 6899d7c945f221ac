/** The wizard as a person without scripts meets it: five pages, nothing lost, errors at their field. */

import assert from "node:assert/strict";
import { addServer } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";
import { discovered, page, send, settled, TOKEN, toToken } from "./test_wizard.ts";

appTest(
  "the wizard connects a workspace with all its repositories, by plain forms",
  async (app) => {
    const draft = await toToken(app);
    assert.match(await page(app, `${draft}/token`), /All checks passed/);
    await discovered(app, ["a", "b"]);
    assert.equal(await send(app, `${draft}/token/acceptance`, {}), `${draft}/repositories`);
    assert.match(await page(app, `${draft}/repositories`), /matches 2 of 2/);
    const next = await send(app, `${draft}/repositories`, {
      mode: "all",
      patterns: "",
      go: "next",
    });
    assert.equal(next, `${draft}/save`);
    assert.match(await page(app, next), /API token of ada@example\.com/);

    assert.match(await page(app, "/repositories"), /No code server yet/);
    const landing = await send(app, next, {});
    const [server] = await app.store.servers.list();
    assert.equal(landing, `/repositories?server=${server!.id}`);
    const { rows } = await app.store.audit.list({ action: "server.created" }, { limit: 5 });
    assert.deepEqual(rows.map(({ who, target }) => [who, target]), [["admin@example.com", "acme"]]);
    assert.match(await page(app, landing), /acme\/a/);
    assert.deepEqual(app.opened.map((one) => one.credential.user), ["ada@example.com"]);
    assert.match(await page(app, "/servers"), /2 of 2/);
  },
);

appTest(
  "step 1 without a choice and step 2 without an ID are refused beside their fields",
  async (app) => {
    const type = await app.ask("/servers/new", { form: {} });
    assert.equal(type.status, 422);
    assert.match(await type.text(), /id="type-error".*Choose what to connect/s);
    const path = await send(app, "/servers/new", { type: "bitbucket_cloud" });
    for (const workspaces of ["", "Acme Platform!", "https://github.com/acme"]) {
      const response = await app.ask(path, { form: { workspaces } });
      assert.equal(response.status, 422);
      const html = await response.text();
      assert.match(html, /aria-describedby="workspaces-error workspaces-hint"/);
      assert.ok(html.includes(`>${workspaces}</textarea>`), "what was typed is still there");
    }
  },
);

appTest("a workspace that is connected already is named and offered for editing", async (app) => {
  const id = await addServer(app.store, "acme");
  const path = await send(app, "/servers/new", { type: "bitbucket_cloud" });
  const response = await app.ask(path, { form: { workspaces: "ACME other" } });
  assert.equal(response.status, 422);
  assert.match(await response.text(), new RegExp(`href="/servers/${id}".*edit this server`, "s"));
});

appTest("an app password is refused with the way out, and never shown again", async (app) => {
  const path = await send(app, "/servers/new", { type: "bitbucket_cloud" });
  const token = await send(app, path, { workspaces: "acme" });
  const secret = `ada:${"ATB" + "B"}${"z".repeat(30)}`;
  const response = await app.ask(token, { form: { token: secret, expires: "" } });
  assert.equal(response.status, 422);
  const html = await response.text();
  assert.match(html, /id="token-error".*app password/s);
  assert.ok(!html.includes("z".repeat(30)));
  assert.equal(app.opened.length, 0);
});

appTest(
  "a failed check stands beside the token, and another token goes on from there",
  async (app) => {
    app.access.set("acme", {
      ok: false,
      workspace: null,
      checks: [{ id: "credential", state: "failed", sentence: "Bitbucket refused the token." }],
    });
    const draft = await toToken(app);
    const html = await page(app, `${draft}/token`);
    assert.match(html, /id="token-error".*Bitbucket refused the token/s);
    assert.match(html, /Kept: API token of ada@example\.com/);
    const ahead = await app.ask(`${draft}/repositories`);
    assert.equal(ahead.headers.get("Location"), `${draft}/token`);
    app.access.clear();
    // An empty box keeps the token and checks it again.
    await send(app, `${draft}/token`, { token: "", expires: "" });
    assert.match(await settled(app, `${draft}/token`), /All checks passed/);
  },
);

appTest("the pre-flight fills in while it runs, and polls only until it is over", async (app) => {
  const path = await send(app, "/servers/new", { type: "bitbucket_cloud" });
  const token = await send(app, path, { workspaces: "acme" });
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  const running = await page(app, token);
  assert.match(running, /Checking the token/);
  assert.match(running, /hx-get="[^"]*\/token\/status" hx-trigger="every 1s"/);
  assert.match(running, /<noscript><meta http-equiv="refresh" content="3"/);
  open();
  const over = await settled(app, token);
  assert.match(over, /acme answers\./);
  assert.doesNotMatch(over, /hx-trigger="every/);
});

appTest(
  "several workspaces become a server each, and others that the token sees are offered",
  async (app) => {
    app.access.set("acme", { otherWorkspaces: [{ slug: "labs", uuid: "{labs}" }] });
    const draft = await toToken(app, "acme, beta");
    assert.match(await page(app, `${draft}/token`), /name="also" value="labs"/);
    assert.equal(
      await send(app, `${draft}/token/acceptance`, { also: ["labs", "forged"] }),
      `${draft}/token`,
    );
    await settled(app, `${draft}/token`);
    await send(app, `${draft}/repositories`, { mode: "all", patterns: "", go: "next" });
    assert.equal(await send(app, `${draft}/save`, {}), "/repositories");
    assert.deepEqual((await app.store.servers.list()).map((one) => one.workspace).sort(), [
      "acme",
      "beta",
      "labs",
    ]);
  },
);

appTest(
  "a custom choice keeps its ticks across pages and searches, and counts what it comes to",
  async (app) => {
    const draft = await toToken(app);
    await discovered(app, ["docs", "pay-api", "pay-archive", "pay-web"]);
    const { rows } = await app.store.choices.list(
      {
        serverIds: (await app.store.servers.listOfDraft(draft.split("/").at(-1)!)).map((s) => s.id),
      },
      { offset: 0, limit: 10 },
    );
    const id = (name: string) => rows.find((row) => row.fullName === `acme/${name}`)!.id;
    const look = await send(app, `${draft}/repositories`, {
      mode: "custom",
      patterns: "pay-* !*-archive",
      shown: rows.map((row) => row.id),
      picked: id("docs"),
      q: "web",
      go: "search",
    });
    assert.match(look, /q=web/);
    const html = await page(app, look);
    assert.match(html, /matches 3 of 4/);
    assert.match(html, /1 repository ticked/);
    assert.doesNotMatch(html, /acme\/docs/);
    assert.match(html, />pay-\* !\*-archive<\/textarea>/);
    const preview = await app.ask(`${draft}/repositories/matches`, {
      form: { mode: "custom", patterns: "nothing-*", shown: id("docs") },
    });
    assert.match(await preview.text(), /matches 0 of 4/);
    await send(app, `${draft}/repositories`, {
      mode: "custom",
      patterns: "pay-* !*-archive",
      go: "next",
    });
    await send(app, `${draft}/save`, {});
    const counts = await app.store.repositories.countByState();
    assert.deepEqual(counts, { queued: 3, not_selected: 1 });
  },
);

appTest("a custom choice of nothing and a pattern that cannot be are refused", async (app) => {
  const draft = await toToken(app);
  await discovered(app, ["a"]);
  const nothing = await app.ask(`${draft}/repositories`, {
    form: { mode: "custom", patterns: "", go: "next" },
  });
  assert.equal(nothing.status, 422);
  assert.match(await nothing.text(), /id="rows-error".*Tick at least one repository/s);
  const odd = await app.ask(`${draft}/repositories`, {
    form: { mode: "all", patterns: "a/b", go: "next" },
  });
  assert.equal(odd.status, 422);
  assert.match(await odd.text(), /id="patterns-error"/);
});

appTest("repositories arrive in step 4 by a poll that ends with the discovery", async (app) => {
  const draft = await toToken(app);
  const first = await page(app, `${draft}/repositories`);
  assert.match(first, /Looking for repositories/);
  const href = first.match(/hx-get="([^"]*\/refresh[^"]*)"/)![1]!.replaceAll("&amp;", "&");
  await discovered(app, ["a"], false);
  app.clock.advance(1000);
  const html = await (await app.ask(href, { headers: { "HX-Request": "true" } })).text();
  assert.match(html, /hx-target="#rows".*acme\/a/s);
  assert.match(html, /hx-trigger="every 2s"/);
});

appTest(
  "a draft is its owner's alone, waits under Code servers, and goes when thrown away",
  async (app) => {
    const draft = await toToken(app);
    const other = await app.ask(`${draft}/token`, { role: "viewer" });
    assert.equal(other.status, 403);
    assert.match(await page(app, "/servers"), /acme: go on at/);
    await send(app, `${draft}/removal`, {});
    const after = await app.ask(`${draft}/token`);
    assert.equal(after.headers.get("Location"), "/servers");
    assert.match(await page(app, "/servers"), /No code server yet/);
  },
);

appTest("a workspace taken out of the list takes its hidden server along", async (app) => {
  const draft = await toToken(app, "acme beta");
  const id = draft.split("/").at(-1)!;
  assert.equal((await app.store.servers.listOfDraft(id)).length, 2);
  await send(app, `${draft}/workspace`, { workspaces: "beta" });
  assert.deepEqual((await app.store.servers.listOfDraft(id)).map((one) => one.workspace), ["beta"]);
});

appTest("a token in the box of the workspace is named, and comes back nowhere", async (app) => {
  const path = await send(app, "/servers/new", { type: "bitbucket_cloud" });
  const response = await app.ask(path, { form: { workspaces: `acme, ${TOKEN}` } });
  assert.equal(response.status, 422);
  const html = await response.text();
  assert.match(html, /This looks like a token; it belongs to the next step\./);
  assert.ok(!html.includes("QQQQ"));
});
