/** Adding people who may sign in. */

import assert from "node:assert/strict";
import { appTest } from "./test_app.ts";

appTest(
  "an admin adds a user once, and a bad form keeps what was typed but the password",
  async (app) => {
    const form = { email: "new@example.com", password: "a long enough one", role: "viewer" };
    const short = await app.ask("/settings/users", { form: { ...form, password: "short-one" } });
    assert.equal(short.status, 422);
    const html = await short.text();
    assert.match(html, /id="password-error"/);
    assert.match(html, /value="new@example\.com"/);
    assert.ok(!html.includes("short-one"));
    const added = await app.ask("/settings/users", { form });
    assert.equal(added.status, 303);
    const twice = await app.ask("/settings/users", { form });
    assert.match(await twice.text(), /id="email-error".*has an account already/s);
  },
);

appTest("a viewer sees the users but adds none", async (app) => {
  const html = await (await app.ask("/settings", { role: "viewer" })).text();
  assert.match(html, /admin@example\.com/);
  assert.doesNotMatch(html, /Add a user/);
});
