/** Of whom a second factor is asked, and what comes of it. */

import assert from "node:assert/strict";
import { hashPassword } from "@/lib/password.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest, type Guest } from "./test_guest.ts";

const PASSWORD = "rainy lighthouse otter";

async function someone(app: TestApp, email: string, role: "admin" | "viewer"): Promise<string> {
  const passwordHash = await hashPassword(PASSWORD);
  return (await app.store.users.create({ email, passwordHash, role }))!;
}

async function signIn(app: TestApp, email: string): Promise<Guest> {
  const guest = createGuest(app);
  assert.equal((await guest.post("/sign-in", { email, password: PASSWORD })).location, "/");
  return guest;
}

/** Sets up one-time passwords from the page that asks for them on. */
async function enrol(app: TestApp, guest: Guest, form: Record<string, string> = {}): Promise<void> {
  assert.equal(
    (await guest.post("/account/second-factor", form)).location,
    "/account/second-factor",
  );
  const { html } = await guest.get("/account/second-factor");
  const secret = /secret=([A-Z2-7]{32})/.exec(html)![1]!;
  const code = totpCode(secret, totpStep(app.clock.now()));
  const { html: codes } = await guest.post("/account/second-factor/confirmation", { code });
  assert.match(codes, /Your ten codes/);
}

const ask = (guest: Guest, policy: string) => guest.post("/settings/second-factor", { policy });

appTest("an admin who has no second factor asks nobody else for one", async (app) => {
  await someone(app, "ada@example.com", "admin");
  const ada = await signIn(app, "ada@example.com");
  const refused = await ask(ada, "everybody");
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Turn on your own one-time passwords first/);
  assert.equal((await ask(ada, "all of them")).status, 422);
  assert.equal(await app.store.settings.find("second_factor_for"), null);
  await enrol(app, ada, { current: PASSWORD });
  assert.equal((await ask(ada, "everybody")).location, "/settings");
  const { rows } = await app.store.audit.list({ action: "second_factor.policy_changed" }, {
    limit: 9,
  });
  assert.deepEqual(rows.map(({ who, detail }) => [who, detail]), [
    ["ada@example.com", "asked of everybody"],
  ]);
});

appTest("who is asked for a second factor sets it up before anything else", async (app) => {
  await app.store.settings.save("second_factor_for", "everybody");
  await someone(app, "vera@example.com", "viewer");
  const vera = await signIn(app, "vera@example.com");
  for (const path of ["/", "/repositories", "/findings", "/account", "/settings/audit.csv"]) {
    assert.equal((await vera.get(path)).location, "/account/second-factor", path);
  }
  const posts = ["/account/password", "/account/second-factor/removal", "/account/recovery-codes"];
  for (const path of posts) {
    const { location } = await vera.post(path, { current: PASSWORD });
    assert.equal(location, "/account/second-factor", path);
  }
  const fragment = await vera.get("/repositories/refresh?since=0", { "hx-request": "true" });
  assert.deepEqual(
    [fragment.status, fragment.headers.get("hx-redirect"), fragment.html],
    [403, "/account/second-factor", ""],
  );
  assert.equal((await vera.get("/api/v1/findings")).status, 403);
  const why = await vera.get("/account/second-factor");
  assert.match(why.html, /a stolen password alone opens nothing/);
  assert.doesNotMatch(why.html, /Your password/, "it was given just now");
  await enrol(app, vera);
  assert.equal((await vera.get("/findings")).status, 200);
  assert.equal((await vera.get("/api/v1/findings")).status, 200);
});

appTest(
  "a session from before asks for the password before a second factor is set up",
  async (app) => {
    await someone(app, "vera@example.com", "viewer");
    const vera = await signIn(app, "vera@example.com");
    app.clock.advance(60 * 60 * 1000);
    await app.store.settings.save("second_factor_for", "everybody");
    assert.equal((await vera.get("/findings")).location, "/account/second-factor");
    assert.match((await vera.get("/account/second-factor")).html, /Your password/);
    assert.equal((await vera.post("/account/second-factor", {})).status, 422);
    assert.equal((await vera.post("/account/second-factor", { current: "wrong" })).status, 422);
    await enrol(app, vera, { current: PASSWORD });
  },
);

appTest("the last admin is not locked out, whatever is asked and however it began", async (app) => {
  const admin = (await app.store.users.findByEmail("admin@example.com"))!;
  await someone(app, "ada@example.com", "admin");
  await app.store.users.remove(admin.id);
  await app.store.settings.save("second_factor_for", "everybody");
  const ada = await signIn(app, "ada@example.com");
  assert.equal((await ada.get("/settings")).location, "/account/second-factor");
  await enrol(app, ada);
  assert.equal((await ask(ada, "nobody")).location, "/settings");
  // Whose factor goes, by the command on the machine too, sets up another.
  await ask(ada, "admins");
  await app.store.secondFactors.remove((await app.store.users.findByEmail("ada@example.com"))!.id);
  const again = await signIn(app, "ada@example.com");
  await enrol(app, again);
  assert.equal((await again.get("/settings")).status, 200);
});

appTest("admins alone are asked where it says so, and API keys never", async (app) => {
  await app.store.settings.save("second_factor_for", "admins");
  const ownerId = (await app.store.users.findByEmail("admin@example.com"))!.id;
  const { key } = await app.store.apiKeys.create({
    name: "nightly",
    role: "admin",
    createdBy: "admin@example.com",
    ownerId,
    expiresAt: null,
  });
  assert.equal((await app.ask("/findings")).headers.get("location"), "/account/second-factor");
  assert.equal((await app.ask("/findings", { role: "viewer" })).status, 200);
  const headers = { authorization: `Bearer ${key}` };
  assert.equal((await app.ask("/api/v1/findings", { role: "nobody", headers })).status, 200);
});

appTest("a viewer sees the users and the policy, and changes neither", async (app) => {
  const html = await (await app.ask("/settings", { role: "viewer" })).text();
  assert.match(html, /admin@example\.com/);
  assert.match(html, /Asked of: nobody/);
  assert.doesNotMatch(html, /<form[^>]*second-factor/);
});
