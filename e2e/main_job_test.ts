/** The main job by the whole app: to the end with the bell off, and nothing secret left anywhere. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { occurrencesOf, scansOf, statesOf, untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { searchFiles, searchText } from "@/e2e/harness/secrets.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";

for (const queue of ["off", "kv"]) {
  Deno.test(`a workspace is scanned to the end with the queue ${queue}, and no secret is left`, () =>
    withFolder(async (folder) => {
      const dataDir = `${folder}/data`;
      await Deno.mkdir(dataDir);
      const planted = await plant(folder, 6);
      await using workspace = openWorkspace({
        repositories: [...planted.repositories, { name: "empty" }],
      });
      await connect(dataDir, workspace);
      const app = await startApp({
        dataDir,
        env: { ...workspace.env, SLUICE_QUEUE: queue, LOG_LEVEL: "debug" },
      });
      let shown: string;
      try {
        await untilSettled(dataDir, 7);
        const { stdout } = await new Deno.Command("ps", { args: ["-ww", "-o", "args=", "-e"] })
          .output();
        shown = new TextDecoder().decode(stdout);
      } finally {
        await app.stop();
      }
      assert.deepEqual(occurrencesOf(dataDir), planted.occurrences);
      assert.deepEqual(
        statesOf(dataDir),
        Object.fromEntries([
          ["empty", "skipped"],
          ...planted.repositories.map(({ name }) => [name, "findings"]),
        ]),
      );
      assert.equal(scansOf(dataDir).length, 7);
      const hidden = [...planted.secrets, workspace.token, workspace.admin.password];
      // The key opens the seals; only the file it may be generated into is to hold it.
      const all = [...hidden, workspace.env.SECRET_KEY!];
      assert.deepEqual(await searchFiles(dataDir, all), []);
      assert.deepEqual(searchText(app.log(), all), []);
      assert.deepEqual(searchText(shown, all), []);
    }));
}

Deno.test("SIGTERM in the middle of a scan gives the work back, and the next start goes on at once", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 3);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);
    workspace.fake.faults.add({ on: "POST /acme/r-001*", kind: "hang" });
    const app = await startApp({ dataDir, env: workspace.env });
    await waitFor("the pack that hangs", () => workspace.fetches().includes("r-001"), 300_000);
    assert.equal(await app.stop(), 0, app.log());
    // Given back, not failed: a silent server is given up after a minute, which uses up a try.
    const [cut] = readRows(
      dataDir,
      `SELECT j.state, j.attempts, j.wait_reason AS reason FROM jobs j
       JOIN repositories r ON r.id = j.repository_id WHERE j.kind = 'scan' AND r.slug = 'r-001'`,
    );
    assert.deepEqual({ ...cut }, { state: "queued", attempts: 0, reason: null });
    assert.deepEqual(readRows(dataDir, "SELECT * FROM jobs WHERE state = 'running'"), []);

    workspace.fake.faults.clear();
    const second = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 3, 300_000);
    } finally {
      await second.stop();
    }
    assert.deepEqual(occurrencesOf(dataDir), planted.occurrences);
  }));
