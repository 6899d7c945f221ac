/** The first minutes of an instance: address, setup link, second start, wrong configuration. */

import assert from "node:assert/strict";
import { freePort, runApp, startApp, startArguments } from "@/e2e/harness/app.ts";
import { git } from "@/e2e/harness/repositories.ts";
import { password, searchFiles, searchText } from "@/e2e/harness/secrets.ts";
import { parseForms } from "@/e2e/harness/html.ts";
import { createVisitor } from "@/e2e/harness/visitor.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { ROOT } from "@/tools/files.ts";

Deno.test("the first start prints address and setup link, and the link makes one admin", () =>
  withFolder(async (dataDir) => {
    const secret = password();
    const app = await startApp({ dataDir });
    try {
      assert.match(app.log(), new RegExp(`http://localhost:${new URL(app.url).port}`));
      assert.ok(app.setupUrl, app.log());

      const stranger = createVisitor(app.url);
      const { status } = await stranger.open("/setup");
      assert.ok(status >= 400, `/setup without its token answered ${status}`);

      const admin = createVisitor(app.url);
      await admin.open(app.setupUrl);
      await admin.submit({ email: "ada@example.com", password: secret, repeat: secret });
      assert.equal((await admin.open("/servers")).path, "/servers");

      const late = createVisitor(app.url);
      const again = await late.open(app.setupUrl);
      assert.equal(again.status, 403);
      assert.deepEqual(parseForms(again.html).filter((form) => form.fieldNames.has("repeat")), []);
    } finally {
      await app.stop();
    }

    const second = await startApp({ dataDir });
    try {
      assert.equal(second.setupUrl, null);
      const ada = createVisitor(second.url);
      await ada.open("/sign-in");
      await ada.submit({ email: "ada@example.com", password: secret });
      assert.equal((await ada.open("/servers")).path, "/servers");
    } finally {
      await second.stop();
    }
    assert.deepEqual(searchText(app.log() + second.log(), [secret]), []);
    assert.deepEqual(await searchFiles(dataDir, [secret]), []);
  }));

Deno.test("what a first start makes is for its owner's eyes only", () =>
  withFolder(async (parent) => {
    const dataDir = `${parent}/data`;
    const app = await startApp({ dataDir });
    await app.stop();
    const open: string[] = [];
    for await (const entry of Deno.readDir(dataDir)) {
      const { mode } = await Deno.stat(`${dataDir}/${entry.name}`);
      if ((mode! & 0o077) !== 0) open.push(`${entry.name} ${(mode! & 0o777).toString(8)}`);
    }
    assert.deepEqual(open, []);
  }));

Deno.test("ADMIN_EMAIL and ADMIN_PASSWORD make the first admin without a link", () =>
  withFolder(async (dataDir) => {
    const secret = password();
    const env = { ADMIN_EMAIL: "ada@example.com", ADMIN_PASSWORD: secret };
    const app = await startApp({ dataDir, env });
    try {
      assert.equal(app.setupUrl, null);
      const ada = createVisitor(app.url);
      const refused = await ada.open("/servers");
      assert.match(refused.path, /^\/sign-in/);
      await ada.submit({ email: "ada@example.com", password: "wrong-" + secret });
      assert.match((await ada.open("/servers")).path, /^\/sign-in/);
      await ada.submit({ email: "ada@example.com", password: secret });
      assert.equal((await ada.open("/servers")).path, "/servers");
    } finally {
      await app.stop();
    }
  }));

Deno.test("a wrong configuration stops the start with one message per variable", () =>
  withFolder(async (dataDir) => {
    const secret = password();
    const { code, log } = await runApp({
      dataDir,
      env: { PORT: "eighty", PUBLIC_URL: "sluice", SECRET_KEY: secret, SCAN_THREADS: "none" },
    });
    assert.ok(code > 0, log);
    for (const name of ["PORT", "PUBLIC_URL", "SECRET_KEY", "SCAN_THREADS"]) {
      assert.equal(
        log.match(new RegExp(`^.*\\b${name}\\b: got .*, expected .*$`, "gm"))?.length,
        1,
        log,
      );
    }
    assert.ok(!log.includes(secret), "the refused key is shown");
    assert.doesNotMatch(log, /\bat .*\.ts:\d+/, "a person does not need the stack");
  }));

Deno.test("a port in use stops the start with a sentence", () =>
  withFolder(async (dataDir) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      const { code, log } = await runApp({ dataDir, env: { PORT: String(listener.addr.port) } });
      assert.ok(code > 0, log);
      assert.match(log, new RegExp(`${listener.addr.port}`));
    } finally {
      listener.close();
    }
  }));

Deno.test("an address that is none of this machine's stops the start with a sentence", () =>
  withFolder(async (dataDir) => {
    for (const HOST of ["not a host!!", "192.0.2.1"]) {
      const { code, log } = await runApp({ dataDir, env: { HOST } });
      assert.deepEqual([code, ownWords(log)], [
        1,
        `Cannot start:\n  HOST: got "${HOST}", expected an address of this machine, such as ` +
        "127.0.0.1 or 0.0.0.0\n",
      ]);
    }
  }));

Deno.test("a file that is no database stops the start with a sentence", () =>
  withFolder(async (dataDir) => {
    await Deno.writeFile(`${dataDir}/sluice.db`, new Uint8Array(8192).fill(7), { mode: 0o600 });
    const { code, log } = await runApp({ dataDir });
    assert.deepEqual([code, ownWords(log)], [
      1,
      `Cannot start:\n  The database "file:${dataDir}/sluice.db" is of no use: it is no database\n`,
    ]);
  }));

Deno.test("a queue that does not open is warned of, and the app starts without it", () =>
  withFolder(async (dataDir) => {
    await Deno.writeFile(`${dataDir}/doorbell.kv`, new Uint8Array(8192).fill(7));
    const app = await startApp({ dataDir });
    try {
      assert.match(
        app.log(),
        /"level":"warn","message":"The queue does not open; the timer will do"/,
      );
      assert.equal(await statusOf(`${app.url}/health/live`), 200);
    } finally {
      assert.equal(await app.stop(), 0, app.log());
    }
  }));

Deno.test("a second process on the same folder is refused, until the first was killed", () =>
  withFolder(async (dataDir) => {
    const first = await startApp({ dataDir });
    try {
      const { code, log } = await runApp({ dataDir, env: { PORT: String(freePort()) } });
      assert.ok(code > 0, log);
      assert.match(log, /Cannot start:\n.*DATA_DIR/);
    } finally {
      await first.kill();
    }
    const next = await startApp({ dataDir });
    assert.equal(await next.stop(), 0, next.log());
  }));

Deno.test("a second process on the same database file is refused, whatever its folder", () =>
  withFolder(async (folder) => {
    const env = { TURSO_DATABASE_URL: `file:${folder}/shared.db` };
    const first = await startApp({ dataDir: `${folder}/one`, env });
    try {
      const { code, log } = await runApp({ dataDir: `${folder}/two`, env: { ...env, PORT: "0" } });
      assert.equal(code, 1, log);
      assert.match(
        log,
        /^Cannot start:\n {2}TURSO_DATABASE_URL: got .* that no other Sluice runs on$/m,
      );
    } finally {
      await first.kill();
    }
    const next = await startApp({ dataDir: `${folder}/two`, env });
    assert.equal(await next.stop(), 0, next.log());
  }));

Deno.test("the start task keeps the app to its folders, and off what a cloud tells its machines", () =>
  withFolder(async (folder) => {
    const probe = `${folder}/probe.ts`;
    const acts = [
      `Deno.readTextFile("/etc/hostname")`,
      `Deno.readTextFile("deno.json")`,
      `Deno.writeTextFile("static/probe", "")`,
      `Deno.writeTextFile("${folder}/probe", "")`,
      `new Deno.Command("git").output()`,
      `Deno.env.get("HOME")`,
      `fetch("http://169.254.169.254/")`,
      `fetch("http://[::ffff:169.254.169.254]/")`,
      `Deno.writeTextFile("${folder}/data/probe", "")`,
    ];
    await Deno.mkdir(`${folder}/data`);
    await Deno.writeTextFile(
      probe,
      acts.map((act) =>
        `try { await ${act}; console.log("done"); } catch (error) {
        console.log((error as Error).name, (error as Error).cause ?? ""); }`
      ).join("\n"),
    );
    const [mainModule, ...flags] = (await startArguments(`${folder}/data`)).reverse();
    assert.equal(mainModule, "main.ts");
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...flags.reverse(), `--config=${ROOT}deno.json`, probe],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assert.equal(lines.length, acts.length, new TextDecoder().decode(stderr));
    for (const [at, line] of lines.entries()) {
      assert.match(line, at === acts.length - 1 ? /^done/ : /^NotCapable/, acts[at]!);
    }
  }));

Deno.test("SIGTERM ends the app at once and well", () =>
  withFolder(async (dataDir) => {
    const app = await startApp({ dataDir });
    const before = Date.now();
    assert.equal(await app.stop(), 0, app.log());
    // Nothing of ours waits so long; a machine may.
    assert.ok(Date.now() - before < 60_000);
  }));

Deno.test("a start leaves the work tree as it was", () =>
  withFolder(async (dataDir) => {
    const status = () => git(["-C", ROOT, "status", "--porcelain", "deno.lock", "data"]);
    const before = await status();
    const app = await startApp({ dataDir });
    await app.stop();
    assert.equal(await status(), before);
  }));

/** What the app printed, without Deno's word on permissions in its file. */
function ownWords(log: string): string {
  return log.replaceAll(/^Warning .*\n/gm, "");
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}
