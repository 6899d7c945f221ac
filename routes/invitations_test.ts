/** Invitations and reset links: made by an admin, followed once, and dead in every other case. */

import assert from "node:assert/strict";
import { hashPassword } from "@/lib/password.ts";
import { LIFETIME_MS } from "@/lib/store/one_time_tokens.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest } from "./test_guest.ts";

const PASSWORD = "rainy lighthouse otter";
const BOTH = { password: PASSWORD, repeat: PASSWORD };

/** Posts as the admin and gives the link that is shown, as path and query. */
async function linkOf(app: TestApp, path: string, form: Record<string, string> = {}) {
  const answer = await app.ask(path, { form });
  const html = await answer.text();
  assert.equal(answer.status, 200, html);
  const link = /id="fresh-link">http:\/\/sluice\.test([^<]+)</.exec(html)?.[1];
  assert.ok(link, html);
  return { path: link, token: link.split("token=")[1]! };
}

const invite = (app: TestApp, role = "viewer", email = "new@example.com") =>
  linkOf(app, "/settings/invitations", { email, role });

appTest("an invitation makes one account with its role, and signs it in", async (app) => {
  const { path, token } = await invite(app);
  const guest = createGuest(app);
  const opened = await guest.get(path);
  assert.match(opened.html, /new@example\.com/);
  assert.equal(opened.headers.get("referrer-policy"), "no-referrer");
  const weak = { password: "new-example-1", repeat: "new-example-1" };
  assert.equal((await guest.post("/invitation", { token, ...weak })).status, 422);
  assert.equal((await guest.post("/invitation", { token, ...BOTH })).location, "/");
  assert.equal((await guest.get("/findings")).status, 200);
  assert.equal((await app.store.users.findByEmail("new@example.com"))?.role, "viewer");

  const late = createGuest(app);
  assert.equal((await late.get(path)).status, 403);
  assert.equal((await late.post("/invitation", { token, ...BOTH })).status, 403);
  const { rows } = await app.store.audit.list({ action: "user.created" }, { limit: 5 });
  assert.match(rows[0]!.detail!, /viewer, by the link of admin@example\.com/);
});

appTest("of two who follow one invitation at once, one gets the account", async (app) => {
  const { token } = await invite(app);
  const answers = await Promise.all(
    [1, 2, 3].map(() => createGuest(app).post("/invitation", { token, ...BOTH })),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 403, 403]);
});

appTest("an invitation that was revoked, is over, or is for a reset opens nothing", async (app) => {
  const revoked = await invite(app, "viewer", "one@example.com");
  const page = await (await app.ask("/settings/invitations")).text();
  assert.ok(!page.includes(revoked.token), "a link is shown once");
  const id = /invitations\/([0-9a-f]{64})\/revocation/.exec(page)![1]!;
  await app.ask(`/settings/invitations/${id}/revocation`, { form: {} });
  const over = await invite(app, "admin", "two@example.com");
  const wrongKind = await invite(app, "admin", "three@example.com");
  const guest = createGuest(app);
  assert.equal((await guest.post("/invitation", { token: revoked.token, ...BOTH })).status, 403);
  assert.equal((await guest.post("/reset", { token: wrongKind.token, ...BOTH })).status, 403);
  app.clock.advance(LIFETIME_MS.invitation);
  assert.equal((await guest.post("/invitation", { token: over.token, ...BOTH })).status, 403);
  assert.equal((await guest.post("/invitation", { token: "", ...BOTH })).status, 403);
  assert.equal((await app.store.users.list()).length, 2);
});

appTest("who has an account already is not invited", async (app) => {
  const form = { email: "VIEWER@example.com", role: "admin" };
  const answer = await app.ask("/settings/invitations", { form });
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /has an account already/);
});

appTest("a reset link sets a password once, and ends what was signed in", async (app) => {
  const id = (await app.store.users.create({
    email: "lost@example.com",
    passwordHash: await hashPassword("the forgotten sentence"),
    role: "viewer",
  }))!;
  const session = await app.store.sessions.start(id);
  const { path, token } = await linkOf(app, `/settings/users/${id}/reset-links`);
  const guest = createGuest(app);
  assert.match((await guest.get(path)).html, /lost@example\.com/);
  assert.ok(await app.store.sessions.findUser(session), "the link alone changes nothing");
  assert.equal((await guest.post("/reset", { token, ...BOTH })).location, "/");
  assert.equal(await app.store.sessions.findUser(session), null);
  assert.equal((await guest.post("/reset", { token, ...BOTH })).status, 403);
  const again = createGuest(app);
  const signedIn = await again.post("/sign-in", { email: "lost@example.com", password: PASSWORD });
  assert.equal(signedIn.location, "/");
});

appTest(
  "a reset link does not stand for the second factor, which an admin can turn off",
  async (app) => {
    const viewer = (await app.store.users.findByEmail("viewer@example.com"))!;
    await app.store.secondFactors.begin(viewer.id);
    await app.store.db.execute("UPDATE second_factors SET confirmed_at = 1");
    const { token } = await linkOf(app, `/settings/users/${viewer.id}/reset-links`);
    const guest = createGuest(app);
    assert.equal((await guest.post("/reset", { token, ...BOTH })).location, "/sign-in/code");
    assert.match((await guest.get("/findings")).location!, /^\/sign-in/);
    await app.ask(`/settings/users/${viewer.id}/second-factor/removal`, { form: {} });
    assert.equal(await app.store.secondFactors.isOn(viewer.id), false);
  },
);

appTest("a viewer sees no invitation", async (app) => {
  assert.equal((await app.ask("/settings/invitations", { role: "viewer" })).status, 403);
});
