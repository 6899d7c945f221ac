/** API keys of scripts: shown once, kept as a hash, with a role, an end, and a revocation. */

import { desc, eq } from "drizzle-orm";
import { accessKeyHint, isAccessKey, newAccessKey } from "@/lib/access_key.ts";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { apiKeys } from "./schema.ts";

export type ApiKey = Omit<typeof apiKeys.$inferSelect, "keyHash">;

/** A use is noted at most this often, so that a busy script costs no writes. */
export const KEY_USED_EVERY_MS = 60_000;

export function apiKeyStore(db: Db, clock: Clock) {
  return {
    /** A new key; this is the only time that it is seen. */
    async create(input: {
      name: string;
      role: ApiKey["role"];
      createdBy: string;
      expiresAt: number | null;
    }): Promise<{ id: string; key: string }> {
      const now = clock.now();
      const [id, key] = [newId(now), newAccessKey("api")];
      await db.query.insert(apiKeys).values({
        id,
        ...input,
        keyHash: await sha256Hex(key),
        hint: accessKeyHint(key),
        createdAt: now,
      });
      return { id, key };
    },

    /** What a key opens; null for one that is unknown, over or revoked. Notes the use. */
    async use(key: string): Promise<ApiKey | null> {
      if (!isAccessKey(key, "api")) return null;
      const [row] = await db.query.select().from(apiKeys)
        .where(eq(apiKeys.keyHash, await sha256Hex(key))).limit(1);
      const now = clock.now();
      if (!row || row.revokedAt !== null) return null;
      if (row.expiresAt !== null && row.expiresAt <= now) return null;
      if (row.lastUsedAt === null || row.lastUsedAt + KEY_USED_EVERY_MS <= now) {
        await db.query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id));
      }
      return withoutHash(row);
    },

    async find(id: string): Promise<ApiKey | null> {
      const [row] = await db.query.select().from(apiKeys).where(eq(apiKeys.id, id)).limit(1);
      return row ? withoutHash(row) : null;
    },

    /** All keys, newest first, revoked ones included. */
    async list(): Promise<ApiKey[]> {
      const rows = await db.query.select().from(apiKeys)
        .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
      return rows.map(withoutHash);
    },

    /** Ends a key at once; false when it was revoked already or never was. */
    async revoke(id: string): Promise<boolean> {
      const { rows } = await db.execute(
        "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id",
        [clock.now(), id],
      );
      return rows.length === 1;
    },
  };
}

function withoutHash({ keyHash: _, ...row }: typeof apiKeys.$inferSelect): ApiKey {
  return row;
}
