/** Signing in: who gets in, who waits, and what neither text, status nor cookie gives away. */

import assert from "node:assert/strict";
import { hashPassword } from "@/lib/password.ts";
import type { TestStore } from "@/lib/store/test_store.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";
import { appTest } from "./test_app.ts";
import { createGuest, type Guest } from "./test_guest.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "rainy lighthouse otter";

async function addAda(store: TestStore): Promise<string> {
  const passwordHash = await hashPassword(PASSWORD);
  return (await store.users.create({ email: EMAIL, passwordHash, role: "admin" }))!;
}

function signIn(guest: Guest, given: Record<string, string> = {}) {
  return guest.post("/sign-in", { email: EMAIL, password: PASSWORD, ...given });
}

/** Turns on the second factor of a signed-in guest, by the pages; gives its secret and codes. */
async function turnOn(guest: Guest, store: TestStore) {
  await guest.post("/account/second-factor", { current: PASSWORD });
  const { html } = await guest.get("/account/second-factor");
  const secret = /id="factor-key">([A-Z2-7 ]+)</.exec(html)![1]!.replaceAll(" ", "");
  const code = totpCode(secret, totpStep(store.clock.now()));
  const shown = await guest.post("/account/second-factor/confirmation", { code });
  assert.equal(shown.status, 200, shown.html);
  const codes = [...shown.html.matchAll(/<code>([a-z2-7-]{27})<\/code>/g)].map(([, one]) => one!);
  assert.equal(codes.length, 10);
  return { secret, codes };
}

appTest("a right password gives a new session, and ends the one of before", async (app) => {
  await addAda(app.store);
  const guest = createGuest(app);
  guest.cookies.set("sluice", "chosen by somebody else");
  assert.equal((await signIn(guest, { next: "/findings" })).location, "/findings");
  const first = guest.cookies.get("sluice")!;
  assert.notEqual(first, "chosen by somebody else");
  app.clock.advance(1);
  await signIn(guest);
  app.clock.advance(1);
  assert.notEqual(guest.cookies.get("sluice"), first);
  assert.equal(await app.store.sessions.findUser(first), null);
  await guest.post("/sign-out");
  assert.equal(guest.cookies.has("sluice"), false);
  assert.equal((await guest.get("/findings")).location, "/sign-in?next=%2Ffindings");
  const { rows } = await app.store.audit.list({}, { limit: 10 });
  assert.deepEqual(
    rows.map(({ who, action, address }) => [who, action, address]),
    [
      [EMAIL, "session.ended", "192.0.2.1"],
      [EMAIL, "sign_in.succeeded", "192.0.2.1"],
      [EMAIL, "sign_in.succeeded", "192.0.2.1"],
    ],
  );
});

for (
  const next of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "/ok\r\nSet-Cookie: x=y",
  ]
) {
  appTest(`after signing in nobody is sent to ${JSON.stringify(next)}`, async (app) => {
    await addAda(app.store);
    const { location } = await signIn(createGuest(app), { next });
    assert.equal(new URL(location!, "http://sluice.test").origin, "http://sluice.test");
    assert.doesNotMatch(location!, /[\r\n\t\\]|^\/\//);
  });
}

appTest("a wrong password and an unknown account get the same answer", async (app) => {
  await addAda(app.store);
  const wrong = await signIn(createGuest(app), { password: "not the password" });
  const unknown = await signIn(createGuest(app), {
    email: "bob@example.com",
    password: "not the password",
  });
  assert.equal(wrong.status, 422);
  assert.equal(unknown.status, 422);
  assert.equal(wrong.html.replaceAll(EMAIL, "X"), unknown.html.replaceAll("bob@example.com", "X"));
  assert.ok(!wrong.html.includes("not the password"));
  const names = ({ headers }: { headers: Headers }) =>
    [...headers.keys()].filter((name) => name !== "x-request-id").sort();
  assert.deepEqual(names(wrong), names(unknown));
});

appTest("what was typed where the e-mail belongs is not logged", async (app) => {
  await signIn(createGuest(app), { email: "my other password", password: "x" });
  const { rows } = await app.store.audit.list({}, { limit: 10 });
  assert.equal(rows[0]!.action, "sign_in.failed");
  assert.doesNotMatch(JSON.stringify(rows), /my other password/);
});

appTest(
  "guessing slows the stranger, and neither a known browser nor another account",
  async (app) => {
    await addAda(app.store);
    const known = createGuest(app);
    await signIn(known);
    await known.post("/sign-out");
    const stranger = createGuest(app, { address: "192.0.2.66" });
    for (let tries = 0; tries < 5; tries++) {
      assert.equal((await signIn(stranger, { password: "a wrong guess" })).status, 422);
    }
    // Even the right password waits now, so that a guess that hit is not told from one that did not.
    const waits = await signIn(stranger);
    assert.equal(waits.status, 429);
    assert.match(waits.html, /Try again in/);
    assert.equal((await signIn(createGuest(app))).status, 429, "another browser of hers waits too");
    assert.equal((await signIn(known)).location, "/", "a known one does not");
    app.clock.advance(60_000);
    assert.equal((await signIn(createGuest(app))).location, "/", "and after a while none");
  },
);

appTest("one address cannot try many accounts", async (app) => {
  const stranger = createGuest(app, { address: "192.0.2.66" });
  const statuses: number[] = [];
  for (let tries = 0; tries < 21; tries++) {
    const { status } = await signIn(stranger, { email: `user${tries}@example.com`, password: "x" });
    statuses.push(status);
  }
  assert.deepEqual(statuses, [...new Array<number>(20).fill(422), 429]);
});

appTest("with one-time passwords on, a password opens nothing before the code", async (app) => {
  await addAda(app.store);
  const guest = createGuest(app);
  await signIn(guest);
  const { secret, codes } = await turnOn(guest, app.store);
  await guest.post("/sign-out");

  assert.equal((await signIn(guest, { next: "/findings" })).location, "/sign-in/code");
  assert.equal(guest.cookies.has("sluice"), false);
  assert.match((await guest.get("/findings")).location!, /^\/sign-in/);
  assert.equal((await guest.get("/sign-in/code")).status, 200);
  const used = totpCode(secret, totpStep(app.clock.now()));
  assert.equal(
    (await guest.post("/sign-in/code", { code: used })).status,
    422,
    "a code used before",
  );
  app.clock.advance(30_000);
  const code = totpCode(secret, totpStep(app.clock.now()));
  assert.equal((await guest.post("/sign-in/code", { code })).location, "/findings");
  assert.equal((await guest.get("/findings")).status, 200);

  const other = createGuest(app);
  await signIn(other);
  assert.equal((await other.post("/sign-in/code", { code })).status, 422, "the same code again");
  assert.equal((await other.post("/sign-in/code", { code: codes[3]! })).location, "/");
  const third = createGuest(app);
  await signIn(third);
  assert.equal((await third.post("/sign-in/code", { code: codes[3]! })).status, 422);
});

appTest(
  "codes cannot be tried one after the other, and the half-way sign-in ends soon",
  async (app) => {
    await addAda(app.store);
    const guest = createGuest(app);
    await signIn(guest);
    await turnOn(guest, app.store);
    await signIn(guest);
    for (let tries = 0; tries < 5; tries++) {
      assert.equal((await guest.post("/sign-in/code", { code: "000000" })).status, 422);
    }
    assert.equal((await guest.post("/sign-in/code", { code: "000000" })).status, 429);
    app.clock.advance(5 * 60_000);
    assert.equal((await guest.post("/sign-in/code", { code: "000000" })).location, "/sign-in");
  },
);

appTest(
  "cookies are bound to the host and hidden from scripts, over TLS and without",
  async (app) => {
    await addAda(app.store);
    const guest = createGuest(app);
    const { headers } = await signIn(guest);
    for (const cookie of headers.getSetCookie().filter((one) => !/max-age=0/i.test(one))) {
      assert.match(
        cookie,
        /^sluice(_device)?=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
      );
    }
  },
);

appTest("over TLS cookies carry the __Host- prefix, and HSTS goes out", async (app) => {
  await addAda(app.store);
  const guest = createGuest(app, { origin: "https://sluice.test" });
  const { headers } = await signIn(guest);
  const kept = headers.getSetCookie().filter((one) => !/max-age=0/i.test(one));
  assert.equal(kept.length, 2);
  for (const cookie of kept) {
    assert.match(cookie, /^__Host-sluice\w*=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    assert.doesNotMatch(cookie, /Domain/i);
  }
  assert.match(headers.get("strict-transport-security")!, /max-age=31536000/);
  assert.equal((await guest.get("/findings")).status, 200);
}, { publicUrl: "https://sluice.test" });

appTest("where local sign-in is off, there is no form and no password that works", async (app) => {
  await addAda(app.store);
  const guest = createGuest(app);
  const { html } = await guest.get("/sign-in");
  assert.match(html, /href="\/sso\?next=%2F"/);
  assert.doesNotMatch(html, /type="password"/);
  assert.equal((await signIn(guest)).status, 403);
}, {
  localSignIn: false,
  sso: {
    name: "Acme",
    start: () => Promise.reject(new Error("not asked")),
    finish: () => Promise.reject(new Error("not asked")),
  },
});
