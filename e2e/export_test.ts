/** `deno task export` beside the running app: everything of one server, and no secret. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { countActs, readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { searchText } from "@/e2e/harness/secrets.ts";
import { connect, openWorkspace, WORKSPACE } from "@/e2e/harness/workspace.ts";
import { OF_SERVER } from "@/lib/store/exports.ts";
import { ROOT } from "@/tools/files.ts";

Deno.test("deno task export writes each row of a server once while the app runs, and no token", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 5);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 5, 300_000);
      const run = (...args: string[]) => exportTask({ ...workspace.env, DATA_DIR: dataDir }, args);
      const output = `${folder}/export.jsonl`;
      const { code, err } = await run(WORKSPACE, "--output", output);
      assert.equal(code, 0, err);
      const text = await Deno.readTextFile(output);
      const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
      assert.equal(lines[0].server.workspace, WORKSPACE);
      assert.equal(lines.at(-1).end, true);
      const rows = Map.groupBy(lines.slice(1, -1), ({ table }) => table as string);
      // All rows are this server's: it is the only one.
      for (const table of Object.keys(OF_SERVER)) {
        if (table === "audit_log") continue;
        const [count] = readRows(dataDir, `SELECT count(*) AS n FROM ${table}`);
        assert.equal(rows.get(table)?.length ?? 0, count!.n, table);
        assert.equal(lines.at(-1).counts[table] ?? 0, count!.n, table);
      }
      assert.equal(rows.get("occurrences")!.length, planted.occurrences.length);
      const secrets = [...planted.secrets, workspace.token, workspace.env.SECRET_KEY!];
      assert.deepEqual(searchText(text, secrets), []);
      if (Deno.build.os !== "windows") {
        assert.equal((await Deno.stat(output)).mode! & 0o777, 0o600);
      }

      const printed = await run(WORKSPACE);
      // The first export stands in the audit log now, as an act that concerns the server.
      assert.equal(printed.out.trimEnd().split("\n").length, lines.length + 1);
      assert.match((await run(WORKSPACE, "--output", output)).err, /exists already/);
      assert.match((await run("nowhere")).err, /no server nowhere is connected/);
      assert.equal((await run()).code, 2);
      // Once for each time that rows were handed out.
      assert.equal(countActs(dataDir, "server.exported"), 2);
    } finally {
      await app.stop();
    }
  }));

async function exportTask(env: Record<string, string>, args: readonly string[]) {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const [, ...command] = String(tasks.export.command).split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}
