/** Step 3 of the wizard: what is refused leads on, and there is always a way back and out. */

import assert from "node:assert/strict";
import { addServer } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";
import { page, send, settled, TOKEN, toToken, toTokenForm } from "./test_wizard.ts";

/** Where Back and Cancel of a page lead, outside of everything that is folded away. */
function waysOut(html: string): string[] {
  const open = html.replaceAll(/<details.*?<\/details>/gs, "");
  return [...open.matchAll(/<a class="button[^>]* href="([^"]*)">(Back|Cancel)</g)]
    .map(([, href, word]) => `${word} ${href}`);
}

appTest(
  "every step has Back and Cancel, also while checks run and after they passed",
  async (app) => {
    assert.deepEqual(waysOut(await page(app, "/servers/new")), [
      "Back /servers",
      "Cancel /servers",
    ]);
    const token = await toTokenForm(app, "acme");
    const step = (name: string) => token.replace(/token$/, name);
    const cancel = `Cancel ${step("removal")}`;
    assert.deepEqual(waysOut(await page(app, step("type"))), ["Back /servers", cancel]);
    assert.deepEqual(waysOut(await page(app, step("workspace"))), [`Back ${step("type")}`, cancel]);
    const token3 = [`Back ${step("workspace")}`, cancel];
    assert.deepEqual(waysOut(await page(app, token)), token3);
    const open = app.hold();
    await send(app, token, { token: TOKEN, expires: "" });
    const running = await page(app, token);
    assert.match(running, /Checking the token/);
    assert.deepEqual(waysOut(running), token3);
    open();
    const passed = await settled(app, token);
    assert.match(passed, /All checks passed/);
    assert.deepEqual(waysOut(passed), token3);
    for (const [name, back] of [["repositories", "token"], ["save", "repositories"]] as const) {
      assert.deepEqual(waysOut(await page(app, step(name))), [`Back ${step(back)}`, cancel]);
    }
  },
);

appTest("the poll's answer takes the focus to nothing, running or over", async (app) => {
  app.access.set("acme", {
    ok: false,
    checks: [{ id: "credential", state: "failed", sentence: "Refused." }],
  });
  const token = await toTokenForm(app, "acme");
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  assert.match(await page(app, token), /<h1[^>]* autofocus/);
  assert.doesNotMatch(await page(app, `${token}/status`), /autofocus/);
  open();
  assert.match(await settled(app, `${token}/status`), /id="token-error".*Refused/s);
  assert.doesNotMatch(await page(app, `${token}/status`), /autofocus/);
});

appTest("a refused workspace is named beside the token, with the way to step 2", async (app) => {
  app.access.set("beta", {
    ok: false,
    workspace: null,
    checks: [{ id: "workspace", state: "failed", sentence: "There is no such workspace." }],
  });
  const draft = await toToken(app, "acme beta");
  assert.match(
    await page(app, `${draft}/token`),
    new RegExp(
      `id="token-error".*beta: There is no such workspace\\..*href="${draft}/workspace">Change the`,
      "s",
    ),
  );
});

appTest("a workspace that is connected as another ID leads to its server", async (app) => {
  const id = await addServer(app.store, "acme");
  const { workspace, workspaceUuid } = (await app.store.servers.find(id))!;
  app.access.set("acme-old", {
    workspace: { slug: workspace, uuid: workspaceUuid, name: "Acme" },
  });
  const draft = await toToken(app, "acme-old");
  const html = await page(app, `${draft}/token`);
  assert.match(html, /Acme is connected already/);
  assert.match(html, new RegExp(`acme-old.*href="/servers/${id}".*edit this server`, "s"));
  assert.match(html, new RegExp(`id="token-error".*href="${draft}/workspace"`, "s"));
});

appTest("the page of Atlassian's tokens is linked beside the box, token or not", async (app) => {
  const unfolded = (html: string) => html.replaceAll(/<details.*?<\/details>/gs, "");
  const link = /id="token-hint".*href="https:\/\/id\.atlassian\.com[^"]*"/s;
  const token = await toTokenForm(app, "acme");
  assert.match(unfolded(await page(app, token)), link);
  const secret = `ada:${"ATB" + "B"}${"z".repeat(30)}`;
  const refused = await (await app.ask(token, { form: { token: secret, expires: "" } })).text();
  assert.match(refused, /id="token-error".*href="https:[^"]*"[^>]*>Make an API token/s);
  app.access.set("acme", { ok: false, checks: [] });
  await send(app, token, { token: TOKEN, expires: "" });
  assert.match(unfolded(await settled(app, token)), link);
});

appTest("a workspace that was put in after the checks is said to be unchecked", async (app) => {
  const draft = await toToken(app, "acme");
  await send(app, `${draft}/workspace`, { workspaces: "acme beta" });
  const html = await page(app, `${draft}/token`);
  assert.match(html, /Not checked yet.*<code>beta<\/code>/s);
  assert.doesNotMatch(html, /cannot be used|All checks passed/);
  await send(app, `${draft}/token`, { token: "", expires: "" });
  assert.match(await settled(app, `${draft}/token`), /All checks passed/);
});
