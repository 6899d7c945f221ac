/** Deno Deploy imitated: brief instances, a database behind HTTP, no queue, no disk, work by cron alone. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { freePort, spawnApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { assertExact, plantMany } from "@/e2e/harness/storm.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace, type Workspace } from "@/e2e/harness/workspace.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";
import { ROOT } from "@/tools/files.ts";

/** `deno task storm:deploy` asks for 30; beside other tests a few must do. */
const LIVES = Number(Deno.env.get("DEPLOY_LIVES") ?? 4);
const REPOSITORIES = LIVES * 6;
/** The stand-in is as slow as a network. */
const ANSWER_MS = 100;
/** Repositories that are kept back till the last life, so that no other sees the end of the work. */
const KEPT_BACK = 4;
/** Cron comes each minute; the test's every second after the run before. */
const CRON_MS = "1000";

for (const atOnce of [1, 2]) {
  Deno.test(`${LIVES} brief lives of ${atOnce} instances on Deno Deploy bring a workspace to its end`, () =>
    withFolder(async (folder) => {
      const dataDir = `${folder}/database`;
      await Deno.mkdir(dataDir);
      const planted = await plantMany(folder, REPOSITORIES);
      await using workspace = openWorkspace({ repositories: planted.repositories });
      const lastLife = createGate();
      workspace.onRequest = async ({ method }) => {
        await pass(ANSWER_MS);
        if (method === "POST" && scanned(dataDir) >= REPOSITORIES - KEPT_BACK) {
          await lastLife.pass();
        }
      };
      const database = fakeHranaServer(`${dataDir}/sluice.db`, { authToken: "opens-it" });
      try {
        const env = deployEnv(workspace, database.url);
        await migrate(env);
        await connect(dataDir, workspace, database.url, "opens-it");
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
          assert.equal(await last.end("SIGINT"), 0, last.log().slice(-4_000));
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
      const database = fakeHranaServer(`${folder}/sluice.db`, { authToken: "opens-it", port });
      try {
        await waitFor("an answer", async () => await instance.status("/health") === 200);
        assert.ok([200, 303].includes(await instance.status("/sign-in")));
      } finally {
        assert.equal(await instance.end("SIGINT"), 0, instance.log());
        await database.close();
      }
    } finally {
      await instance.end("SIGKILL");
    }
  }));

interface Instance {
  log(): string;
  status(path: string): Promise<number>;
  /** The exit code; five seconds after SIGINT comes SIGKILL, as there. */
  end(signal: "SIGKILL" | "SIGINT"): Promise<number>;
}

function deployEnv(workspace: Workspace, databaseUrl: string): Record<string, string> {
  return {
    ...workspace.env,
    DENO_DEPLOY: "1",
    TURSO_DATABASE_URL: databaseUrl,
    TURSO_AUTH_TOKEN: "opens-it",
    DENO_CRON_TEST_SCHEDULE_OFFSET: CRON_MS,
  };
}

/** Starts an instance by its first request, as there. */
async function startInstance(
  dataDir: string,
  env: Record<string, string>,
  expected: readonly number[] = [200],
): Promise<Instance> {
  const port = String(freePort());
  const { child, log, ended } = await spawnApp({ dataDir, env: { ...env, PORT: port } });
  const status = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
    await answer.body?.cancel();
    return answer.status;
  };
  const over = ended.then((code) => {
    throw new Error(`An instance ended with ${code}\n${log()}`);
  });
  over.catch(() => {});
  const first = await Promise.race([
    over,
    waitFor("a first answer", () => status("/health").catch(() => null)),
  ]);
  assert.ok(expected.includes(first), `${first}\n${log()}`);
  return {
    log,
    status,
    async end(signal) {
      try {
        child.kill(signal);
      } catch {
        return await ended;
      }
      const grace = setTimeout(() => child.kill("SIGKILL"), 5_000);
      const code = await ended;
      clearTimeout(grace);
      return code;
    },
  };
}

/** The step before a release. */
async function migrate(env: Record<string, string>): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/migrate.ts"],
    cwd: ROOT,
    env,
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** While no instance lives, nothing but time happens: leases of the killed one run out. */
function aMinutePasses(dataDir: string): void {
  const database = new DatabaseSync(`${dataDir}/sluice.db`, { timeout: 5_000 });
  try {
    database.exec("UPDATE jobs SET lease_until = lease_until - 60000 WHERE state = 'running'");
  } finally {
    database.close();
  }
}

function scanned(dataDir: string): number {
  const sql = "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND state = 'succeeded'";
  return Number(readRows(dataDir, sql)[0]!.n);
}

function isSettled(dataDir: string): boolean {
  const [row] = readRows(
    dataDir,
    `SELECT (SELECT count(*) FROM repositories) AS known,
       (SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) AS open`,
  );
  return row!.known === REPOSITORIES && row!.open === 0;
}
