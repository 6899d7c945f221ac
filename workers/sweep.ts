/** The sweep, each minute: heals what a crash left, removes what is over, asks for what is due. */

import type { Deps } from "./deps.ts";

/**
 * How often a server's list is read again by itself: 10 calls for 1,000 repositories, of a budget
 * of 1,000 an hour.
 */
export const DISCOVER_EVERY_MS = 30 * 60_000;

type SweepDeps = Pick<Deps, "store" | "log">;

/** Safe to run at any time and by several processes; a failure is logged, the next minute tries again. */
export async function sweep(deps: SweepDeps): Promise<void> {
  try {
    await heal(deps);
  } catch (error) {
    deps.log.error("The sweep did not get through", { error: String(error) });
  }
}

async function heal({ store, log }: SweepDeps): Promise<void> {
  const { requeued, setAside } = await store.jobs.healLost();
  if (requeued + setAside > 0) log.warn("Jobs were left by a worker", { requeued, setAside });
  await store.drafts.removeExpired();
  await store.users.removeOldSessions();
  for (const serverId of await store.servers.due(DISCOVER_EVERY_MS)) {
    await store.jobs.requestDiscovery(serverId, "schedule");
  }
}
