/** What is done to accounts, keys and links stands in the audit log. */

import assert from "node:assert/strict";
import { hashPassword } from "@/lib/password.ts";
import { addRepositories } from "@/lib/store/test_store.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";
import { appTest, type TestApp } from "./test_app.ts";
import { createGuest } from "./test_guest.ts";

const EMAIL = "vera@example.com";
const PASSWORD = "rainy lighthouse otter";
const NEW = "another quiet harbour";

/** The newest line: who did what to what. */
async function newest(app: TestApp): Promise<[string | null, string, string | null]> {
  const { rows: [row] } = await app.store.audit.list({}, { limit: 1 });
  app.clock.advance(1);
  return [row!.who, row!.action, row!.target];
}

async function ask(app: TestApp, path: string, form?: Record<string, string>): Promise<string> {
  const answer = await app.ask(path, form ? { form } : {});
  const text = await answer.text();
  assert.ok(answer.status < 400, `${path}: ${answer.status} ${text}`);
  return text;
}

/** Of the link shown once. */
function tokenIn(html: string): string {
  return /token=([\w-]+)</.exec(html)![1]!;
}

const ADMIN = "admin@example.com";

appTest("keys made and revoked, and a log taken away, are lines of the log", async (app) => {
  await addRepositories(app.store, ["app"]);
  await ask(app, "/settings/embed-keys", {
    name: "portal",
    scope: "all",
    repositories: "",
    origins: "https://portal.example.com",
    expires: "",
  });
  const [embedKey] = await app.store.embedKeys.list();
  assert.deepEqual(await newest(app), [ADMIN, "embed_key.created", `portal (${embedKey!.id})`]);
  await ask(app, `/settings/embed-keys/${embedKey!.id}/revocation`, {});
  assert.deepEqual((await newest(app)).slice(0, 2), [ADMIN, "embed_key.revoked"]);
  await ask(app, "/settings/audit.csv");
  assert.deepEqual(await newest(app), [ADMIN, "audit_log.exported", "audit.csv"]);
});

appTest("invitations and reset links are lines of the log, made, revoked and used", async (app) => {
  const invited = { email: "new@example.com", role: "viewer" };
  await ask(app, "/settings/invitations", invited);
  assert.deepEqual(await newest(app), [ADMIN, "invitation.created", "new@example.com"]);
  const page = await ask(app, "/settings/invitations");
  const id = /invitations\/([0-9a-f]{64})\/revocation/.exec(page)![1]!;
  await ask(app, `/settings/invitations/${id}/revocation`, {});
  assert.deepEqual(await newest(app), [ADMIN, "invitation.revoked", "new@example.com"]);

  const viewer = (await app.store.users.findByEmail("viewer@example.com"))!;
  const shown = await ask(app, `/settings/users/${viewer.id}/reset-links`, {});
  assert.deepEqual(await newest(app), [ADMIN, "user.reset_link_created", viewer.email]);
  const guest = createGuest(app);
  await guest.post("/reset", { token: tokenIn(shown), password: NEW, repeat: NEW });
  const { rows } = await app.store.audit.list({ action: "user.password_reset" }, { limit: 9 });
  assert.deepEqual(rows.map(({ who, target }) => [who, target]), [[viewer.email, viewer.email]]);
});

appTest("what people do to their own account is a line of the log", async (app) => {
  const passwordHash = await hashPassword(PASSWORD);
  await app.store.users.create({ email: EMAIL, passwordHash, role: "viewer" });
  const { id } = (await app.store.users.findByEmail(EMAIL))!;
  const guest = createGuest(app);
  await guest.post("/sign-in", { email: EMAIL, password: PASSWORD });
  await guest.post("/account/password", { current: PASSWORD, password: NEW, repeat: NEW });
  const { rows } = await app.store.audit.list({ action: "user.password_changed" }, { limit: 9 });
  assert.deepEqual(rows.map(({ who }) => who), [EMAIL]);

  app.clock.advance(1);
  await guest.post("/account/second-factor", { current: NEW });
  const secret = (await app.store.secondFactors.findPending(id))!;
  const code = await totpCode(secret, totpStep(app.clock.now()));
  await guest.post("/account/second-factor/confirmation", { code });
  const turnedOn = await app.store.audit.list({ action: "second_factor.turned_on" }, { limit: 9 });
  assert.deepEqual(turnedOn.rows.map(({ who }) => who), [EMAIL]);
  app.clock.advance(1);
  await guest.post("/account/recovery-codes", { current: NEW });
  assert.deepEqual(await newest(app), [EMAIL, "second_factor.codes_renewed", EMAIL]);
  await guest.post("/account/second-factor/removal", { current: NEW });
  assert.deepEqual(await newest(app), [EMAIL, "second_factor.turned_off", EMAIL]);
});

appTest("a webhook made by hand and failed scans retried are lines of the log", async (app) => {
  const { serverId } = await addRepositories(app.store, ["app"]);
  await ask(app, `/servers/${serverId}/webhook`, {});
  assert.deepEqual((await newest(app)).slice(0, 2), [ADMIN, "server.webhook_changed"]);
  await ask(app, "/scans/retries", { server: serverId });
  assert.deepEqual(await newest(app), [ADMIN, "scan.retried", null]);
});
