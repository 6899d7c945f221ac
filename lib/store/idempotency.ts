/** Answers to requests that carry an idempotency key, so that a repeated one is not carried out twice. */

import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";

/** Long enough for every sane retry; after it the key is free again. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** A request that has not answered by then died with its process. */
const UNDER_WAY_MS = 5 * 60_000;

/** What a key means at this moment. */
export type Begun =
  /** Nobody used it: carry out, then `finish` or `forget`. */
  | { kind: "new" }
  | { kind: "answered"; status: number; answer: string }
  /** The same request is being carried out. */
  | { kind: "under_way" }
  /** It was used for another body. */
  | { kind: "other_body" };

/** Remembers the answers to POST requests by their idempotency key. */
export function idempotencyStore(db: Db, clock: Clock) {
  return {
    /** Takes a key, for the hash of caller, route and key and the hash of the body. */
    async begin(keyHash: string, bodyHash: string): Promise<Begun> {
      const now = clock.now();
      const [, taken] = await db.batch([
        {
          sql: "DELETE FROM idempotency_keys WHERE at <= ?1 OR (status = 0 AND at <= ?2)",
          args: [now - KEPT_MS, now - UNDER_WAY_MS],
        },
        {
          sql: `INSERT INTO idempotency_keys (key_hash, body_hash, status, answer, at)
            VALUES (?, ?, 0, '', ?) ON CONFLICT DO NOTHING RETURNING key_hash`,
          args: [keyHash, bodyHash, now],
        },
      ]);
      if (taken!.rows.length === 1) return { kind: "new" };
      const { rows: [row] } = await db.execute(
        "SELECT body_hash, status, answer FROM idempotency_keys WHERE key_hash = ?",
        [keyHash],
      );
      // Gone between the two statements: whoever held it failed, so the caller may try again.
      if (!row) return { kind: "under_way" };
      if (row.body_hash !== bodyHash) return { kind: "other_body" };
      if (row.status === 0) return { kind: "under_way" };
      return { kind: "answered", status: Number(row.status), answer: String(row.answer) };
    },

    /** Keeps the answer for whoever repeats the request. */
    async finish(keyHash: string, status: number, answer: string): Promise<void> {
      await db.execute("UPDATE idempotency_keys SET status = ?, answer = ? WHERE key_hash = ?", [
        status,
        answer,
        keyHash,
      ]);
    },

    /** Frees a key whose request was not carried out. */
    async forget(keyHash: string): Promise<void> {
      await db.execute("DELETE FROM idempotency_keys WHERE key_hash = ?", [keyHash]);
    },
  };
}
