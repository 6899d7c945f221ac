/** API keys of scripts: shown once, kept as a hash, with a role, an end, and a revocation. */

import { desc, eq } from "drizzle-orm";
import { accessKeyHint, isAccessKey, newAccessKey } from "@/lib/access_key.ts";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { apiKeys, users } from "./schema.ts";

/** Why a key opens nothing, though nobody revoked it and its time is not over. */
export type MakerLoss = "gone" | "demoted";

export interface ApiKey extends Omit<typeof apiKeys.$inferSelect, "keyHash"> {
  /** Null while whoever made it may do what it may; always for a key made on the machine. */
  makerLoss: MakerLoss | null;
}

/** A use is noted at most this often, so that a busy script costs no writes. */
export const KEY_USED_EVERY_MS = 60_000;

/** API keys: made, found by the hash of the key, and revoked. */
export function apiKeyStore(db: Db, clock: Clock) {
  const withMakers = () =>
    db.query.select({ key: apiKeys, makerRole: users.role }).from(apiKeys)
      .leftJoin(users, eq(users.id, apiKeys.ownerId));

  return {
    /** A new key; this is the only time that it is seen. */
    async create(input: {
      name: string;
      role: ApiKey["role"];
      createdBy: string;
      /** The user who makes it; none for who sits at the machine. */
      ownerId?: string;
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

    /**
     * What a key opens; null for one that is unknown, over or revoked, or whose maker may not do any
     * more what it may. Notes the use.
     */
    async use(key: string): Promise<ApiKey | null> {
      if (!isAccessKey(key, "api")) return null;
      const [found] = await withMakers().where(eq(apiKeys.keyHash, await sha256Hex(key))).limit(1);
      const row = found && toKey(found);
      const now = clock.now();
      if (!row || row.revokedAt !== null || row.makerLoss !== null) return null;
      if (row.expiresAt !== null && row.expiresAt <= now) return null;
      if (row.lastUsedAt === null || row.lastUsedAt + KEY_USED_EVERY_MS <= now) {
        await db.query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id));
      }
      return row;
    },

    async find(id: string): Promise<ApiKey | null> {
      const [row] = await withMakers().where(eq(apiKeys.id, id)).limit(1);
      return row ? toKey(row) : null;
    },

    /** All keys, newest first, revoked ones included. */
    async list(): Promise<ApiKey[]> {
      const rows = await withMakers().orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
      return rows.map(toKey);
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

function toKey(
  { key: { keyHash: _, ...row }, makerRole }: {
    key: typeof apiKeys.$inferSelect;
    makerRole: ApiKey["role"] | null;
  },
): ApiKey {
  const makerLoss = row.ownerId === null
    ? null
    : makerRole === null
    ? "gone"
    : row.role === "admin" && makerRole !== "admin"
    ? "demoted"
    : null;
  return { ...row, makerLoss };
}
