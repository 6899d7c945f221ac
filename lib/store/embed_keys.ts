/** Embed keys of portals: kept as a hash, scoped to servers or repositories and to origins. */

import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { accessKeyHint, isAccessKey, newAccessKey } from "@/lib/access_key.ts";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import { sha256Hex } from "@/lib/seal.ts";
import { KEY_USED_EVERY_MS } from "./api_keys.ts";
import type { Db } from "./db.ts";
import { embedKeys } from "./schema.ts";

type Row = typeof embedKeys.$inferSelect;
type Lists = "serverIds" | "repositoryIds" | "origins";

/** A key with its scope; both lists of ids empty: everything. */
export type EmbedKey = Omit<Row, "keyHash" | Lists> & Record<Lists, string[]>;

const list = z.array(z.string());

/** Embed keys: made, found by the hash of the key, and revoked. */
export function embedKeyStore(db: Db, clock: Clock) {
  const isNoted = ({ lastUsedAt }: Pick<EmbedKey, "lastUsedAt">) =>
    lastUsedAt !== null && lastUsedAt + KEY_USED_EVERY_MS > clock.now();

  return {
    /** A new key; this is the only time that it is seen. */
    async create(input: {
      name: string;
      serverIds: readonly string[];
      repositoryIds: readonly string[];
      origins: readonly string[];
      showCounts: boolean;
      createdBy: string;
      expiresAt: number | null;
    }): Promise<{ id: string; key: string }> {
      const now = clock.now();
      const [id, key] = [newId(now), newAccessKey("embed")];
      await db.query.insert(embedKeys).values({
        ...input,
        id,
        serverIds: JSON.stringify(input.serverIds),
        repositoryIds: JSON.stringify(input.repositoryIds),
        origins: JSON.stringify(input.origins),
        keyHash: await sha256Hex(key),
        hint: accessKeyHint(key),
        createdAt: now,
      });
      return { id, key };
    },

    /** The key whatever became of it, so that the answer can say why it opens nothing. */
    async findByKey(key: string): Promise<EmbedKey | null> {
      if (!isAccessKey(key, "embed")) return null;
      const [row] = await db.query.select().from(embedKeys)
        .where(eq(embedKeys.keyHash, await sha256Hex(key))).limit(1);
      return row ? toKey(row) : null;
    },

    async find(id: string): Promise<EmbedKey | null> {
      const [row] = await db.query.select().from(embedKeys).where(eq(embedKeys.id, id)).limit(1);
      return row ? toKey(row) : null;
    },

    /** All keys, newest first, revoked ones included. */
    async list(): Promise<EmbedKey[]> {
      const rows = await db.query.select().from(embedKeys)
        .orderBy(desc(embedKeys.createdAt), desc(embedKeys.id));
      return rows.map(toKey);
    },

    /** Whether a use in this moment is noted already. */
    isNoted,

    /** Notes a use, at most once a minute, in the caller's row too; it may ask as often as it likes. */
    async noteUse(key: Pick<EmbedKey, "id" | "lastUsedAt">): Promise<void> {
      if (isNoted(key)) return;
      const now = clock.now();
      // Before the write: whoever asks meanwhile with the same row is not to write again.
      key.lastUsedAt = now;
      await db.query.update(embedKeys).set({ lastUsedAt: now }).where(eq(embedKeys.id, key.id));
    },

    /** Ends a key at once; false when it was revoked already or never was. */
    async revoke(id: string): Promise<boolean> {
      const { rows } = await db.execute(
        "UPDATE embed_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id",
        [clock.now(), id],
      );
      return rows.length === 1;
    },
  };
}

function toKey({ keyHash: _, ...row }: Row): EmbedKey {
  return {
    ...row,
    serverIds: list.parse(JSON.parse(row.serverIds)),
    repositoryIds: list.parse(JSON.parse(row.repositoryIds)),
    origins: list.parse(JSON.parse(row.origins)),
  };
}
