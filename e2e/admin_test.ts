/** `deno task admin` beside the running app: keys, accounts, another key, a backup and back. */

import assert from "node:assert/strict";
import { type App, runApp, startApp } from "@/e2e/harness/app.ts";
import { countActs, readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken, password, searchFiles } from "@/e2e/harness/secrets.ts";
import { createVisitor } from "@/e2e/harness/visitor.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace, WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";
import { confirmFactor } from "@/e2e/harness/second_factor.ts";
import { createGuest } from "@/routes/test_guest.ts";
import { ROOT } from "@/tools/files.ts";

/** Runs a command under the permissions that its task has. */
async function admin(
  env: Record<string, string>,
  args: readonly string[],
  input = "",
): Promise<{ code: number; out: string; err: string }> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const [, ...command] = String(tasks.admin.command).split(" ");
  const inherited = ["PATH", "HOME", "DENO_DIR", "TMPDIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: [...command, ...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

/** The app's environment with the key in a file. */
function withKeyFile(workspace: Workspace): Record<string, string> {
  const { SECRET_KEY: _, ...env } = workspace.env;
  return env;
}

// deno-lint-ignore no-explicit-any
async function api(app: App, key: string, path: string, json?: unknown): Promise<any> {
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method: json === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${key}`,
      ...(json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const body = await response.json();
  assert.ok(response.ok, JSON.stringify(body));
  return body;
}

Deno.test("admin api-key prints the key and nothing else, and the running app takes it", () =>
  withFolder(async (dataDir) => {
    const app = await startApp({ dataDir });
    try {
      const made = await admin({ DATA_DIR: dataDir }, [
        "api-key",
        "--name",
        "ci",
        "--role",
        "viewer",
      ]);
      assert.equal(made.code, 0, made.err);
      assert.match(made.out, /^sluice_api_[0-9A-Za-z]{38}\n$/);
      assert.deepEqual((await api(app, made.out.trim(), "/servers")).items, []);
      const wrong = await admin({ DATA_DIR: dataDir }, ["api-key", "--role", "boss"]);
      assert.deepEqual([wrong.code, wrong.out], [2, ""]);
      assert.match(wrong.err, /--name is missing; --role is admin or viewer/);
    } finally {
      await app.stop();
    }
  }));

Deno.test("admin user and reset-password: the password comes in, or is made and printed once", () =>
  withFolder(async (dataDir) => {
    const app = await startApp({ dataDir });
    const env = { DATA_DIR: dataDir };
    const mayIn = async (secret: string) => {
      const visitor = createVisitor(app.url);
      await visitor.open("/sign-in");
      await visitor.submit({ email: "ada@example.com", password: secret });
      return (await visitor.open("/servers")).path === "/servers";
    };
    try {
      const secret = password();
      const user = ["user", "--email", "ada@example.com", "--role", "admin"];
      const short = await admin(env, user, "short\n");
      assert.match(short.err, /at least 12 characters/);
      const made = await admin(env, user, `${secret}\n`);
      assert.deepEqual([made.code, made.out], [0, ""], made.err);
      assert.ok(await mayIn(secret));
      assert.match((await admin(env, user, secret)).err, /has an account already/);

      const visitor = createVisitor(app.url);
      await visitor.open("/sign-in");
      await visitor.submit({ email: "ada@example.com", password: secret });
      const reset = await admin(env, ["reset-password", "--email", "ADA@example.com"]);
      assert.match(reset.out, /^[0-9A-Za-z]{20,}\n$/);
      await waitFor(
        "the end of the session",
        async () => (await visitor.open("/servers")).path.startsWith("/sign-in"),
        120_000,
      );
      assert.equal(await mayIn(secret), false);
      assert.ok(await mayIn(reset.out.trim()));
      assert.deepEqual(await searchFiles(dataDir, [secret, reset.out.trim()]), []);
    } finally {
      await app.stop();
    }
  }));

Deno.test("admin reset-factor takes the second factor away, once, and ends the sessions", () =>
  withFolder(async (dataDir) => {
    const app = await startApp({ dataDir });
    const env = { DATA_DIR: dataDir };
    const secret = password();
    const reset = () => admin(env, ["reset-factor", "--email", "ADA@example.com"]);
    const ada = createGuest(
      { fetch: (request) => fetch(request, { redirect: "manual" }) },
      { origin: app.url },
    );
    const signIn = () => ada.post("/sign-in", { email: "ada@example.com", password: secret });
    try {
      assert.match((await reset()).err, /nobody has the account/);
      await admin(env, ["user", "--email", "ada@example.com", "--role", "admin"], `${secret}\n`);
      assert.match((await reset()).err, /has no second factor/);
      await signIn();
      await ada.post("/account/second-factor", { current: secret });
      const { html } = await ada.get("/account/second-factor");
      await confirmFactor(ada, /secret=([A-Z2-7]{32})/.exec(html)![1]!);
      assert.equal((await signIn()).location, "/sign-in/code");
      const done = await reset();
      assert.deepEqual([done.code, done.out], [0, ""], done.err);
      await waitFor(
        "the end of the session",
        async () => (await ada.get("/servers")).location?.startsWith("/sign-in") === true,
        120_000,
      );
      assert.equal((await signIn()).location, "/");
      const { location } = await ada.get("/servers");
      assert.equal(location, null);
    } finally {
      await app.stop();
    }
  }));

Deno.test("admin rotate-key while the app runs: tokens open, fingerprints stay, the old key is gone", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    const secret = githubToken();
    const git = `${folder}/app.git`;
    await makeRepository(git, [{ message: "One", files: { "a.env": `GITHUB=${secret}\n` } }]);
    await using workspace = openWorkspace({ repositories: [{ name: "app", git }] });
    const env = { ...withKeyFile(workspace), DATA_DIR: dataDir };
    const app = await startApp({ dataDir, env });
    let key: string;
    const fingerprints = async (of: App) =>
      // deno-lint-ignore no-explicit-any
      (await api(of, key, "/findings")).items.map((one: any) => one.fingerprint);
    try {
      key = (await admin(env, ["api-key", "--name", "t", "--role", "admin"])).out.trim();
      const { id } = await api(app, key, "/servers", {
        type: "bitbucket_cloud",
        workspace: WORKSPACE,
        token: workspace.pasted,
        selection: { mode: "all" },
      });
      await waitFor("the finding", async () => (await fingerprints(app)).length === 1);
      const before = await fingerprints(app);
      const oldKey = (await Deno.readTextFile(`${dataDir}/key`)).trim();

      const rotated = await admin(env, ["rotate-key"]);
      assert.equal(rotated.code, 0, rotated.err);
      assert.equal(rotated.out, "");
      const newKey = (await Deno.readTextFile(`${dataDir}/key`)).trim();
      assert.notEqual(newKey, oldKey);
      assert.equal(newKey.split("\n").length, 1);
      assert.equal(countActs(dataDir, "key.rotated"), 1);

      // The same process opens what was sealed anew, and finds the same secret as the same.
      const listings = workspace.listings();
      await api(app, key, `/servers/${id}/discoveries`, {});
      await waitFor("the discovery", () => workspace.listings() > listings);
      await waitFor(
        "the end of the discovery",
        async () => (await api(app, key, `/servers/${id}`)).state === "active",
      );
      const [repository] = (await api(app, key, "/repositories")).items;
      await api(app, key, `/repositories/${repository.id}/scans`, {});
      await waitFor(
        "the scan",
        async () => (await api(app, key, "/repositories")).items[0].openScan === null,
      );
      assert.deepEqual(await fingerprints(app), before);
    } finally {
      await app.stop();
    }
    const again = await startApp({ dataDir, env });
    try {
      const [repository] = (await api(again, key, "/repositories")).items;
      await api(again, key, `/repositories/${repository.id}/scans`, {});
      await waitFor(
        "the scan",
        async () => (await api(again, key, "/repositories")).items[0].openScan === null,
      );
      const [server] = (await api(again, key, "/servers")).items;
      assert.equal(server.attention, null);
      assert.equal((await fingerprints(again)).length, 1);
    } finally {
      await again.stop();
    }
  }));

Deno.test("admin rotate-key takes the new key from NEW_SECRET_KEY where the old is SECRET_KEY", () =>
  withFolder(async (dataDir) => {
    await using workspace = openWorkspace({ repositories: [{ name: "empty" }] });
    await connect(dataDir, workspace);
    const env = { ...workspace.env, DATA_DIR: dataDir };
    const refused = await admin(env, ["rotate-key"]);
    assert.deepEqual([refused.code, refused.out], [1, ""]);
    assert.match(refused.err, /NEW_SECRET_KEY is not set/);
    const next = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    for (const values of [2, 0]) {
      const done = await admin({ ...env, NEW_SECRET_KEY: next }, ["rotate-key"]);
      assert.match(done.err, new RegExp(`^${values} sealed values? ha(ve|s) the new key`, "m"));
    }
    const app = await startApp({ dataDir, env: { ...workspace.env, SECRET_KEY: next } });
    try {
      await waitFor("the discovery", () => workspace.listings() > 0);
    } finally {
      await app.stop();
    }
    const [server] = readRows(dataDir, "SELECT attention_reason AS reason FROM servers");
    assert.equal(server!.reason, null);
    const wrong = await runApp({ dataDir, env: { ...workspace.env, PORT: "0" } });
    assert.ok(wrong.code > 0, wrong.log);
    assert.match(wrong.log, /it was sealed with key [0-9a-f]{8}, SECRET_KEY is [0-9a-f]{8}/);
  }));

Deno.test("a rotation that was broken off is finished by the next", () =>
  withFolder(async (dataDir) => {
    const env = { DATA_DIR: dataDir };
    await admin(env, ["api-key", "--name", "x", "--role", "viewer"]);
    const old = await Deno.readTextFile(`${dataDir}/key`);
    const fresh = `${btoa(String.fromCharCode(...new Uint8Array(32).fill(5)))}\n`;
    await Deno.writeTextFile(`${dataDir}/key`, fresh + old);
    const done = await admin(env, ["rotate-key"]);
    assert.match(done.err, /was broken off before; it is finished now/);
    assert.equal((await Deno.readTextFile(`${dataDir}/key`)).trim().length, 43);
    assert.notEqual(await Deno.readTextFile(`${dataDir}/key`), old);
    const app = await startApp({ dataDir });
    assert.equal(await app.stop(), 0);
  }));

Deno.test("admin backup while the app runs, and restore once it is stopped", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    const copy = `${folder}/copy.db`;
    const env = { DATA_DIR: dataDir };
    const app = await startApp({ dataDir });
    const keys = () => readRows(dataDir, "SELECT name FROM api_keys").map(({ name }) => name);
    try {
      await admin(env, ["api-key", "--name", "before", "--role", "viewer"]);
      const made = await admin(env, ["backup", copy]);
      assert.equal(made.code, 0, made.err);
      assert.equal((await Deno.stat(copy)).mode! & 0o777, 0o600);
      assert.equal(countActs(dataDir, "backup.made"), 1);
      assert.match((await admin(env, ["backup", copy])).err, /is there already/);
      await admin(env, ["api-key", "--name", "after", "--role", "viewer"]);
      assert.match((await admin(env, ["restore", copy])).err, /the app runs: stop it first/);
      assert.deepEqual(keys().sort(), ["after", "before"]);
    } finally {
      await app.stop();
    }
    await Deno.writeTextFile(`${folder}/none.db`, "no database");
    const none = await admin(env, ["restore", `${folder}/none.db`]);
    assert.match(none.err, /is no database of Sluice/);
    assert.equal(keys().length, 2);
    const restored = await admin(env, ["restore", copy]);
    assert.equal(restored.code, 0, restored.err);
    assert.deepEqual(keys(), ["before"]);
    const second = await startApp({ dataDir });
    await second.stop();
    const names = await Array.fromAsync(Deno.readDir(dataDir), ({ name }) => name);
    assert.equal(names.filter((name) => name.includes("before-restore")).length, 1);
  }));
