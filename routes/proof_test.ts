/** What gives others a way in asks for a fresh proof; what takes one away, and all else, does not. */

import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { startOidcProvider } from "@/lib/fake_oidc_provider.ts";
import { hashPassword } from "@/lib/password.ts";
import { createSso, type Sso, type SsoPerson } from "@/lib/sso.ts";
import { PROOF_MS } from "@/lib/store/sessions.ts";
import { asksProof } from "./permissions.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest, type Guest } from "./test_guest.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "rainy lighthouse otter";

/** Changes of accounts and keys, which rules and suppressions are not, that need none: they take rights away, or ask in their own form. */
const WITHOUT = [
  "/settings/invitations/none/revocation",
  "/settings/api-keys/none/revocation",
  "/settings/embed-keys/none/revocation",
  "/account/password",
  "/account/second-factor",
  "/account/second-factor/confirmation",
  "/account/second-factor/removal",
  "/account/recovery-codes",
];

async function ada(app: TestApp): Promise<Guest> {
  const passwordHash = await hashPassword(PASSWORD);
  await app.store.users.create({ email: EMAIL, passwordHash, role: "admin" });
  const guest = createGuest(app);
  assert.equal((await guest.post("/sign-in", { email: EMAIL, password: PASSWORD })).location, "/");
  return guest;
}

appTest("every change of accounts and keys asks for a proof, or is named here", async (app) => {
  const guest = await ada(app);
  app.clock.advance(PROOF_MS);
  // Notes that the session was seen.
  await guest.get("/account");
  const before = app.store.writes;
  const asked: string[] = [];
  for (const { method, path } of app.routes) {
    const filled = path.replaceAll(/:\w+/g, "none");
    if (method !== "POST" || !/^\/(settings|account)\//.test(filled)) continue;
    if (/^\/settings\/(rules|suppressions)(\/|$)/.test(filled)) continue;
    assert.equal(asksProof(method, filled), !WITHOUT.includes(filled), filled);
    if (WITHOUT.includes(filled)) continue;
    const { status, html } = await guest.post(filled, { name: "x" });
    assert.equal(status, 403, filled);
    assert.match(html, /Is it you\?/, filled);
    asked.push(filled);
  }
  assert.ok(asked.length >= 10, asked.join(" "));
  assert.equal(app.store.writes, before);
});

appTest("the form goes on with what stood in it, once the password is right", async (app) => {
  const guest = await ada(app);
  app.clock.advance(PROOF_MS);
  const form = { name: `"><b>nightly`, role: "viewer", expires: "" };
  const asked = await guest.post("/settings/api-keys", form);
  assert.match(asked.html, /name="name" value="&quot;&gt;&lt;b&gt;nightly"/);
  const wrong = await guest.post("/settings/api-keys", { ...form, proof: "not the password" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /This is not your password/);
  assert.ok(!wrong.html.includes("not the password"));
  assert.deepEqual(await app.store.apiKeys.list(), []);
  const made = await guest.post("/settings/api-keys", { ...form, proof: PASSWORD });
  assert.equal(made.status, 201);
  assert.equal((await guest.post("/settings/api-keys", form)).status, 201, "for a while");
  app.clock.advance(PROOF_MS);
  assert.equal((await guest.post("/settings/api-keys", form)).status, 403);
});

appTest("who holds a session cannot guess the password by it", async (app) => {
  const guest = await ada(app);
  app.clock.advance(PROOF_MS);
  const guess = (proof: string) => guest.post("/account/sessions/endings", { proof });
  for (let tries = 0; tries < 5; tries++) assert.equal((await guess("a guess")).status, 422);
  assert.equal((await guess(PASSWORD)).status, 429);
  const { rows } = await app.store.audit.list({ action: "user.password_refused" }, { limit: 9 });
  assert.equal(rows.length, 5);
});

appTest("a viewer is refused without being asked who they are", async (app) => {
  app.clock.advance(PROOF_MS);
  const answer = await app.ask("/settings/api-keys", { role: "viewer", form: { name: "x" } });
  assert.equal(answer.status, 403);
  assert.doesNotMatch(await answer.text(), /Is it you\?/);
});

/** A provider that says when it last asked who somebody is; null: it does not say. */
function saying(when: { at: number | null; subject: string }): Sso & { afresh: boolean[] } {
  const afresh: boolean[] = [];
  return {
    name: "Acme",
    afresh,
    start(_secret, again = false) {
      afresh.push(again);
      return Promise.resolve(new URL("https://idp.example/auth"));
    },
    finish: () =>
      Promise.resolve<SsoPerson>({
        issuer: "https://idp.example",
        subject: when.subject,
        email: `${when.subject}@example.com`,
        emailVerified: true,
        role: "admin",
        authenticatedAt: when.at,
      }),
  };
}

const when = { at: null as number | null, subject: "ada" };
const sso = saying(when);

appTest("who signs in by a provider proves who they are there", async (app) => {
  const guest = createGuest(app);
  const come = async (path: string) => {
    await guest.get(path);
    return (await guest.get("/sso/callback?code=x")).location;
  };
  const act = () => guest.post("/settings/api-keys", { name: "x", role: "viewer", expires: "" });
  const fresh = "/sso?fresh=yes&next=%2Fsettings%2Fapi-keys";
  assert.equal(await come("/sso"), "/");
  // An earlier sign-in at the provider may have been all that it took.
  const asked = await act();
  assert.equal(asked.status, 403);
  assert.doesNotMatch(asked.html, /Your password/);
  assert.ok(asked.html.includes(fresh.replaceAll("&", "&amp;")));
  assert.equal(await come(fresh), "/settings/api-keys");
  assert.deepEqual(sso.afresh, [false, true]);
  assert.equal((await act()).status, 201);
  app.clock.advance(PROOF_MS);
  assert.equal((await act()).status, 403);

  when.at = app.clock.now() - PROOF_MS;
  assert.equal(await come(fresh), "/sign-in", "the provider did not ask");
  assert.match((await guest.get("/sign-in")).html, /did not ask you again/);
  when.at = app.clock.now();
  when.subject = "eve";
  assert.equal(await come(fresh), "/sign-in", "somebody else");
  assert.equal((await act()).status, 403);
  when.subject = "ada";
  assert.equal(await come("/sso"), "/");
  assert.equal((await act()).status, 201, "by the provider's word, just now");
}, { sso });

Deno.test("a provider asked afresh asks who it is, and tells when", async () => {
  const callback = "http://sluice.test/sso/callback";
  await using provider = await startOidcProvider(callback);
  provider.people.set("1", { email: EMAIL, email_verified: true });
  const door = createSso({
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    scopes: "openid email",
    roleClaim: null,
    adminValue: "admin",
    viewerValue: null,
    name: "Acme",
  }, { redirectUri: callback, clock: manualClock() });
  const before = Math.floor(Date.now() / 1000) * 1000;
  const url = await door.start("secret", true);
  assert.equal(url.searchParams.get("prompt"), "login");
  const back = await provider.signIn(url.href, "1");
  const person = await door.finish(new URL(back).search, "secret");
  assert.ok(person.authenticatedAt !== null && person.authenticatedAt >= before);
});
