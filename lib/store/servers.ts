/** Code servers: connected workspaces with their sealed credential and selection. */

import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Seal } from "@/lib/seal.ts";
import { type Selection, selectionTest } from "@/lib/selection.ts";
import type { Credential } from "@/lib/codeserver/mod.ts";
import type { Db } from "./db.ts";
import { LIGHT_BYTES, PRIORITY } from "./job_moves.ts";
import { servers } from "./schema.ts";
import { credentialPlace, serverCredentials } from "./server_credentials.ts";

/** A server as pages and workers read it; the credential stays sealed. */
export type Server = Omit<typeof servers.$inferSelect, "include" | "exclude"> & {
  include: string[];
  exclude: string[];
};

export type AttentionReason = NonNullable<Server["attentionReason"]>;

const globs = z.array(z.string());

/** Code servers with their sealed credential, selection and shown state. */
export function serverStore(db: Db, clock: Clock, seal: Seal) {
  const credentials = serverCredentials(db, clock, seal);

  async function find(id: string): Promise<Server | null> {
    const [row] = await db.query.select().from(servers).where(eq(servers.id, id)).limit(1);
    return row ? toServer(row) : null;
  }

  return {
    ...credentials,
    find,

    /** The saved servers by name, without those of open drafts. */
    async list(): Promise<Server[]> {
      const rows = await db.query.select().from(servers).where(isNull(servers.draftId))
        .orderBy(asc(servers.name), asc(servers.id));
      return rows.map(toServer);
    },

    async listOfDraft(draftId: string): Promise<Server[]> {
      const rows = await db.query.select().from(servers).where(eq(servers.draftId, draftId))
        .orderBy(asc(servers.workspace));
      return rows.map(toServer);
    },

    /** The saved server of a workspace, so that none is connected twice. */
    async findByWorkspace(workspace: { slug?: string; uuid?: string }): Promise<Server | null> {
      const same = workspace.uuid
        ? eq(servers.workspaceUuid, workspace.uuid)
        : sql`lower(${servers.workspace}) = lower(${workspace.slug ?? ""})`;
      const [row] = await db.query.select().from(servers)
        .where(and(isNull(servers.draftId), same)).limit(1);
      return row ? toServer(row) : null;
    },

    /** A new server with its sealed credential; with `draftId` it stays hidden until `publish`. */
    async create(input: {
      draftId: string | null;
      type: "bitbucket_cloud";
      workspace: { slug: string; uuid: string; name: string };
      credential: Credential;
      tokenExpiresAt: number | null;
      selection?: Selection;
    }): Promise<string> {
      const id = newId(clock.now());
      await db.query.insert(servers).values({
        id,
        draftId: input.draftId,
        type: input.type,
        workspace: input.workspace.slug,
        workspaceUuid: input.workspace.uuid,
        name: input.workspace.name,
        credentialKind: input.credential.kind,
        credentialUser: input.credential.user,
        sealedSecret: await seal.close(input.credential.secret, credentialPlace(id)),
        credentialKey: credentials.credentialKey(input.credential),
        tokenExpiresAt: input.tokenExpiresAt,
        selectionMode: input.selection?.mode ?? "all",
        include: JSON.stringify(input.selection?.include ?? []),
        exclude: JSON.stringify(input.selection?.exclude ?? []),
        createdAt: clock.now(),
        savedAt: input.draftId === null ? clock.now() : null,
      });
      return id;
    },

    /**
     * Shows those servers of a draft that are named and asks for a scan of each selected
     * repository, in one write; gives their ids. A workspace that was connected in the meantime
     * stays with the draft, as does a server that is not named. The discovery that runs already
     * goes on and asks for the rest.
     */
    async publish(draftId: string, serverIds: readonly string[]): Promise<string[]> {
      const now = clock.now();
      const [shown] = await db.batch([
        {
          sql: `UPDATE OR IGNORE servers SET draft_id = NULL, saved_at = ? WHERE draft_id = ?
            AND id IN (SELECT value FROM json_each(?)) RETURNING id`,
          args: [now, draftId, JSON.stringify(serverIds)],
        },
        ...serverIds.map((id) => scanSelected(id, now, "wizard", "[]")),
      ]);
      return shown!.rows.map((row) => String(row.id));
    },

    /** Stores a selection and what it comes to for each repository; new ones are scanned. */
    async select(id: string, selection: Selection, picked: readonly string[] | null) {
      const now = clock.now();
      await db.execute(
        "UPDATE servers SET selection_mode = ?, include = ?, exclude = ? WHERE id = ?",
        [
          selection.mode,
          JSON.stringify(selection.include),
          JSON.stringify(selection.exclude),
          id,
        ],
      );
      if (picked !== null) {
        await db.execute(
          `UPDATE repositories SET picked = (id IN (SELECT value FROM json_each(?1)))
           WHERE server_id = ?2 AND picked <> (id IN (SELECT value FROM json_each(?1)))`,
          [JSON.stringify(picked), id],
        );
      }
      const { rows } = await db.execute(
        "SELECT id, slug, picked, selected FROM repositories WHERE server_id = ?",
        [id],
      );
      const test = selectionTest(selection);
      const changed = (selected: boolean) =>
        JSON.stringify(
          rows.filter((row) =>
            test({ slug: String(row.slug), picked: row.picked === 1 }) === selected &&
            (row.selected === 1) !== selected
          ).map((row) => row.id),
        );
      const set = (selected: boolean) => ({
        sql: `UPDATE repositories SET selected = ${selected ? 1 : 0}
          WHERE id IN (SELECT value FROM json_each(?))`,
        args: [changed(selected)],
      });
      await db.batch([
        set(true),
        set(false),
        {
          sql: `UPDATE jobs SET state = 'cancelled', finished_at = ?, lease_until = NULL,
              owner = NULL, wait_reason = NULL
            WHERE kind = 'scan' AND state IN ('queued', 'running') AND server_id = ?
              AND repository_id IN (SELECT value FROM json_each(?))`,
          args: [now, id, changed(false)],
        },
        scanSelected(id, now, "selection", changed(true)),
      ]);
    },

    async pause(id: string, paused: boolean): Promise<void> {
      await db.query.update(servers).set({ pausedAt: paused ? clock.now() : null })
        .where(eq(servers.id, id));
    },

    /** Stops the server's work until a person acts; its results stay. */
    async needAttention(id: string, reason: AttentionReason, detail: string): Promise<void> {
      await db.query.update(servers).set({
        attentionReason: reason,
        attentionDetail: detail.slice(0, 500),
      }).where(eq(servers.id, id));
    },

    /** Ends the need for attention: the cause is gone. */
    async clearAttention(id: string): Promise<void> {
      await db.query.update(servers).set({ attentionReason: null, attentionDetail: null })
        .where(eq(servers.id, id));
    },

    /** Bitbucket lists the workspace under another ID from now on. */
    async rename(id: string, workspace: string): Promise<void> {
      await db.query.update(servers).set({ workspace }).where(eq(servers.id, id));
    },

    /** No scan of it is claimed before `untilMs`: its git budget is spent. A longer wait stays. */
    async wait(id: string, untilMs: number): Promise<void> {
      await db.query.update(servers)
        .set({ waitingUntil: sql`max(coalesce(waiting_until, 0), ${untilMs})` })
        .where(eq(servers.id, id));
    },

    /** Removes a server with its repositories, findings, jobs and credential. */
    async remove(id: string): Promise<void> {
      await db.query.delete(servers).where(eq(servers.id, id));
    },

    /**
     * Ends waits that are over; gives the servers whose list is due to be read again: after
     * `leastMs`, or `msPerPage` for each 100 repositories where that is longer.
     */
    async due(leastMs: number, msPerPage: number): Promise<string[]> {
      const now = clock.now();
      await db.execute(
        "UPDATE servers SET waiting_until = NULL WHERE waiting_until <= ?",
        [now],
      );
      const { rows } = await db.execute(
        `SELECT s.id FROM servers s LEFT JOIN jobs j ON j.id = s.discovery_id
         WHERE s.draft_id IS NULL AND s.paused_at IS NULL
           AND (j.id IS NULL OR (j.finished_at IS NOT NULL
             AND j.finished_at <= ? - max(?, ? * (1 + s.repository_count / 100))))`,
        [now, leastMs, msPerPage],
      );
      return rows.map((row) => String(row.id));
    },
  };
}

/**
 * Scans what was never scanned, and `reselected` (JSON of ids): nobody looked at their pushes while
 * they were out. The repositories of a draft's server wait for `publish`.
 */
function scanSelected(
  serverId: string,
  now: number,
  by: "wizard" | "selection",
  reselected: string,
) {
  return {
    sql: `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by,
        run_at, created_at)
      SELECT lower(hex(randomblob(10))), 'scan', server_id, id,
        CASE WHEN scanned_at = 0 AND coalesce(size_bytes, 0) > ${LIGHT_BYTES} THEN 'tip'
          ELSE 'history' END,
        ${PRIORITY.tip}, ?4, ?1, ?1
      FROM repositories WHERE server_id = ?2 AND selected = 1 AND gone_at IS NULL
        AND (scan_id IS NULL OR id IN (SELECT value FROM json_each(?3)))
        AND EXISTS (SELECT 1 FROM servers WHERE id = ?2 AND draft_id IS NULL)
      ON CONFLICT DO NOTHING`,
    args: [now, serverId, reselected, by],
  };
}

function toServer(row: typeof servers.$inferSelect): Server {
  return {
    ...row,
    include: globs.parse(JSON.parse(row.include)),
    exclude: globs.parse(JSON.parse(row.exclude)),
  };
}
