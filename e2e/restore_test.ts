/** What a restore brings back, and what stays shut: by the command, on databases made for it. */

import assert from "node:assert/strict";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { DatabaseSync } from "node:sqlite";
import { createSeal } from "@/lib/seal.ts";
import { openStore } from "@/lib/store/mod.ts";
import { ROOT } from "@/tools/files.ts";

const KEY = new Uint8Array(32).fill(3);

async function restore(dataDir: string, file: string): Promise<string> {
  const { code, said } = await tryRestore(dataDir, file);
  assert.equal(code, 0, said);
  return said;
}

async function tryRestore(dataDir: string, file: string): Promise<{ code: number; said: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=admin", "tools/admin.ts", "restore", file],
    cwd: ROOT,
    env: { DATA_DIR: dataDir, SECRET_KEY: btoa(String.fromCharCode(...KEY)), NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stderr) };
}

/** A database with two admins, keys and ways in; a copy of it; and then all of them revoked. */
async function revokedSince(folder: string): Promise<void> {
  const seal = await createSeal(KEY);
  const store = await openStore({ url: `file:${folder}/sluice.db`, seal });
  try {
    const make = (email: string) =>
      store.users.create({ email, passwordHash: "scrypt$x", role: "admin" });
    await make("ada@x.test");
    const [bob, eve] = [await make("bob@x.test"), await make("e@x.test")];
    const given = { createdBy: "ada@x.test", expiresAt: null };
    const api = await store.apiKeys.create({ ...given, name: "api", role: "admin" });
    await store.apiKeys.create({ ...given, name: "kept", role: "admin" });
    const lists = { serverIds: [], repositoryIds: [], origins: [] };
    const embed = await store.embedKeys.create({ ...given, ...lists, name: "e", showCounts: true });
    await store.sessions.start(eve!);
    await store.backup(`${folder}/copy.db`);
    await store.apiKeys.revoke(api.id);
    await store.embedKeys.revoke(embed.id);
    await store.users.setRole(bob!, "viewer");
    await store.users.remove(eve!);
    await store.audit.add({ who: "ada@x.test", action: "user.removed", target: "e@x.test" });
    await store.sessions.start(bob!);
  } finally {
    store.close();
  }
}

Deno.test("after a restore what was revoked stays revoked, and the audit log goes on", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    const said = await restore(folder, `${folder}/copy.db`);
    assert.match(said, /2 revoked keys, 1 removed account, 1 admin who became a viewer/);
    const rows = (sql: string) => readRows(folder, sql);
    assert.deepEqual(
      rows("SELECT name FROM api_keys WHERE revoked_at IS NULL").map(({ name }) => name),
      ["kept"],
    );
    assert.deepEqual(rows("SELECT 1 FROM embed_keys WHERE revoked_at IS NULL"), []);
    assert.deepEqual(
      rows("SELECT email, role FROM users ORDER BY email").map(({ email, role }) => [email, role]),
      [["ada@x.test", "admin"], ["bob@x.test", "viewer"]],
    );
    for (const table of ["sessions", "one_time_tokens", "known_devices"]) {
      assert.deepEqual(rows(`SELECT 1 FROM ${table}`), [], table);
    }
    const acts = rows("SELECT action, detail FROM audit_log ORDER BY at, id");
    assert.deepEqual(acts.map(({ action }) => action), ["user.removed", "database.restored"]);
    assert.match(String(acts[1]!.detail), /2 revoked keys/);
  }));

Deno.test("a restore over a database that cannot be read says what was not carried over", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    const broken = new DatabaseSync(`${folder}/sluice.db`);
    broken.exec("DROP TABLE embed_keys");
    broken.close();
    const said = await restore(folder, `${folder}/copy.db`);
    assert.match(
      said,
      /cannot be read \(no such table: embed_keys\): keys and accounts that were revoked/,
    );
    assert.deepEqual(readRows(folder, "SELECT 1 FROM sessions"), []);
    assert.equal(readRows(folder, "SELECT 1 FROM api_keys WHERE revoked_at IS NULL").length, 2);
    const [act] = readRows(
      folder,
      "SELECT detail FROM audit_log WHERE action = 'database.restored'",
    );
    assert.match(String(act!.detail), /nothing carried over/);
  }));

Deno.test("the file that a restore sets aside is whole", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    await restore(folder, `${folder}/copy.db`);
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    const [aside] = names.filter((name) => /before-restore.*Z$/.test(name));
    using database = new DatabaseSync(`${folder}/${aside}`, { readOnly: true });
    assert.equal(database.prepare("SELECT 1 FROM api_keys").all().length, 2);
  }));

Deno.test("a restore over a newer installation leaves accounts that it never had, and an admin", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    await Deno.rename(`${folder}/copy.db`, `${folder}/old.db`);
    await Deno.remove(`${folder}/sluice.db`);
    const store = await openStore({ url: `file:${folder}/sluice.db`, seal: await createSeal(KEY) });
    await store.users.create({ email: "new@x.test", passwordHash: "scrypt$x", role: "admin" });
    store.close();
    const said = await restore(folder, `${folder}/old.db`);
    assert.match(said, /0 revoked keys, 0 removed accounts, 0 admins/);
    const emails = readRows(folder, "SELECT email FROM users ORDER BY email");
    assert.deepEqual(emails.map(({ email }) => email), ["ada@x.test", "bob@x.test", "e@x.test"]);
  }));

Deno.test("a restore leaves the copy's accounts where otherwise no admin would be left", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    const database = new DatabaseSync(`${folder}/sluice.db`);
    database.exec("UPDATE users SET role = 'viewer'");
    database.close();
    assert.match(await restore(folder, `${folder}/copy.db`), /no admin is left/);
    const admins = readRows(folder, "SELECT email FROM users WHERE role = 'admin'");
    assert.equal(admins.length, 3);
    assert.equal(readRows(folder, "SELECT 1 FROM api_keys WHERE revoked_at IS NULL").length, 1);
  }));

Deno.test("a copy that a newer Sluice made is refused, and what is there stays", () =>
  withFolder(async (folder) => {
    await revokedSince(folder);
    using copy = new DatabaseSync(`${folder}/copy.db`);
    copy.exec("UPDATE __drizzle_migrations SET created_at = created_at + 1000000000000");
    copy.close();
    const before = readRows(folder, "SELECT name FROM api_keys WHERE revoked_at IS NULL");
    const { code, said } = await tryRestore(folder, `${folder}/copy.db`);
    assert.notEqual(code, 0);
    assert.match(said, /a newer version of Sluice made it/);
    assert.deepEqual(
      readRows(folder, "SELECT name FROM api_keys WHERE revoked_at IS NULL"),
      before,
    );
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert.deepEqual(names.filter((name) => name.includes("before-restore")), []);
  }));
