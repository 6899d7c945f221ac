/** The composition root: opens, wires, registers cron, serves. No logic. */

import { systemClock } from "@/lib/clock.ts";
import { ConfigError, processEnvironment, readConfig } from "@/lib/config.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { kvDoorbell } from "@/lib/doorbell/kv.ts";
import { localDoorbell } from "@/lib/doorbell/local.ts";
import { newId } from "@/lib/id.ts";
import { announce, createLog } from "@/lib/log.ts";
import { createSeal, keyFromFile } from "@/lib/seal.ts";
import { openStore } from "@/lib/store/mod.ts";
import { createApp } from "@/routes/mod.ts";
import { openSetup, welcome } from "@/routes/setup.tsx";
import { readLimits } from "@/workers/limits.ts";
import { createDispatcher } from "@/workers/mod.ts";
import { createOpener } from "@/workers/open_server.ts";
import { createPool } from "@/workers/pool.ts";
import { sweep } from "@/workers/sweep.ts";

let config;
try {
  config = readConfig(processEnvironment(), navigator.hardwareConcurrency);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  refuse(error.problems);
}
// What is made from here on, the database's own files among it, is for the owner's eyes only.
if (Deno.build.os !== "windows") Deno.umask(0o077);
const { dataDir, databaseUrl: url, databaseToken: authToken, onDeploy, bitbucket } = config;
const [log, clock] = [createLog(config.logLevel), systemClock];
const spoolDir = onDeploy ? null : `${dataDir}/spool`;
if (spoolDir) await Deno.mkdir(spoolDir, { recursive: true, mode: 0o700 });
const seal = await createSeal(config.secretKey ?? await keyFromFile(`${dataDir}/key`));
const store = await openStore({ url, authToken, seal });
const doorbell = config.queue === "kv" && !onDeploy
  ? kvDoorbell(await Deno.openKv(`${dataDir}/doorbell.kv`), log)
  : localDoorbell();
const hosts = [new URL(bitbucket.gitUrl).host];
const threads = createPool({ threads: config.threads, hosts, spoolDir });
const opener = createOpener({ store, clock, ...bitbucket });
const owner = `${onDeploy ? "deploy" : "local"}:${newId()}`;
const { fingerprintKey } = seal;
const shared = { store, clock, log, rulesVersion: RULES_VERSION, ...opener };
const limits = readLimits(config);
const reach = { publicUrl: config.publicUrl, owner };
const work = { ...shared, ...reach, threads, spoolDir, limits, fingerprintKey };
const dispatcher = createDispatcher(work);
doorbell.answer(dispatcher.wake);
Deno.cron("sweep", "* * * * *", { backoffSchedule: [] }, () => sweep(work).then(dispatcher.wake));

const { port, host: hostname, instanceName } = config;
const server = serve();
const publicUrl = config.publicUrl ?? `http://localhost:${server.addr.port}`;
const app = createApp({ ...shared, doorbell, publicUrl, instanceName });
if (!onDeploy) await store.jobs.endLeases("local:");
await sweep(work);
dispatcher.wake();
announce(welcome(publicUrl, await openSetup(store, config.admin, publicUrl)));

function serve(): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ port, hostname, onListen() {} }, (request) => app.fetch(request));
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return refuse([`PORT: got ${port}, expected a port that no other program listens on`]);
  }
}

function refuse(problems: readonly string[]): never {
  announce(`Cannot start:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  Deno.exit(1);
}

async function shutDown(): Promise<void> {
  await dispatcher.stop();
  await threads.close();
  await server.shutdown();
  doorbell.close();
  store.close();
  Deno.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, shutDown);
