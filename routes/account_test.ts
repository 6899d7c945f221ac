/** One's own account: password, one-time passwords, sessions; for viewers as for admins. */

import assert from "node:assert/strict";
import { hashPassword } from "@/lib/password.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest, type Guest } from "./test_guest.ts";

const EMAIL = "vera@example.com";
const PASSWORD = "rainy lighthouse otter";
const NEW = "another quiet harbour";

async function vera(app: TestApp): Promise<Guest> {
  const passwordHash = await hashPassword(PASSWORD);
  await app.store.users.create({ email: EMAIL, passwordHash, role: "viewer" });
  return await signedIn(app);
}

async function signedIn(app: TestApp, password = PASSWORD): Promise<Guest> {
  const guest = createGuest(app);
  assert.equal((await guest.post("/sign-in", { email: EMAIL, password })).location, "/");
  return guest;
}

const change = (guest: Guest, given: Record<string, string> = {}) =>
  guest.post("/account/password", { current: PASSWORD, password: NEW, repeat: NEW, ...given });

appTest("a password is changed by who knows it, and ends all other sessions", async (app) => {
  const guest = await vera(app);
  const elsewhere = await signedIn(app);
  const before = guest.cookies.get("sluice");
  assert.equal((await change(guest)).location, "/account");
  assert.notEqual(guest.cookies.get("sluice"), before);
  assert.equal((await guest.get("/account")).status, 200);
  assert.match((await elsewhere.get("/account")).location!, /^\/sign-in/);
  assert.equal(
    (await elsewhere.post("/sign-in", { email: EMAIL, password: PASSWORD })).status,
    422,
  );
  await signedIn(app, NEW);
});

appTest("a new password is refused with its reason, and none is shown again", async (app) => {
  const guest = await vera(app);
  const cases: [given: Record<string, string>, reason: RegExp][] = [
    [{ current: "not the password" }, /This is not your password/],
    [{ repeat: "a different ending" }, /The two passwords differ/],
    [{ password: "too short", repeat: "too short" }, /at least 12 characters/],
    [{ password: "password1234", repeat: "password1234" }, /first that people guess/],
    [{ password: "vera-vera-2026", repeat: "vera-vera-2026" }, /first that people guess/],
  ];
  for (const [given, reason] of cases) {
    const { status, html } = await change(guest, given);
    assert.equal(status, 422);
    assert.match(html, reason);
    for (const secret of [PASSWORD, NEW, ...Object.values(given)]) {
      assert.ok(!html.includes(secret));
    }
  }
  await signedIn(app);
});

appTest("who holds a session cannot guess the password through it", async (app) => {
  const guest = await vera(app);
  for (let tries = 0; tries < 5; tries++) {
    assert.equal((await change(guest, { current: "a wrong guess" })).status, 422);
  }
  assert.equal((await change(guest)).status, 429);
  assert.equal((await guest.post("/account/second-factor", { current: PASSWORD })).status, 429);
  app.clock.advance(60_000);
  assert.equal((await change(guest)).location, "/account");
});

appTest(
  "one-time passwords are turned on by password and code, and off by password",
  async (app) => {
    const guest = await vera(app);
    const elsewhere = await signedIn(app);
    assert.equal((await guest.post("/account/second-factor", { current: "wrong" })).status, 422);
    assert.equal((await guest.get("/account/second-factor")).location, "/account");
    assert.equal(
      (await guest.post("/account/second-factor", { current: PASSWORD })).location,
      "/account/second-factor",
    );
    const shown = await guest.get("/account/second-factor");
    const secret = /secret=([A-Z2-7]{32})/.exec(shown.html)![1]!;
    assert.equal(shown.headers.get("cache-control"), "no-store");
    const wrong = await guest.post("/account/second-factor/confirmation", { code: "000000" });
    assert.equal(wrong.status, 422);
    const code = totpCode(secret, totpStep(app.clock.now()));
    const on = await guest.post("/account/second-factor/confirmation", { code });
    assert.match(on.html, /Your ten codes/);
    assert.match((await elsewhere.get("/account")).location!, /^\/sign-in/);

    const page = (await guest.get("/account")).html;
    assert.match(page, /10 of 10 recovery codes are left/);
    assert.ok(!page.includes(secret));
    assert.equal((await guest.get("/account/second-factor")).location, "/account");
    const renewed = await guest.post("/account/recovery-codes", { current: PASSWORD });
    assert.match(renewed.html, /Your ten codes/);
    const kept = await guest.post("/account/second-factor/removal", { current: "wrong" });
    assert.equal(kept.status, 422);
    await guest.post("/account/second-factor/removal", { current: PASSWORD });
    assert.match((await guest.get("/account")).html, /Off\. With an authenticator app/);
    const actions = (await app.store.audit.list({}, { limit: 50 })).rows.map(({ action }) =>
      action
    );
    for (const action of ["turned_on", "codes_renewed", "turned_off"]) {
      assert.ok(actions.includes(`second_factor.${action}`), action);
    }
  },
);

appTest("sessions are listed with device and address, and ended one by one or all", async (app) => {
  const guest = await vera(app);
  const [second, third] = [await signedIn(app), await signedIn(app)];
  const { html } = await guest.get("/account");
  assert.equal(html.match(/Firefox on Linux/g)?.length, 3);
  assert.match(html, /192\.0\.2\.1/);
  const ids = [...html.matchAll(/\/account\/sessions\/([0-9a-f]{64})\/ending/g)].map(([, id]) =>
    id!
  );
  assert.equal(ids.length, 2);
  await guest.post(`/account/sessions/${ids[0]}/ending`);
  const left = (await Promise.all([second, third].map((one) => one.get("/account"))))
    .filter(({ status }) => status === 200);
  assert.equal(left.length, 1);
  await guest.post("/account/sessions/endings");
  for (const one of [second, third]) {
    assert.match((await one.get("/account")).location!, /^\/sign-in/);
  }
  assert.equal((await guest.get("/account")).status, 200);
});

appTest("nobody ends the session of somebody else", async (app) => {
  const guest = await vera(app);
  const admin = (await app.store.users.findByEmail("admin@example.com"))!;
  const [other] = await app.store.sessions.list(admin.id, "");
  await guest.post(`/account/sessions/${other!.id}/ending`);
  assert.equal((await app.store.sessions.list(admin.id, "")).length, 1);
});
