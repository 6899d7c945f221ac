/** Webhooks of servers: their sealed secret, deliveries once each, and the pushes they tell of. */

import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Seal } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { PRIORITY } from "./job_moves.ts";
import type { Server } from "./servers.ts";

/** How long a delivery is remembered; Bitbucket repeats within minutes. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** A server's webhook with its sealed secret, and the deliveries already taken. */
export function webhookStore(db: Db, clock: Clock, seal: Seal) {
  const place = (serverId: string) => `servers:${serverId}:webhook`;

  return {
    /** Stores how a server's webhook came to be, and its secret, sealed. */
    async save(
      serverId: string,
      hook: { state: "created" | "manual"; id: string | null; secret: string },
    ): Promise<void> {
      await db.execute(
        `UPDATE servers SET webhook_state = ?, webhook_id = ?, sealed_webhook_secret = ?
         WHERE id = ?`,
        [hook.state, hook.id, await seal.close(hook.secret, place(serverId)), serverId],
      );
    },

    /** The secret in clear; null before there is one. @throws `SealError` */
    async openSecret(server: Server): Promise<string | null> {
      if (server.sealedWebhookSecret === null) return null;
      return await seal.open(server.sealedWebhookSecret, place(server.id));
    },

    /** Takes a verified delivery; false when it was taken before. */
    async take(serverId: string, requestId: string): Promise<boolean> {
      const now = clock.now();
      const [first] = await db.batch([
        {
          sql: `INSERT INTO webhook_deliveries (request_id, server_id, at) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING RETURNING request_id`,
          args: [requestId, serverId, now],
        },
        { sql: "UPDATE servers SET webhook_seen_at = ? WHERE id = ?", args: [now, serverId] },
      ]);
      return first!.rows.length === 1;
    },

    /**
     * Asks for a scan of a watched repository that was pushed to. A scan that runs already is
     * followed by another when it ends. Gives the repository's id, or null when it is not watched.
     */
    async push(serverId: string, uuid: string): Promise<string | null> {
      const now = clock.now();
      const [pushed] = await db.batch([
        {
          sql: `UPDATE repositories SET pushed_at = ?3
            WHERE server_id = ?1 AND lower(uuid) = lower(?2) AND selected = 1 RETURNING id`,
          args: [serverId, uuid, now],
        },
        {
          sql: `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority,
              requested_by, run_at, created_at)
            SELECT ?4, 'scan', server_id, id, 'history', ${PRIORITY.change}, 'webhook', ?3, ?3
            FROM repositories WHERE server_id = ?1 AND lower(uuid) = lower(?2) AND selected = 1
              AND gone_at IS NULL
            ON CONFLICT DO NOTHING`,
          args: [serverId, uuid, now, newId(now)],
        },
      ]);
      return pushed!.rows[0] ? String(pushed!.rows[0].id) : null;
    },

    /** Forgets deliveries older than a day. */
    async forgetOld(): Promise<void> {
      await db.execute("DELETE FROM webhook_deliveries WHERE at < ?", [clock.now() - REMEMBER_MS]);
    },
  };
}
