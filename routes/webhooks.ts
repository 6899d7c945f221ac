/** `/webhooks/bitbucket-cloud/:server`: what Bitbucket tells by itself, verified before it is read. */

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { signedWebhooks } from "@/lib/codeserver/bitbucket_cloud/webhooks.ts";
import { SealError } from "@/lib/seal.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** Bitbucket sends at most 256 KB. */
const MAX_BYTES = 1024 * 1024;

/** Events after which the list of repositories may be another. */
const LIST_EVENTS = new Set([
  "repo:created",
  "repo:deleted",
  "repo:updated",
  "repo:transfer",
  "repo:imported",
  "repo:fork",
]);

/** Takes the code server's deliveries, which are signed. */
export function webhookRoutes(
  deps: Pick<RouteDeps, "store" | "doorbell" | "log">,
): Hono<AppEnv> {
  const { store, doorbell, log } = deps;
  const app = new Hono<AppEnv>();

  /** Null also when the instance's key is another: a stranger gets the same answer. */
  async function openSecret(server: Server): Promise<string | null> {
    try {
      return await store.webhooks.openSecret(server);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      log.error("A webhook's secret does not open", { server: server.id, error: error.message });
      return null;
    }
  }

  app.post(
    "/webhooks/bitbucket-cloud/:server",
    bodyLimit({ maxSize: MAX_BYTES, onError: (c) => c.json({ error: "too large" }, 413) }),
    async (c) => {
      const body = new Uint8Array(await c.req.arrayBuffer());
      const headers = c.req.raw.headers;
      const server = await store.servers.find(c.req.param("server"));
      const secret = server && await openSecret(server);
      // One answer for an unknown server and a wrong signature: it tells a stranger nothing.
      if (!server || !secret || !await signedWebhooks.verify(body, headers, secret)) {
        log.warn("A webhook was refused", { server: c.req.param("server").slice(0, 40) });
        return c.json({ error: "signature does not fit" }, 401);
      }
      const delivery = signedWebhooks.deliveryId(headers) ?? c.get("requestId");
      if (!await store.webhooks.take(server.id, delivery)) return c.json({ taken: "before" });

      const push = signedWebhooks.parsePush(body, headers);
      if (push !== null) {
        const repositoryId = await store.webhooks.push(server.id, push.repository.uuid);
        if (repositoryId !== null) {
          await doorbell.ring(repositoryId);
          return c.json({ taken: "push" });
        }
        // A repository that we do not know yet, or do not watch: the list tells which.
      } else if (!LIST_EVENTS.has(headers.get("x-event-key") ?? "")) {
        return c.json({ taken: "nothing to do" });
      }
      await store.jobs.requestDiscovery(server.id, "webhook");
      await doorbell.ring(server.id);
      return c.json({ taken: "discovery" });
    },
  );
  return app;
}
