/** Single sign-on against a real OpenID provider: who comes in, as whom, and who does not. */

import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import type { OidcConfig } from "@/lib/config.ts";
import { type Claims, type FakeOidcProvider, startOidcProvider } from "@/lib/fake_oidc_provider.ts";
import { createSso, type Sso } from "@/lib/sso.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest, type Guest } from "./test_guest.ts";

const CALLBACK = "http://sluice.test/sso/callback";

/** Runs a test beside a provider of its own. */
function ssoTest(
  name: string,
  run: (app: TestApp, provider: FakeOidcProvider) => Promise<void>,
  given: Partial<OidcConfig> = {},
): void {
  let inner: Sso | null = null;
  const sso: Sso = {
    name: "Acme",
    start: (secret, afresh) => inner!.start(secret, afresh),
    finish: (query, secret) => inner!.finish(query, secret),
  };
  appTest(name, async (app) => {
    await using provider = await startOidcProvider(CALLBACK);
    inner = createSso({
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      scopes: "openid email profile",
      roleClaim: "groups",
      adminValue: "sluice-admins",
      viewerValue: null,
      name: "Acme",
      ...given,
    }, { redirectUri: CALLBACK, clock: manualClock() });
    await run(app, provider);
  }, { sso });
}

/** Signs in as a person at the provider; gives where the guest ends up, and what is said there. */
async function come(guest: Guest, provider: FakeOidcProvider, subject: string, claims?: Claims) {
  if (claims) provider.people.set(subject, claims);
  const { location } = await guest.get("/sso?next=/findings");
  const back = await provider.signIn(location!, subject);
  const answer = await guest.get(new URL(back).pathname + new URL(back).search);
  const said = answer.location === "/sign-in" ? (await guest.get("/sign-in")).html : "";
  return { back, location: answer.location, said };
}

const ada = { email: "ada@example.com", email_verified: true };

ssoTest(
  "a new person becomes a user, with the role of their claim, and comes back as the same",
  async (app, provider) => {
    const guest = createGuest(app);
    const { location } = await come(guest, provider, "1", {
      ...ada,
      groups: ["x", "sluice-admins"],
    });
    assert.equal(location, "/findings");
    assert.equal((await guest.get("/findings")).status, 200);
    const user = (await app.store.users.findByEmail(ada.email))!;
    assert.deepEqual(
      [user.role, user.oidcIssuer, user.oidcSubject, user.passwordHash],
      ["admin", provider.issuer, "1", ""],
    );
    assert.match((await guest.get("/account")).html, /You have none here/);

    // The address may change at the provider; the subject is who it is.
    await come(createGuest(app), provider, "1", {
      email: "ada@new.example",
      groups: ["sluice-admins"],
    });
    assert.equal((await app.store.users.list()).length, 3);
    const { rows } = await app.store.audit.list({ action: "sign_in.succeeded" }, { limit: 5 });
    assert.match(rows[0]!.detail!, /single sign-on/);
  },
);

ssoTest(
  "what goes to the provider has PKCE, state and nonce, and a new one each time",
  async (app, provider) => {
    const guest = createGuest(app);
    const sent = [await guest.get("/sso"), await guest.get("/sso")]
      .map(({ location }) => new URL(location!).searchParams);
    for (const one of sent) {
      assert.equal(one.get("code_challenge_method"), "S256");
      assert.equal(one.get("response_type"), "code");
      assert.equal(one.get("redirect_uri"), CALLBACK);
      assert.match(one.get("code_challenge")!, /^[\w-]{43}$/);
    }
    for (const name of ["state", "nonce", "code_challenge"]) {
      assert.notEqual(sent[0]!.get(name), sent[1]!.get(name));
    }
    assert.ok(provider.issuer);
  },
);

ssoTest("a code works once, and in the browser that asked for it", async (app, provider) => {
  const guest = createGuest(app);
  provider.people.set("1", ada);
  const { location } = await guest.get("/sso");
  const back = new URL(await provider.signIn(location!, "1"));
  const path = back.pathname + back.search;
  const thief = createGuest(app);
  assert.equal((await thief.get(path)).location, "/sign-in");
  const another = createGuest(app);
  await another.get("/sso");
  assert.equal((await another.get(path)).location, "/sign-in", "a state of another browser");
  assert.equal((await guest.get(path)).location, "/");
  assert.equal((await guest.get(path)).location, "/sign-in", "twice");
  assert.equal(thief.cookies.has("sluice"), false);
});

ssoTest(
  "a call back that was changed on the way, or refused, signs nobody in",
  async (app, provider) => {
    provider.people.set("1", ada);
    const changes: Record<string, (url: URL) => void> = {
      "another code": (url) => url.searchParams.set("code", "x"),
      "another state": (url) => url.searchParams.set("state", "x"),
      "another issuer": (url) => url.searchParams.set("iss", "https://evil.example"),
      "no code": (url) => url.searchParams.delete("code"),
      "a refusal": (url) => {
        url.searchParams.delete("code");
        url.searchParams.set("error", "access_denied");
        url.searchParams.set("error_description", "<b>call 555</b>");
      },
    };
    for (const [change, apply] of Object.entries(changes)) {
      const guest = createGuest(app);
      const { location } = await guest.get("/sso");
      const back = new URL(await provider.signIn(location!, "1"));
      apply(back);
      const answer = await guest.get(back.pathname + back.search);
      assert.equal(answer.location, "/sign-in", change);
      assert.equal(guest.cookies.has("sluice"), false, change);
      const { html } = await guest.get("/sign-in");
      assert.match(html, /answer cannot be used/);
      assert.doesNotMatch(html, /555/);
    }
  },
);

ssoTest(
  "an account is tied by a verified e-mail only, and to one subject only",
  async (app, provider) => {
    const { users } = app.store;
    const id =
      (await users.create({ email: "Ada@example.com", passwordHash: "x", role: "viewer" }))!;
    const unverified = await come(createGuest(app), provider, "2", { email: ada.email });
    assert.match(unverified.said, /does not vouch for the address/);
    const denied = await come(createGuest(app), provider, "2", { ...ada, email_verified: false });
    assert.equal(denied.location, "/sign-in");
    assert.equal((await users.find(id))?.oidcSubject, null);

    assert.equal((await come(createGuest(app), provider, "1", ada)).location, "/findings");
    assert.equal((await users.find(id))?.oidcSubject, "1");
    const { rows } = await app.store.audit.list({ action: "user.linked" }, { limit: 5 });
    assert.deepEqual(rows.map(({ target, detail }) => [target, detail]), [[ada.email, "1"]]);
    const namesake = await come(createGuest(app), provider, "3", ada);
    assert.match(namesake.said, /belongs to somebody else/);
  },
);

ssoTest(
  "the claim rules the role at each sign-in, and ends sessions with the old one",
  async (app, provider) => {
    const first = createGuest(app);
    await come(first, provider, "1", { ...ada, groups: ["sluice-admins"] });
    assert.equal((await first.get("/settings/invitations")).status, 200);
    const second = createGuest(app);
    await come(second, provider, "1", { ...ada, groups: [] });
    assert.equal((await second.get("/settings/invitations")).status, 403);
    assert.match((await first.get("/settings")).location!, /^\/sign-in/);
    const roles = await app.store.audit.list({ action: "user.role_changed" }, { limit: 5 });
    assert.equal(roles.rows.length, 1);
  },
);

ssoTest(
  "who has no value of the claim does not come in, where one is asked for",
  async (app, provider) => {
    const refused = await come(createGuest(app), provider, "1", { ...ada, groups: ["others"] });
    assert.match(refused.said, /gives you no role here/);
    assert.equal(await app.store.users.findByEmail(ada.email), null);
    const admitted = await come(createGuest(app), provider, "1", {
      ...ada,
      groups: "sluice-viewers",
    });
    assert.equal(admitted.location, "/findings");
    assert.equal((await app.store.users.findByEmail(ada.email))?.role, "viewer");
  },
  { viewerValue: "sluice-viewers" },
);

ssoTest(
  "without a role claim a new person is a viewer, and keeps what an admin gives",
  async (app, provider) => {
    await come(createGuest(app), provider, "1", { ...ada, groups: ["sluice-admins"] });
    const user = (await app.store.users.findByEmail(ada.email))!;
    assert.equal(user.role, "viewer");
    await app.store.users.setRole(user.id, "admin");
    await come(createGuest(app), provider, "1");
    assert.equal((await app.store.users.find(user.id))?.role, "admin");
  },
  { roleClaim: null },
);

ssoTest("a wrong client secret is told plainly, and does not appear", async (app, provider) => {
  const { said } = await come(createGuest(app), provider, "1", ada);
  assert.match(said, /it does not take OIDC_CLIENT_ID with OIDC_CLIENT_SECRET/);
  assert.doesNotMatch(said, /a wrong one/);
}, { clientSecret: "a wrong one" });

appTest("a provider that does not answer is told plainly", async (app) => {
  const guest = createGuest(app);
  assert.equal((await guest.get("/sso")).location, "/sign-in");
  assert.match((await guest.get("/sign-in")).html, /Cannot reach 127\.0\.0\.1:1|127\.0\.0\.1:1/);
}, {
  sso: createSso({
    issuer: "http://127.0.0.1:1",
    clientId: "a",
    clientSecret: "b",
    scopes: "openid",
    roleClaim: null,
    adminValue: "admin",
    viewerValue: null,
    name: "Acme",
  }, { redirectUri: CALLBACK, clock: manualClock() }),
});

ssoTest("no stranger fills the audit log by failing at the provider", async (app) => {
  const stranger = createGuest(app, { address: "2001:db8::1" });
  for (let tries = 0; tries < 30; tries++) {
    await stranger.get("/sso");
    assert.equal((await stranger.get("/sso/callback?error=access_denied")).location, "/sign-in");
  }
  const { rows } = await app.store.audit.list({ action: "sign_in.failed" }, { limit: 100 });
  assert.equal(rows.length, 20);
});
