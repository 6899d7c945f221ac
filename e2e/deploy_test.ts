/** Deno Deploy imitated: brief instances, a database behind HTTP, no queue, no disk, work by cron alone. */

import assert from "node:assert/strict";
import { freePort } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import {
  aMinutePasses,
  AUTH_TOKEN,
  deployEnv,
  migrate,
  pass,
  startInstance,
} from "@/e2e/harness/deploy.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { assertExact, plantMany } from "@/e2e/harness/storm.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";

/** `deno task storm:deploy` asks for 30; beside other tests a few must do. */
const LIVES = Number(Deno.env.get("DEPLOY_LIVES") ?? 4);
const REPOSITORIES = LIVES * 6;
/** The stand-in is as slow as a network. */
const ANSWER_MS = 100;
/** Repositories that are kept back till the last life, so that no other sees the end of the work. */
const KEPT_BACK = 4;

for (const atOnce of [1, 2]) {
  Deno.test(`${LIVES} brief lives of ${atOnce} instances on Deno Deploy bring a workspace to its end`, () =>
    withFolder(async (folder) => {
      const dataDir = `${folder}/database`;
      await Deno.mkdir(dataDir);
      const planted = await plantMany(folder, REPOSITORIES);
      await using workspace = openWorkspace({ repositories: planted.repositories });
      const lastLife = createGate();
      const letIn = new Set<string>();
      workspace.onRequest = async ({ path }) => {
        await pass(ANSWER_MS);
        if (!path.endsWith("/git-upload-pack") || letIn.has(path)) return;
        if (letIn.size < REPOSITORIES - KEPT_BACK) letIn.add(path);
        else await lastLife.pass();
      };
      const database = fakeHranaServer(`${dataDir}/sluice.db`, { authToken: AUTH_TOKEN });
      try {
        const env = deployEnv(workspace, database.url);
        await migrate(env);
        await connect(dataDir, workspace, database.url, AUTH_TOKEN);
        const lives = { kills: 0, interrupts: 0, unfinished: 0 };
        const instances = Array.from({ length: atOnce }, async () => {
          for (let left = Math.ceil(LIVES / atOnce); left > 0; left--) {
            const instance = await startInstance(`${folder}/no-disk`, env);
            await pass(2_000 + Math.random() * (LIVES < 20 ? 2_000 : 8_000));
            if (!isSettled(dataDir)) lives.unfinished++;
            const kill = Math.random() < 0.4;
            lives[kill ? "kills" : "interrupts"]++;
            await instance.end(kill ? "SIGKILL" : "SIGINT");
            if (atOnce === 1) aMinutePasses(dataDir);
          }
        });
        await Promise.all(instances);
        aMinutePasses(dataDir);
        lastLife.open();
        const last = await startInstance(`${folder}/no-disk`, env);
        try {
          await waitFor("the end of the work", () => isSettled(dataDir), 300_000).catch((error) => {
            throw new Error(`${error.message}\n${last.log().slice(-4_000)}`);
          });
        } finally {
          assert.equal(await last.end("SIGINT", "at leisure"), 0, last.log().slice(-4_000));
        }
        const rows = assertExact(dataDir, planted);
        await assert.rejects(Deno.stat(`${folder}/no-disk`), Deno.errors.NotFound);
        assert.equal(lives.unfinished, lives.kills + lives.interrupts);
        const pipelines = database.pipelines;
        console.log(
          JSON.stringify({ atOnce, ...lives, repositories: REPOSITORIES, rows, pipelines }),
        );
      } finally {
        await database.close();
      }
    }));
}

Deno.test("an instance on Deno Deploy starts without a database, and answers once there is one", () =>
  withFolder(async (folder) => {
    await using workspace = openWorkspace({ repositories: [] });
    const port = freePort();
    const env = deployEnv(workspace, `http://127.0.0.1:${port}`);
    const instance = await startInstance(`${folder}/no-disk`, env, [500, 503]);
    try {
      const database = fakeHranaServer(`${folder}/sluice.db`, { authToken: AUTH_TOKEN, port });
      try {
        await waitFor("an answer", async () => await instance.status("/health") === 200);
        assert.ok([200, 303].includes(await instance.status("/sign-in")));
      } finally {
        assert.equal(await instance.end("SIGINT", "at leisure"), 0, instance.log());
        await database.close();
      }
    } finally {
      await instance.end("SIGKILL");
    }
  }));

function isSettled(dataDir: string): boolean {
  const [row] = readRows(
    dataDir,
    `SELECT (SELECT count(*) FROM repositories) AS known,
       (SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) AS open`,
  );
  return row!.known === REPOSITORIES && row!.open === 0;
}
