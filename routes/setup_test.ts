/** The set-up page: opened by its link alone, whatever a stranger sends. */

import assert from "node:assert/strict";
import { sha256Hex } from "@/lib/seal.ts";
import { openSetup } from "./setup.tsx";
import { appTest, type TestApp } from "./test_app.ts";

const PASSWORD = "rainy lighthouse otter";

function opening(app: TestApp, admin: { email: string; password: string } | null = null) {
  return { admin, publicUrl: "http://sluice.test", localSignIn: true, clock: app.clock };
}

appTest("a form with a file instead of the token is refused like any other", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  const url = (await openSetup(app.store, opening(app)))!;
  const send = (token: string | File) => {
    const body = new FormData();
    for (const name of ["password", "repeat"]) body.set(name, PASSWORD);
    body.set("email", "ada@example.com");
    body.set("token", token);
    const headers = { origin: "http://sluice.test" };
    return app.fetch(new Request("http://sluice.test/setup", { method: "POST", headers, body }));
  };
  for (const token of [new File(["x"], "x"), "wrong", ""]) {
    assert.equal((await send(token)).status, 403);
  }
  assert.equal(await app.store.users.count(), 0);
  assert.equal((await send(new URL(url).searchParams.get("token")!)).status, 303);
  assert.equal((await send(new URL(url).searchParams.get("token")!)).status, 403);
});

appTest("the sign-in page speaks of the set-up link while there is no account", async (app) => {
  const page = async () => await (await app.ask("/sign-in", { role: "nobody" })).text();
  assert.doesNotMatch(await page(), /set-up link/);
  assert.match(await page(), /deno task admin/);
  await app.store.db.execute("DELETE FROM users");
  assert.match(await page(), /No account exists yet\. Open the one-time set-up link/);
  assert.doesNotMatch(await page(), /deno task admin/);
});

appTest("the first admin by configuration is written down, once", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  const admin = { email: "ada@example.com", password: PASSWORD };
  for (let start = 0; start < 2; start++) {
    assert.equal(await openSetup(app.store, opening(app, admin)), null);
  }
  const { rows } = await app.store.audit.list({ action: "user.created" }, { limit: 9 });
  assert.deepEqual(rows.map(({ who, target }) => [who, target]), [["system", "ada@example.com"]]);
});

appTest("the set-up link works for a day, and a new start gives a new one", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  const start = async () => new URL((await openSetup(app.store, opening(app)))!);
  const open = async ({ pathname, search }: URL) =>
    await app.ask(pathname + search, { role: "nobody" });
  const send = async ({ searchParams }: URL) => {
    const form = { email: "ada@example.com", password: PASSWORD, repeat: PASSWORD };
    const headers = { "sec-fetch-site": "same-origin" };
    const token = searchParams.get("token")!;
    return (await app.ask("/setup", { role: "nobody", form: { ...form, token }, headers })).status;
  };
  const first = await start();
  app.clock.advance(24 * 3_600_000 - 1);
  assert.equal((await open(first)).status, 200);
  app.clock.advance(1);
  const closed = await open(first);
  assert.equal(closed.status, 403);
  assert.match(await closed.text(), /Start the app again for a new link/);
  assert.equal(await send(first), 403);
  assert.equal(await app.store.users.count(), 0);
  assert.equal(await send(await start()), 303);
});

appTest("a link that an older version printed without an end is closed", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  await app.store.settings.save("setup_token_hash", await sha256Hex("older"));
  assert.equal((await app.ask("/setup?token=older", { role: "nobody" })).status, 403);
});
