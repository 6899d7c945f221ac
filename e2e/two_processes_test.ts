/** Two processes at once: refused on one folder, safe on one database behind HTTP. */

import assert from "node:assert/strict";
import { runApp, startApp } from "@/e2e/harness/app.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import { assertExact, plantMany } from "@/e2e/harness/storm.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";

Deno.test("a second process on one folder is refused with a sentence, and the first goes on", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plantMany(folder, 10);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);
    const first = await startApp({ dataDir, env: workspace.env });
    try {
      const second = await runApp({ dataDir, env: { ...workspace.env, PORT: "0" } });
      assert.equal(second.code, 1, second.log);
      assert.match(second.log, /DATA_DIR: got .*, expected a folder that no other Sluice runs on/);
      await untilSettled(dataDir, 10, 300_000);
    } finally {
      assert.equal(await first.stop(), 0);
    }
    assertExact(dataDir, planted);
  }));

Deno.test("three processes on one HTTP database share the work, and each row is there once", () =>
  withFolder(async (folder) => {
    const database = `${folder}/database`;
    await Deno.mkdir(database);
    const planted = await plantMany(folder, 30);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    const hrana = fakeHranaServer(`${database}/sluice.db`);
    try {
      await connect(database, workspace, hrana.url);
      const env = { ...workspace.env, TURSO_DATABASE_URL: hrana.url };
      const start = (name: string) => startApp({ dataDir: `${folder}/${name}`, env });
      const apps = await Promise.all([start("one"), start("two"), start("three")]);
      try {
        await untilSettled(database, 30, 300_000);
      } finally {
        for (const app of apps) assert.equal(await app.stop(), 0, app.log().slice(-2_000));
      }
      assertExact(database, planted);
    } finally {
      await hrana.close();
    }
  }));
