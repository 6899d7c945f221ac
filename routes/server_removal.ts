/** The removal of a code server, the same for pages and for scripts. */

import { describeError } from "@/lib/error_facts.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "./deps.ts";

/** A code server that does not answer must not keep a person from removing it. */
const UNSUBSCRIBE_MS = 5_000;

/** Ends the webhook that we made, where that can be done, and removes all that is kept of the server. */
export async function removeServer(
  deps: Pick<RouteDeps, "store" | "openServer" | "log">,
  server: Server,
): Promise<void> {
  if (server.webhookId !== null) {
    try {
      const codeServer = await deps.openServer(server);
      const signal = AbortSignal.timeout(UNSUBSCRIBE_MS);
      await codeServer.webhooks.remove(server.webhookId, { signal });
    } catch (error) {
      deps.log.warn("A webhook could not be removed with its server", {
        server: server.id,
        ...describeError(error),
      });
    }
  }
  await deps.store.servers.remove(server.id);
}
