/** Wizard drafts: what was entered so far, the token sealed; a draft lives for a day. */

import { and, desc, eq, gt } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "@/lib/clock.ts";
import type { AccessCheck, Credential } from "@/lib/codeserver/mod.ts";
import { REMOTE_REASONS } from "@/lib/errors.ts";
import { newId } from "@/lib/id.ts";
import type { Seal } from "@/lib/seal.ts";
import type { Db } from "./db.ts";
import { drafts } from "./schema.ts";

export const DRAFT_MS = 24 * 60 * 60 * 1000;

/** The pre-flight list of one workspace, as last run. */
export interface DraftAccess {
  workspace: string;
  ok: boolean;
  checks: AccessCheck[];
  repositoryCount: number | null;
  /** The server that waits behind the draft, once the checks passed. */
  serverId: string | null;
  /** The saved server that has this workspace, where that is why it was refused. */
  connectedId?: string;
  otherWorkspaces: { slug: string; uuid: string }[];
}

export interface Draft {
  id: string;
  userId: string;
  type: "bitbucket_cloud" | null;
  workspaces: string[];
  hasCredential: boolean;
  credentialKind: Credential["kind"] | null;
  credentialUser: string | null;
  tokenExpiresAt: number | null;
  access: DraftAccess[];
  createdAt: number;
  expiresAt: number;
}

const accessList = z.array(z.object({
  workspace: z.string(),
  ok: z.boolean(),
  checks: z.array(z.object({
    id: z.enum(["workspace", "credential", "scopes", "rest", "git", "repositories"]),
    state: z.enum(["passed", "warning", "failed", "skipped"]),
    sentence: z.string(),
    reason: z.exactOptional(z.enum(REMOTE_REASONS)),
    missingScopes: z.exactOptional(z.array(z.string())),
  })),
  repositoryCount: z.number().nullable(),
  serverId: z.string().nullable(),
  connectedId: z.exactOptional(z.string()),
  otherWorkspaces: z.array(z.object({ slug: z.string(), uuid: z.string() })),
}));

/** Wizard drafts with their sealed token, until they are saved or run out. */
export function draftStore(db: Db, clock: Clock, seal: Seal) {
  const place = (id: string) => `drafts:${id}`;

  return {
    async create(userId: string): Promise<string> {
      const now = clock.now();
      const id = newId(now);
      await db.query.insert(drafts).values({
        id,
        userId,
        createdAt: now,
        expiresAt: now + DRAFT_MS,
      });
      return id;
    },

    /** The draft of its own user, unless it expired. */
    async find(id: string, userId: string): Promise<Draft | null> {
      const [row] = await db.query.select().from(drafts).where(
        and(eq(drafts.id, id), eq(drafts.userId, userId), gt(drafts.expiresAt, clock.now())),
      ).limit(1);
      return row ? toDraft(row) : null;
    },

    /** The open drafts of a user, newest first, at most 20. */
    async list(userId: string): Promise<Draft[]> {
      const rows = await db.query.select().from(drafts)
        .where(and(eq(drafts.userId, userId), gt(drafts.expiresAt, clock.now())))
        .orderBy(desc(drafts.createdAt)).limit(20);
      return rows.map(toDraft);
    },

    async setType(id: string, type: "bitbucket_cloud"): Promise<void> {
      await db.query.update(drafts).set({ type }).where(eq(drafts.id, id));
    },

    async setWorkspaces(id: string, workspaces: readonly string[]): Promise<void> {
      await db.query.update(drafts).set({ workspaces: JSON.stringify(workspaces) })
        .where(eq(drafts.id, id));
    },

    async setCredential(
      id: string,
      credential: Credential,
      tokenExpiresAt: number | null,
    ): Promise<void> {
      await db.query.update(drafts).set({
        credentialKind: credential.kind,
        credentialUser: credential.user,
        sealedSecret: await seal.close(credential.secret, place(id)),
        tokenExpiresAt,
      }).where(eq(drafts.id, id));
    },

    /** The credential in clear, or null before the token's step. @throws `SealError`. */
    async openCredential(id: string): Promise<Credential | null> {
      const [row] = await db.query.select().from(drafts).where(eq(drafts.id, id)).limit(1);
      if (!row?.sealedSecret || !row.credentialKind) return null;
      return {
        kind: row.credentialKind,
        user: row.credentialUser,
        secret: await seal.open(row.sealedSecret, place(id)),
      };
    },

    async setAccess(id: string, access: readonly DraftAccess[]): Promise<void> {
      await db.query.update(drafts).set({ access: JSON.stringify(access) })
        .where(eq(drafts.id, id));
    },

    /** Removes a draft; its hidden servers go with it unless they were published. */
    async remove(id: string): Promise<void> {
      await db.query.delete(drafts).where(eq(drafts.id, id));
    },

    /** Removes what is older than a day. */
    async removeExpired(): Promise<number> {
      const { rows } = await db.execute("DELETE FROM drafts WHERE expires_at <= ? RETURNING id", [
        clock.now(),
      ]);
      return rows.length;
    },
  };
}

function toDraft(row: typeof drafts.$inferSelect): Draft {
  return {
    id: row.id,
    userId: row.userId,
    type: row.type,
    workspaces: z.array(z.string()).parse(JSON.parse(row.workspaces)),
    hasCredential: row.sealedSecret !== null,
    credentialKind: row.credentialKind,
    credentialUser: row.credentialUser,
    tokenExpiresAt: row.tokenExpiresAt,
    access: accessList.parse(JSON.parse(row.access)),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}
