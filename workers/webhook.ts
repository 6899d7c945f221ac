/** Subscribes a server's webhook at the end of its first discovery, where that can be done. */

import type { CodeServer } from "@/lib/codeserver/mod.ts";
import { RemoteError } from "@/lib/errors.ts";
import { newToken } from "@/lib/id.ts";
import type { Server } from "@/lib/store/servers.ts";
import { webhookUrl } from "@/lib/webhook_url.ts";
import type { StepContext } from "./deps.ts";

/**
 * Creates the webhook of a server that has none. Without the right to it, a secret is kept for a
 * person to paste; without an address that Bitbucket can reach, nothing is done: the list tells.
 */
export async function subscribe(
  server: Server,
  codeServer: CodeServer,
  context: StepContext,
): Promise<void> {
  const { store, publicUrl, signal, log } = context;
  if (server.webhookState !== null || publicUrl === null) return;
  // Kept from the last try: a person may be pasting it at this moment.
  const secret = await store.webhooks.openSecret(server) ?? newToken();
  try {
    const { id } = await codeServer.webhooks.create(
      { url: webhookUrl(publicUrl, server.id), secret },
      { signal },
    );
    await store.webhooks.save(server.id, { state: "created", id, secret });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    log.info("A webhook was not created", { server: server.id, reason: error.reason });
    if (["forbidden", "not_found", "unauthorized"].includes(error.reason)) {
      await store.webhooks.save(server.id, { state: "manual", id: null, secret });
    }
  }
}
