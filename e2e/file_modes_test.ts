/** Who may read what the app and its tools make, on a machine whose new files are for all to read. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { ROOT } from "@/tools/files.ts";

const ignore = Deno.build.os === "windows";

/** Runs a task's own command under umask 022. */
async function runTask(task: string, args: readonly string[], env: Record<string, string>) {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const [, ...command] = String(tasks[task].command).split(" ");
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'umask 022; exec "$@"', "sh", Deno.execPath(), ...command, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: decode(stdout) + decode(stderr) };
}

/** The files in a folder that others than the owner may touch. */
async function openFiles(dir: string): Promise<string[]> {
  const open: string[] = [];
  for await (const { name } of Deno.readDir(dir)) {
    const { mode } = await Deno.stat(`${dir}/${name}`);
    if ((mode! & 0o077) !== 0) open.push(name);
  }
  return open.sort();
}

Deno.test(
  "deno task migrate makes a database for its owner's eyes only",
  { ignore },
  () =>
    withFolder(async (folder) => {
      // The folder is there already, and open: it hides nothing.
      await Deno.chmod(folder, 0o755);
      const { code, said } = await runTask("migrate", [], { DATA_DIR: folder });
      assert.equal(code, 0, said);
      assert.ok((await Deno.stat(`${folder}/sluice.db`)).isFile);
      assert.deepEqual(await openFiles(folder), []);
    }),
);

Deno.test(
  "deno task export makes nothing that others may read",
  { ignore },
  () =>
    withFolder(async (folder) => {
      await Deno.chmod(folder, 0o755);
      await runTask("migrate", [], { DATA_DIR: folder });
      await Deno.chmod(`${folder}/sluice.db`, 0o600);
      // Nothing is connected, which it says once the database is open and the key is made.
      const { code, said } = await runTask("export", ["nowhere"], { DATA_DIR: folder });
      assert.equal(code, 1);
      assert.match(said, /no server nowhere is connected/);
      assert.ok((await Deno.stat(`${folder}/key`)).isFile);
      assert.deepEqual(await openFiles(folder), []);
    }),
);

Deno.test(
  "a start closes what stood open to others, and says so once",
  { ignore },
  () =>
    withFolder(async (folder) => {
      const first = await startApp({ dataDir: folder });
      await first.stop();
      assert.doesNotMatch(first.log(), /stood open/);
      for (const name of ["key", "lock", "sluice.db"]) await Deno.chmod(`${folder}/${name}`, 0o644);
      const second = await startApp({ dataDir: folder });
      try {
        assert.deepEqual(await openFiles(folder), []);
      } finally {
        await second.stop();
      }
      const said = second.log().split("\n").filter((line) => line.includes("stood open"));
      assert.equal(said.length, 1, second.log());
      assert.equal(JSON.parse(said[0]!).files, "key, lock, sluice.db");
    }),
);
