/** Roles and accounts in an admin's hands; one admin always stays. */

import assert from "node:assert/strict";
import { appTest, type TestApp } from "./test_app.ts";

const post = (app: TestApp, id: string, what: string, form = {}) =>
  app.ask(`/settings/users/${id}/${what}`, { form });

const idOf = async (app: TestApp, email: string) => (await app.store.users.findByEmail(email))!.id;

appTest("another role counts at once, and ends the sessions with the old one", async (app) => {
  const viewer = await idOf(app, "viewer@example.com");
  assert.equal((await post(app, viewer, "role", { role: "owner" })).status, 422);
  assert.equal((await post(app, viewer, "role", { role: "admin" })).status, 303);
  assert.equal((await app.store.users.find(viewer))!.role, "admin");
  assert.equal((await app.ask("/findings", { role: "viewer" })).status, 303);
});

appTest("an admin signs somebody out everywhere, and removes them", async (app) => {
  const viewer = await idOf(app, "viewer@example.com");
  await post(app, viewer, "sessions/endings");
  assert.equal((await app.ask("/findings", { role: "viewer" })).status, 303);
  await post(app, viewer, "removal");
  assert.equal(await app.store.users.find(viewer), null);
  assert.equal((await post(app, viewer, "removal")).status, 404);
  const { rows } = await app.store.audit.list({ action: "user.removed" }, { limit: 5 });
  assert.deepEqual([rows[0]!.who, rows[0]!.target], ["admin@example.com", "viewer@example.com"]);
});

appTest("the last admin can be neither removed nor made a viewer", async (app) => {
  const admin = await idOf(app, "admin@example.com");
  await post(app, admin, "role", { role: "viewer" });
  await post(app, admin, "removal");
  assert.equal((await app.store.users.find(admin))?.role, "admin");
  assert.equal((await app.ask("/settings/invitations")).status, 200);
});

appTest("no link of an admin outlives their role or account", async (app) => {
  await app.store.users.create({ email: "eve@example.com", passwordHash: "x", role: "admin" });
  const [eve, viewer] = [await idOf(app, "eve@example.com"), await idOf(app, "viewer@example.com")];
  const { oneTimeTokens } = app.store;
  for (
    const end of [() => post(app, eve, "role", { role: "viewer" }), () => post(app, eve, "removal")]
  ) {
    await app.store.users.setRole(eve, "admin");
    const links = {
      invitation: await oneTimeTokens.create("invitation", {
        email: "back@example.com",
        role: "admin",
        createdBy: "Eve@example.com",
      }),
      reset: await oneTimeTokens.create("reset", { userId: viewer, createdBy: "eve@example.com" }),
    };
    const kept = await oneTimeTokens.create("invitation", {
      email: "new@example.com",
      role: "viewer",
      createdBy: "admin@example.com",
    });
    assert.equal((await end()).status, 303);
    for (const kind of ["invitation", "reset"] as const) {
      assert.equal(await oneTimeTokens.find(kind, links[kind]), null, kind);
    }
    assert.ok(await oneTimeTokens.find("invitation", kept));
  }
});
