/** The credentials of code servers: sealed, opened, replaced, and what is counted and allowed under each. */

import { and, eq, sql } from "drizzle-orm";
import type { Clock } from "@/lib/clock.ts";
import type { Credential } from "@/lib/codeserver/mod.ts";
import type { Seal } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { servers } from "./schema.ts";
import type { Server } from "./servers.ts";

/** What a server's credential is sealed to. */
export function credentialPlace(serverId: string): string {
  return `servers:${serverId}`;
}

/** The part of the servers' store that knows of credentials. */
export function serverCredentials(db: Db, clock: Clock, seal: Seal) {
  const keyOf = ({ kind, user, secret }: Credential) =>
    seal.nameOf(JSON.stringify([kind, user, secret]));

  return {
    /** The credential in clear. @throws `SealError` when the key is not the one it was sealed with. */
    async openCredential(server: Server): Promise<Credential> {
      const credential = {
        kind: server.credentialKind,
        user: server.credentialUser,
        secret: await seal.open(server.sealedSecret, credentialPlace(server.id)),
      };
      const credentialKey = keyOf(credential);
      if (credentialKey !== server.credentialKey) {
        // Of an older version's row, or after the instance's key was rotated.
        await db.query.update(servers).set({ credentialKey })
          .where(and(eq(servers.id, server.id), eq(servers.sealedSecret, server.sealedSecret)));
      }
      return credential;
    },

    /** What the calls of a credential are counted under: a keyed hash, 64 hex digits. */
    credentialKey: keyOf,

    /** Replaces the token, ends the need for attention, and leaves the selection alone. */
    async replaceCredential(
      id: string,
      credential: Credential,
      tokenExpiresAt: number | null,
    ): Promise<void> {
      const key = keyOf(credential);
      await db.execute(
        `UPDATE jobs SET run_at = ?, wait_reason = NULL, snoozes = 0
         WHERE server_id = ? AND kind = 'scan' AND state = 'queued'
           AND wait_reason = 'rate_limited'
           AND (SELECT credential_key FROM servers WHERE id = jobs.server_id) <> ?`,
        [clock.now(), id, key],
      );
      await db.query.update(servers).set({
        credentialKind: credential.kind,
        credentialUser: credential.user,
        sealedSecret: await seal.close(credential.secret, credentialPlace(id)),
        credentialKey: key,
        // What the old token was told, of its allowance and of waiting, does not hold for another.
        restLimit: sql`case when credential_key = ${key} then rest_limit else 1000 end`,
        waitingUntil: sql`case when credential_key = ${key} then waiting_until else null end`,
        tokenExpiresAt,
        attentionReason: null,
        attentionDetail: null,
        // A new token may create what the old one could not; one that a person pasted, and works, stays.
        webhookState: sql`case when webhook_state = 'manual' and webhook_seen_at is null
          then null else webhook_state end`,
      }).where(eq(servers.id, id));
    },

    /** Calls an hour that a credential has, for all servers of it. */
    async setRestLimit(credentialKey: string, limit: number): Promise<void> {
      await db.query.update(servers).set({ restLimit: limit }).where(
        and(eq(servers.credentialKey, credentialKey), sql`${servers.restLimit} <> ${limit}`),
      );
    },
  };
}
