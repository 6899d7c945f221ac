/** Asking for a discovery, as a person does. */

import type { RouteDeps } from "./deps.ts";

/** Asks for one, or makes the one that waits due at once. */
export async function discoverNow(deps: RouteDeps, serverId: string): Promise<void> {
  const { jobs } = deps.store;
  const id = await jobs.requestDiscovery(serverId, "person");
  if (id === null) await jobs.hastenDiscovery(serverId);
  await deps.doorbell.ring(id ?? serverId);
}
