/** The sweep, each minute: heals what a crash left, removes what is over, asks for what is due. */

import { isDiskFull } from "@/lib/disk.ts";
import { describeError } from "@/lib/error_facts.ts";
import type { Deps } from "./deps.ts";

/**
 * How often a server's list is read again by itself, so that a lost webhook costs minutes: five
 * minutes, or as long as keeps it to 200 of the hour's 1,000 calls (a call lists 100).
 */
const DISCOVER_LEAST_MS = 5 * 60_000;
const DISCOVER_MS_PER_PAGE = 18_000;

/** Repositories that one sweep sends to be read again for newer rules. */
const OUTDATED_AT_ONCE = 500;

type SweepDeps = Pick<Deps, "store" | "log" | "rulesVersion" | "vitals">;

/** Safe to run at any time and by several processes; a failure is logged, the next minute tries again. */
export async function sweep(deps: SweepDeps): Promise<void> {
  try {
    await heal(deps);
    deps.vitals.swept();
  } catch (error) {
    if (isDiskFull(error)) deps.vitals.diskFull();
    deps.log.error("The sweep did not get through", describeError(error));
  }
}

async function heal({ store, log, rulesVersion }: SweepDeps): Promise<void> {
  const backMs = await store.clockSteps.note();
  if (backMs > 0) log.warn("The clock was set back; what waits was moved with it", { backMs });
  const { requeued, setAside } = await store.jobs.healLost();
  if (requeued + setAside > 0) log.warn("Jobs were left by a worker", { requeued, setAside });
  await store.drafts.removeExpired();
  await store.sessions.removeOld();
  await store.signIns.removeOld();
  await store.oneTimeTokens.removeOld();
  await store.webhooks.forgetOld();
  for (const serverId of await store.servers.due(DISCOVER_LEAST_MS, DISCOVER_MS_PER_PAGE)) {
    await store.jobs.requestDiscovery(serverId, "schedule");
  }
  const outdated = await store.jobs.rescanOutdated(
    await store.customRules.version(rulesVersion),
    OUTDATED_AT_ONCE,
  );
  if (outdated > 0) log.info("The rules are others than at the last scan", { rescans: outdated });
  await store.jobs.forgetOld();
}
