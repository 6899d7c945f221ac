import assert from "node:assert/strict";
import { resolve } from "node:path";
import { callerPath, systemReason } from "@/tools/caller.ts";
import { ROOT } from "@/tools/files.ts";

Deno.test("systemReason() says in plain words what the system refused", async () => {
  const reasonOf = (act: Promise<unknown>) => act.then(() => "none", systemReason);
  assert.equal(await reasonOf(Deno.stat(`${ROOT}nowhere`)), "it does not exist");
  assert.equal(await reasonOf(Deno.stat(`${ROOT}deno.json/x`)), "a part of its path is no folder");
  assert.equal(await reasonOf(Deno.writeTextFile(ROOT, "")), "it is a folder");
  assert.equal(systemReason(new Error("something of our own")), "something of our own");
});

Deno.test("callerPath() leaves a whole path as it is", () => {
  assert.equal(callerPath("/srv/copy.db"), "/srv/copy.db");
  assert.equal(callerPath(resolve(".")), resolve("."));
});

/** One task as a process, called in a folder of its own below the project. */
async function inSubfolder(
  test: (
    folder: string,
    run: (...args: string[]) => Promise<{ code: number; text: string }>,
  ) => Promise<void>,
): Promise<void> {
  const folder = `${ROOT}data/caller_test_${crypto.randomUUID()}`;
  await Deno.mkdir(`${folder}/tree`, { recursive: true });
  // The tests may run in a task themselves.
  const { INIT_CWD: _, ...env } = Deno.env.toObject();
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", ...args],
      cwd: folder,
      clearEnv: true,
      env: { ...env, NO_COLOR: "1", DATA_DIR: `${folder}/installation` },
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    // Deno's own word on permissions in its file.
    return { code, text: text.replaceAll(/^Warning .*\n/gm, "") };
  };
  try {
    await test(folder, run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the scan task takes its path and --output from the folder it is called in", async () => {
  await inSubfolder(async (folder, run) => {
    await Deno.writeTextFile(`${folder}/tree/app.py`, `password = "${"Falcon" + "1987!"}"\n`);
    const { code, text } = await run("scan", "--output", "report.txt", "tree");
    assert.equal(code, 1, text);
    assert.match(await Deno.readTextFile(`${folder}/report.txt`), /app\.py:1/);
  });
});

Deno.test("the scan task gives 2 and one sentence for a path or an --output it cannot use", async () => {
  await inSubfolder(async (folder, run) => {
    for (
      const [args, sentence] of [
        [
          ["--output", "nowhere/report.txt", "tree"],
          `cannot write nowhere/report.txt: there is no folder ${folder}/nowhere`,
        ],
        [["--output", "tree", "tree"], "cannot write tree: it is a folder"],
        [["missing"], "cannot read missing: it does not exist"],
      ] as const
    ) {
      const { code, text } = await run("scan", ...args);
      assert.deepEqual([code, text], [2, `error: ${sentence}\n`]);
    }
  });
});

Deno.test("backup, restore and export take their files from the folder they are called in, and miss it", async () => {
  await inSubfolder(async (folder, run) => {
    assert.equal((await run("admin", "api-key", "--name", "a", "--role", "admin")).code, 0);
    const kept = await run("admin", "backup", "copy.db");
    assert.equal(kept.code, 0, kept.text);
    assert.ok((await Deno.stat(`${folder}/copy.db`)).size > 0);
    const back = await run("admin", "restore", "copy.db");
    assert.equal(back.code, 0, back.text);
    const again = await run("export", "acme", "--output", "copy.db");
    assert.match(again.text, /copy\.db exists already/);
    const gone = { code: 1, text: `error: there is no folder ${folder}/no\n` };
    assert.deepEqual(await run("admin", "backup", "no/x.db"), gone);
    assert.deepEqual(await run("export", "acme", "--output", "no/x"), gone);
  });
});

Deno.test("the demo task takes its folders from where it is called", async () => {
  await inSubfolder(async (_, run) => {
    assert.deepEqual(await run("demo", "tree"), {
      code: 1,
      text: "Cannot serve tree: it is no git repository\n",
    });
    assert.deepEqual(await run("demo", "missing"), {
      code: 1,
      text: "Cannot serve missing: it does not exist\n",
    });
  });
});
