/** Deno Deploy imitated: instances that a first request starts, without a disk, on a database behind HTTP. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { freePort, spawnApp } from "@/e2e/harness/app.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import type { Workspace } from "@/e2e/harness/workspace.ts";
import { ROOT } from "@/tools/files.ts";

/** Cron comes each minute; the test's every second after the run before. */
const CRON_MS = "1000";

/** Opens the database of `deployEnv`. */
export const AUTH_TOKEN = "opens-it";

/** A running instance. */
export interface Instance {
  log(): string;
  status(path: string): Promise<number>;
  /**
   * The exit code; five seconds after SIGINT comes SIGKILL, as there. `at leisure` it comes only after
   * minutes, for ends that are judged: a busy machine may take longer than seconds.
   */
  end(signal: "SIGKILL" | "SIGINT", pace?: "at leisure"): Promise<number>;
}

/** The environment of the production context. */
export function deployEnv(workspace: Workspace, databaseUrl: string): Record<string, string> {
  return {
    ...workspace.env,
    DENO_DEPLOY: "1",
    TURSO_DATABASE_URL: databaseUrl,
    TURSO_AUTH_TOKEN: AUTH_TOKEN,
    DENO_CRON_TEST_SCHEDULE_OFFSET: CRON_MS,
  };
}

/** Starts an instance by its first request, as there. */
export async function startInstance(
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
    async end(signal, pace) {
      try {
        child.kill(signal);
      } catch {
        return await ended;
      }
      const graceMs = pace === "at leisure" ? 300_000 : 5_000;
      const grace = setTimeout(() => child.kill("SIGKILL"), graceMs);
      const code = await ended;
      clearTimeout(grace);
      return code;
    },
  };
}

/** The step before a release. */
export async function migrate(env: Record<string, string>): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/migrate.ts"],
    cwd: ROOT,
    env,
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Some time, as a life has. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** While no instance lives, nothing but time happens: leases of the killed one run out. */
export function aMinutePasses(dataDir: string): void {
  const database = new DatabaseSync(`${dataDir}/sluice.db`, { timeout: 5_000 });
  try {
    database.exec("UPDATE jobs SET lease_until = lease_until - 60000 WHERE state = 'running'");
  } finally {
    database.close();
  }
}
