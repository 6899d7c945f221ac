/** The process: configuration, cron, server, signals. On Deno Deploy nothing opens before it is needed. */

import { compose, type Instance } from "@/compose.ts";
import { type Config, ConfigError, processEnvironment, readConfig } from "@/lib/config.ts";
import { withoutValues } from "@/lib/error_facts.ts";
import { isDiskFull } from "@/lib/disk.ts";
import { announce } from "@/lib/log.ts";
import { SealError } from "@/lib/seal.ts";
import { type DatabaseLock, fileProblem, lockDatabase } from "@/lib/store/database_file.ts";
import { NewerDatabaseError } from "@/lib/store/mod.ts";
import { welcome } from "@/routes/setup.tsx";

/** How long a cron run on Deno Deploy waits for the work it woke: the next comes each minute. */
const DEPLOY_TICK_MS = 45_000;

const config = configured();
// What is made from here on, the database's own files among it, is for the owner's eyes only.
if (Deno.build.os !== "windows" && !config.onDeploy) Deno.umask(0o077);
const lock = config.onDeploy
  ? null
  : await lockDataDir().catch((error) => refuse([startProblem(error)]));
const claim = config.onDeploy
  ? null
  : await claimDatabase().catch((error) => refuse([startProblem(error)]));
let instance: Promise<Instance> | null = null;
/** The same once it is open: most requests are answered without a wait. */
let opened: Instance | null = null;
let ending: Promise<void> | null = null;

Deno.cron("sweep", "* * * * *", { backoffSchedule: [] }, async () => {
  await (await open()).tick(config.onDeploy ? DEPLOY_TICK_MS : 0);
});
const server = serve();
const publicUrl = config.publicUrl ?? `http://localhost:${server.addr.port}`;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // A terminal's interrupt comes twice: from itself, and passed on by `deno task`.
  Deno.addSignalListener(signal, () => void (ending ??= shutDown()));
}
if (!config.onDeploy) {
  const { tick, setupUrl } = await open().catch((error) => refuse([startProblem(error)]));
  await tick(0);
  announce(welcome(publicUrl, setupUrl));
}

/** Opens at the first need; a failure is not kept, so that the next need tries again. */
function open(): Promise<Instance> {
  const queue = () => Deno.openKv(`${config.dataDir}/doorbell.kv`);
  return instance ??= compose(config, publicUrl, queue).then(
    (one) => opened = one,
    (error) => {
      instance = null;
      // Nobody catches it further up: it is printed whole.
      throw withoutValues(error);
    },
  );
}

function configured(): Config {
  try {
    return readConfig(processEnvironment(), navigator.hardwareConcurrency);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error.problems);
  }
}

/** One process a folder: two would take each other's work for lost. The lock ends with the process. */
async function lockDataDir(): Promise<Deno.FsFile> {
  await Deno.mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const file = await Deno.open(`${config.dataDir}/lock`, { create: true, write: true });
  if (await file.tryLock(true)) return file;
  return refuse([
    `DATA_DIR: got "${config.dataDir}", expected a folder that no other Sluice runs on`,
  ]);
}

/** Two folders may name one database file, and one process alone may write it. */
async function claimDatabase(): Promise<DatabaseLock> {
  return await lockDatabase(config.databaseUrl) ?? refuse([
    `TURSO_DATABASE_URL: got "${config.databaseUrl}", expected a file that no other Sluice runs on`,
  ]);
}

function serve(): Deno.HttpServer<Deno.NetAddr> {
  const { port, host: hostname } = config;
  try {
    return Deno.serve(
      { port, hostname, onListen() {} },
      (request, info) =>
        opened?.app.fetch(request, info) ?? open().then(({ app }) => app.fetch(request, info)),
    );
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      return refuse([`PORT: got ${port}, expected a port that no other program listens on`]);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      return refuse([`PORT: got ${port}, expected a port that we may listen on`]);
    }
    return refuse([
      `HOST: got "${hostname}", expected an address of this machine, such as 127.0.0.1 or 0.0.0.0`,
    ]);
  }
}

/** What a person can mend, as a sentence. @throws anything else as it came */
function startProblem(error: unknown): string {
  const { dataDir } = config;
  if (isDiskFull(error)) {
    return `DATA_DIR: the disk of "${dataDir}" is full, make room and start again`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `DATA_DIR: got "${dataDir}", expected a folder that we may write (${error.message})`;
  }
  const problem = fileProblem(error);
  if (problem !== null) return `The database "${config.databaseUrl}" is of no use: ${problem}`;
  if (error instanceof SealError || error instanceof NewerDatabaseError) return error.message;
  throw error;
}

function refuse(problems: readonly string[]): never {
  announce(`Cannot start:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  Deno.exit(1);
}

async function shutDown(): Promise<void> {
  await (await instance)?.shutDown();
  await server.shutdown();
  claim?.release();
  lock?.close();
  Deno.exit(0);
}
