/** The set-up page: opened by its link alone, whatever a stranger sends. */

import assert from "node:assert/strict";
import { openSetup } from "./setup.tsx";
import { appTest } from "./test_app.ts";

const PASSWORD = "rainy lighthouse otter";

appTest("a form with a file instead of the token is refused like any other", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  const url = (await openSetup(app.store, null, "http://sluice.test", true))!;
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

appTest("the first admin by configuration is written down, once", async (app) => {
  await app.store.db.execute("DELETE FROM users");
  const admin = { email: "ada@example.com", password: PASSWORD };
  for (let start = 0; start < 2; start++) {
    assert.equal(await openSetup(app.store, admin, "http://sluice.test", true), null);
  }
  const { rows } = await app.store.audit.list({ action: "user.created" }, { limit: 9 });
  assert.deepEqual(rows.map(({ who, target }) => [who, target]), [["system", "ada@example.com"]]);
});
