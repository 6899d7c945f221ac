import assert from "node:assert/strict";
import { makeRepository } from "@/e2e/harness/repositories.ts";
import { ROOT } from "@/tools/files.ts";

/** The demo as a process, until `ready` matches what it printed; the app's data is thrown away. */
async function runDemo(folders: string[], ready: RegExp, test: (printed: string) => Promise<void>) {
  const dataDir = `./data/demo_test_${crypto.randomUUID()}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/demo.ts", ...folders],
    cwd: ROOT,
    env: { PORT: "0", DATA_DIR: dataDir, SCAN_THREADS: "1", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const waiting = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      if (ready.test(printed)) waiting.resolve();
    }
  };
  const over = Promise.all([child.status, read(child.stdout), read(child.stderr)])
    .then(([status]) => status.code);
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  try {
    await Promise.race([waiting.promise, over]);
    await test(printed);
    child.kill("SIGTERM");
    assert.equal(await over, 0, printed);
  } finally {
    clearTimeout(timer);
    await over;
    await Deno.remove(ROOT + dataDir, { recursive: true }).catch(() => {});
  }
}

Deno.test("deno task demo starts the app and the stand-in, and says what to enter", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await makeRepository(`${dir}/pay.git`, [{ message: "One", files: { a: "a" } }]);
    await runDemo([`${dir}/pay.git`], /setup/, async (printed) => {
      assert.match(printed, /It serves 1 git repository: pay\n/);
      const origin = /stand-in Bitbucket Cloud listens on (\S+)\./.exec(printed)![1];
      const [, email, token] = /token: +(\S+@\S+?):(\S+)/.exec(printed)!;
      const listed = await fetch(`${origin}/2.0/repositories/demo`, {
        headers: { authorization: `Basic ${btoa(`${email}:${token}`)}` },
      });
      assert.equal((await listed.json()).values[0].name, "pay");
      const app = /(http:\/\/localhost:\d+)\s/.exec(printed)![1]!;
      const page = await fetch(app);
      await page.body?.cancel();
      assert.ok(page.status < 400, `${app} answered ${page.status}`);
      assert.match(printed, new RegExp(`${app}/setup\\S+`));
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("deno task demo names the folder that it cannot serve, and ends", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/demo.ts", "static"],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
  }).output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /Cannot serve static: it is no git repository/);
});
