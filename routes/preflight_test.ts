/** The pre-flight beside the requests: bounded, never silent, and ended by what changes its draft. */

import assert from "node:assert/strict";
import type { CodeServer } from "@/lib/codeserver/mod.ts";
import { appTest } from "./test_app.ts";
import { page, send, settled, shows, TOKEN, toToken, toTokenForm } from "./test_wizard.ts";

appTest("a check that never answers ends with a sentence, and the others count", async (app) => {
  const token = await toTokenForm(app, "acme");
  app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  await shows(app, token, (html) => html.includes("Checking the token"));
  app.clock.advance(119_000);
  assert.match(await page(app, token), /Checking the token.*hx-trigger|hx-trigger.*Checking/s);
  app.clock.advance(2_000);
  const html = await settled(app, token);
  assert.match(html, /The token cannot be used yet|thing to mend/);
  assert.match(html, /Bitbucket did not answer.*nothing came for two minutes/s);
  assert.match(html, /Checks of <code>acme<\/code>/);
});

appTest("many slow workspaces take longer than two minutes and pass all the same", async (app) => {
  const names = ["w1", "w2", "w3", "w4", "w5"];
  const token = await toTokenForm(app, names.join(" "));
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  app.clock.advance(100_000);
  const next = app.hold();
  open();
  await shows(app, token, (html) => html.includes("w3 answers."));
  app.clock.advance(100_000);
  const running = await page(app, token);
  assert.match(running, /Checking the token/);
  assert.match(running, /w3 answers\./);
  next();
  assert.match(await settled(app, token), /All checks passed/);
});

appTest("three workspaces are checked at once, and no more", async (app) => {
  const token = await toTokenForm(app, "w1 w2 w3 w4 w5");
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  await shows(app, token, () => app.opened.length >= 3);
  for (let i = 0; i < 5; i++) await page(app, token);
  assert.deepEqual(app.opened.map((one) => one.workspace), ["w1", "w2", "w3"]);
  open();
  await settled(app, token);
  assert.deepEqual(app.opened.map((one) => one.workspace), ["w1", "w2", "w3", "w4", "w5"]);
});

appTest("a workspace taken out while the checks run is not connected", async (app) => {
  const token = await toTokenForm(app, "acme beta");
  const step = (name: string) => token.replace(/token$/, name);
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  await send(app, step("workspace"), { workspaces: "acme" });
  const html = await page(app, token);
  assert.doesNotMatch(html, /Checking the token|beta/);
  assert.match(html, /Not checked yet.*acme/s);
  open();
  await send(app, token, { token: "", expires: "" });
  assert.match(await settled(app, token), /All checks passed/);
  await send(app, step("repositories"), { mode: "all", patterns: "", go: "next" });
  assert.doesNotMatch(await page(app, step("save")), /beta/i);
  await send(app, step("save"), {});
  assert.deepEqual((await app.store.servers.list()).map((one) => one.workspace), ["acme"]);
});

appTest(
  "only what the draft lists is saved, whoever left another server behind it",
  async (app) => {
    const draft = await toToken(app, "acme");
    // As another process leaves it, whose checks did not hear that the draft has changed.
    await app.store.servers.create({
      draftId: draft.split("/").at(-1)!,
      type: "bitbucket_cloud",
      workspace: { slug: "beta", uuid: "{beta}", name: "BETA" },
      credential: { kind: "access_token", user: null, secret: "x" },
      tokenExpiresAt: null,
    });
    assert.doesNotMatch(await page(app, `${draft}/save`), /BETA/);
    await send(app, `${draft}/save`, {});
    assert.deepEqual((await app.store.servers.list()).map((one) => one.workspace), ["acme"]);
  },
);

appTest("another token ends the checks of the one before it", async (app) => {
  const token = await toTokenForm(app, "acme");
  app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  const open = app.hold();
  await send(app, token, { token: TOKEN.replace("ada", "bob"), expires: "" });
  open();
  const html = await settled(app, token);
  assert.match(html, /All checks passed/);
  assert.match(html, /Kept: API token of bob@/);
  assert.deepEqual(app.opened.map((one) => one.credential.user), [
    "ada@example.com",
    "bob@example.com",
  ]);
});

appTest("a draft thrown away while its checks run leaves no server behind", async (app) => {
  const token = await toTokenForm(app, "acme");
  const open = app.hold();
  await send(app, token, { token: TOKEN, expires: "" });
  await send(app, token.replace(/token$/, "removal"), {});
  open();
  await page(app, "/servers");
  assert.deepEqual(await app.store.servers.listOfDraft(token.split("/").at(-2)!), []);
});

appTest("two IDs of one workspace become one server", async (app) => {
  const acme = { slug: "acme", uuid: "{acme}", name: "ACME" };
  app.access.set("acme", { workspace: acme });
  app.access.set("acme-old", { workspace: acme });
  const draft = await toToken(app, "acme acme-old");
  assert.equal((await app.store.servers.listOfDraft(draft.split("/").at(-1)!)).length, 1);
});

/** A code server of whose check something of ours goes wrong. */
const broken = {
  checkAccess: () => Promise.reject(new Error("a fault of ours")),
} as Partial<CodeServer> as CodeServer;

appTest("an error of ours ends the checks with a sentence, too", async (app) => {
  const html = await page(app, `${await toToken(app)}/token`);
  assert.match(html, /Something went wrong on our side/);
  assert.doesNotMatch(html, /a fault of ours/);
}, { openWorkspace: () => broken });
