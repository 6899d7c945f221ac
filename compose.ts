/** The composition: opens everything once and wires routes and workers to it. No logic. */

import { systemClock } from "@/lib/clock.ts";
import type { Config } from "@/lib/config.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { kvDoorbell, type Queue } from "@/lib/doorbell/kv.ts";
import { localDoorbell } from "@/lib/doorbell/local.ts";
import { sweepSpool } from "@/lib/git/mod.ts";
import { newId } from "@/lib/id.ts";
import { sealFromFile } from "@/lib/key_file.ts";
import { createLog } from "@/lib/log.ts";
import { createMetrics } from "@/lib/metrics.ts";
import { closeToOthers } from "@/lib/own_files.ts";
import { createSeal } from "@/lib/seal.ts";
import { createSso } from "@/lib/sso.ts";
import { openStore } from "@/lib/store/mod.ts";
import { createVitals } from "@/lib/vitals.ts";
import { createApp } from "@/routes/mod.ts";
import { openSetup } from "@/routes/setup.tsx";
import { readLimits } from "@/workers/limits.ts";
import { createDispatcher } from "@/workers/mod.ts";
import { createOpener } from "@/workers/open_server.ts";
import { createInPlacePool, createPool } from "@/workers/pool.ts";
import { sweep } from "@/workers/sweep.ts";

/** Threads beside `SCAN_THREADS` for small repositories, whose reading mostly waits for the network. */
const LIGHT_THREADS = 2;

export type Instance = Awaited<ReturnType<typeof compose>>;

/** Opens one instance that people reach at `publicUrl`; `openQueue` gives the doorbell's queue. */
export async function compose(
  config: Config,
  publicUrl: string,
  openQueue: () => Promise<Queue>,
) {
  const { dataDir, databaseUrl: url, databaseToken: authToken, onDeploy, bitbucket } = config;
  const [log, clock] = [createLog(config.logLevel), systemClock];
  if (!onDeploy) await closeToOthers(dataDir, log);
  // A disk that vanishes with its instance is no place for packs.
  const spoolDir = onDeploy ? null : `${dataDir}/spool`;
  if (spoolDir) {
    await Deno.mkdir(spoolDir, { recursive: true, mode: 0o700 });
    await sweepSpool(spoolDir);
  }
  const { secretKey } = config;
  const seal = secretKey ? await createSeal(secretKey) : await sealFromFile(`${dataDir}/key`);
  const store = await openStore({ url, authToken, seal });
  const doorbell = config.queue === "kv" && !onDeploy
    ? await openQueue().then((queue) => kvDoorbell(queue, log), (error) => {
      // Rings are nudges: without a queue the timer and the sweep find all work.
      log.warn("The queue does not open; the timer will do", { error: String(error) });
      return localDoorbell();
    })
    : localDoorbell();
  const hosts = [new URL(bitbucket.gitUrl).host];
  const threads = onDeploy
    ? createInPlacePool({ threads: 1 })
    : createPool({ threads: config.threads + LIGHT_THREADS, hosts, spoolDir });
  const metrics = createMetrics();
  const vitals = createVitals(clock, onDeploy ? null : dataDir);
  const opener = createOpener({ store, clock, metrics, ...bitbucket });
  const shared = { store, clock, log, metrics, vitals, rulesVersion: RULES_VERSION, ...opener };
  const work = {
    ...shared,
    threads,
    heavyScans: config.threads,
    spoolDir,
    limits: readLimits(config),
    fingerprintKey: await store.sealed.fingerprintKey(),
    publicUrl: config.publicUrl,
    owner: `${onDeploy ? "deploy" : "local"}:${newId()}`,
  };
  const dispatcher = createDispatcher(work);
  doorbell.answer(dispatcher.wake);
  // One process at a time writes an embedded file: what others left running there is lost.
  if (!store.shared) await store.jobs.endLeases("local:");
  const { trustedProxies, localSignIn, oidc } = config;
  const sso = oidc && createSso(oidc, { redirectUri: `${publicUrl}/sso/callback`, clock });
  const setupUrl = await openSetup(store, { ...config, publicUrl, clock });

  return {
    app: createApp({
      ...shared,
      doorbell,
      publicUrl,
      // Previews there have names of their own, and no other name leads to an instance.
      anyHost: onDeploy,
      instanceName: config.instanceName,
      trustedProxies,
      localSignIn,
      sso,
      threads: () => ({ busy: threads.size - threads.free, size: threads.size }),
      runningSteps: () => dispatcher.running,
    }),
    setupUrl,
    /** The minute's work; waits at most `waitMs` for what it woke, where only that keeps us alive. */
    async tick(waitMs: number): Promise<void> {
      await sweep(work);
      dispatcher.wake();
      await dispatcher.quiet(waitMs);
    },
    /** Gives what runs back to the line, and closes everything. */
    async shutDown(): Promise<void> {
      await dispatcher.stop();
      await threads.close();
      doorbell.close();
      store.close();
    },
  };
}
