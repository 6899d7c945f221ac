/**
 * How a job changes state: each move is one compare-and-set that names the state it leaves, and
 * every move of a holder names its claim, so that a worker that lost its lease writes nothing.
 */

import type { InValue } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";
import {
  CLAIMED,
  type ClaimedJob,
  type JobKind,
  type JobStep,
  LEASE_MS,
  LIGHT_BYTES,
  MAX_CRASHES,
  PRIORITY,
  type RequestedBy,
  type Success,
  toClaimed,
} from "./jobs_claimed.ts";

export * from "./jobs_claimed.ts";

/** The moves over one database. Each gives what it moved, or null when the world moved on. */
export function jobMoves(db: Db, clock: Clock) {
  /** One statement from a claim that is still held. */
  async function held(job: ClaimedJob, set: string, args: InValue[]): Promise<boolean> {
    const { rows } = await db.execute(
      `UPDATE jobs SET ${set} WHERE id = ? AND claim = ? AND state = 'running' RETURNING id`,
      [...args, job.id, job.claim],
    );
    return rows.length === 1;
  }

  return {
    /** Asks for a discovery; null when one is open already. */
    requestDiscovery(
      serverId: string,
      by: RequestedBy,
      runAt: number = clock.now(),
    ): Promise<string | null> {
      return insert("discovery", serverId, null, "discover", PRIORITY.person, by, runAt);
    },

    /** Makes a waiting discovery due at once: a person asked. False when none waits. */
    async hastenDiscovery(serverId: string): Promise<boolean> {
      const { rows } = await db.execute(
        `UPDATE jobs SET run_at = ?, requested_by = 'person' WHERE server_id = ? AND kind = 'discovery'
           AND state = 'queued' RETURNING id`,
        [clock.now(), serverId],
      );
      return rows.length === 1;
    },

    /** Asks for a scan of one repository; null when one is open already. */
    requestScan(
      repository: { id: string; serverId: string },
      options: { step: "tip" | "history"; priority: number; by: RequestedBy },
    ): Promise<string | null> {
      const { step, priority, by } = options;
      return insert("scan", repository.serverId, repository.id, step, priority, by);
    },

    /** Puts a scan that stands in line before those that nobody asked for; how long it waits stays. */
    async hastenScan(repositoryId: string): Promise<boolean> {
      const { rows } = await db.execute(
        `UPDATE jobs SET priority = ${PRIORITY.person}, requested_by = 'person'
         WHERE repository_id = ? AND kind = 'scan' AND state = 'queued'
           AND priority > ${PRIORITY.person} RETURNING id`,
        [repositoryId],
      );
      return rows.length === 1;
    },

    /**
     * Gives the next due job of a kind to `owner`, or null. Servers that are paused are passed
     * over, and for scans those that need attention or wait; a discovery still runs then, as it is
     * what finds out that the cause is gone. Among the rest the one with the fewest running scans,
     * then the one that waited longest, has its turn, unless a person asked. With `light`, only
     * scans of small repositories.
     */
    async claim(
      kind: JobKind,
      owner: string,
      options: { light?: boolean } = {},
    ): Promise<ClaimedJob | null> {
      const now = clock.now();
      const size = options.light
        ? `AND (SELECT coalesce(size_bytes, 0) FROM repositories WHERE id = repository_id)
             <= ${LIGHT_BYTES}`
        : "";
      const open = kind === "scan"
        ? `s.draft_id IS NULL AND s.attention_reason IS NULL
           AND coalesce(s.waiting_until, 0) <= ?1`
        : "?1 = ?1";
      const { rows } = await db.execute(
        `UPDATE jobs SET state = 'running', owner = ?2, claim = claim + 1, lease_until = ?3,
           beat_at = ?1, started_at = coalesce(started_at, ?1), wait_reason = NULL
         WHERE state = 'queued' AND id = (
           SELECT j.id FROM servers s JOIN jobs j ON j.id = (
             SELECT id FROM jobs WHERE server_id = s.id AND kind = '${kind}' AND state = 'queued'
               AND run_at <= ?1 ${size} ORDER BY priority, run_at LIMIT 1)
           WHERE s.paused_at IS NULL AND ${open}
           ORDER BY j.priority > ${PRIORITY.person}, s.running_count, s.claimed_at, j.run_at
           LIMIT 1)
         RETURNING ${CLAIMED}`,
        [now, owner, now + LEASE_MS],
      );
      return rows[0] ? toClaimed(rows[0] as Record<string, unknown>) : null;
    },

    /** Renews the lease and, with `progress`, shows a sign of life; false when the claim was lost. */
    beat(job: ClaimedJob, progress: object | null): Promise<boolean> {
      const now = clock.now();
      if (progress === null) return held(job, "lease_until = ?", [now + LEASE_MS]);
      return held(job, "beat_at = ?, lease_until = ?, progress = ?", [
        now,
        now + LEASE_MS,
        JSON.stringify(progress),
      ]);
    },

    /** Back in line at the next step, or the next piece of it, with its tries anew. */
    advance(
      job: ClaimedJob,
      step: "history",
      priority: number,
      cursor: string | null = null,
    ): Promise<boolean> {
      return held(
        job,
        `step = ?, priority = ?, cursor = ?, state = 'queued', run_at = ?, lease_until = NULL,
         owner = NULL, attempts = 0, snoozes = 0, crashes = 0`,
        [step, priority, cursor, clock.now()],
      );
    },

    /** Back in line until a time that the code server named; uses up no try. */
    snooze(job: ClaimedJob, untilMs: number, reason: string): Promise<boolean> {
      return held(
        job,
        `state = 'queued', run_at = ?, wait_reason = ?, lease_until = NULL, owner = NULL,
         snoozes = CASE WHEN ? = 'rate_limited' THEN snoozes + 1 ELSE 0 END, crashes = 0`,
        [untilMs, reason, reason],
      );
    },

    /** Back in line after a failure that may pass; uses up a try. */
    retry(job: ClaimedJob, untilMs: number, reason: string): Promise<boolean> {
      return held(
        job,
        `state = 'queued', run_at = ?, wait_reason = ?, lease_until = NULL, owner = NULL,
         attempts = attempts + 1, snoozes = 0, crashes = 0`,
        [untilMs, reason],
      );
    },

    /**
     * Back in line at once: its server needs attention, or the process ends. Then `interrupted`
     * is counted, so that an instance that lives briefly takes smaller pieces of a long history.
     */
    giveBack(job: ClaimedJob, options: { interrupted?: boolean } = {}): Promise<boolean> {
      return held(
        job,
        `state = 'queued', run_at = ?, lease_until = NULL, owner = NULL,
         crashes = min(crashes + ?, ${MAX_CRASHES - 1})`,
        [clock.now(), options.interrupted ? 1 : 0],
      );
    },

    /** The end for a reason that trying again does not cure. */
    fail(job: ClaimedJob, reason: string, detail: string): Promise<boolean> {
      return held(
        job,
        `state = 'failed', failure_reason = ?, failure_detail = ?, finished_at = ?,
         lease_until = NULL, owner = NULL`,
        [reason, detail.slice(0, 500), clock.now()],
      );
    },

    /** The good end of a discovery; a scan's is `scans.finish`, which also stores its ref tips. */
    succeed(job: ClaimedJob, success: Success): Promise<boolean> {
      const { sql, args } = succeeded(job, success, clock.now());
      return db.execute(sql, args).then(({ rows }) => rows.length === 1);
    },

    /** A person's cancel, of a queued or running job; false when it was over already. */
    async cancel(jobId: string): Promise<boolean> {
      const { rows } = await db.execute(
        `UPDATE jobs SET state = 'cancelled', finished_at = ?, lease_until = NULL, owner = NULL,
           wait_reason = NULL
         WHERE id = ? AND state IN ('queued', 'running') RETURNING id`,
        [clock.now(), jobId],
      );
      return rows.length === 1;
    },

    /**
     * Heals jobs whose holder went silent: its process was killed between claim and move, or its
     * machine went away. After `MAX_CRASHES` in a row the job is set aside as failed.
     */
    async healLost(): Promise<{ requeued: number; setAside: number }> {
      const now = clock.now();
      const lost = "state = 'running' AND lease_until < ?1";
      const [aside, back] = await db.batch([
        {
          sql: `UPDATE jobs SET state = 'failed', crashes = crashes + 1, finished_at = ?1,
            failure_reason = 'crashed', lease_until = NULL, owner = NULL,
            failure_detail = 'The worker stopped without a word ' || (crashes + 1) || ' times'
            WHERE ${lost} AND crashes + 1 >= ${MAX_CRASHES} RETURNING id`,
          args: [now],
        },
        {
          sql: `UPDATE jobs SET state = 'queued', crashes = crashes + 1, run_at = ?1,
            lease_until = NULL, owner = NULL WHERE ${lost} RETURNING id`,
          args: [now],
        },
      ]);
      return { requeued: back?.rows.length ?? 0, setAside: aside?.rows.length ?? 0 };
    },

    /** At a start, ends the leases that earlier processes of this owner's name left behind. */
    async endLeases(ownerPrefix: string): Promise<void> {
      await db.execute(
        "UPDATE jobs SET lease_until = 0 WHERE state = 'running' AND instr(owner, ?) = 1",
        [ownerPrefix],
      );
    },
  };

  async function insert(
    kind: JobKind,
    serverId: string,
    repositoryId: string | null,
    step: JobStep,
    priority: number,
    by: RequestedBy,
    runAt: number = clock.now(),
  ): Promise<string | null> {
    const now = clock.now();
    const { rows } = await db.execute(
      `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by, run_at,
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
      [newId(now), kind, serverId, repositoryId, step, priority, by, runAt, now],
    );
    return rows.length === 1 ? String(rows[0]!.id) : null;
  }
}

/** The statement of a good end, for `succeed` and for the write that finishes a scan. */
export function succeeded(
  job: ClaimedJob,
  success: Success,
  now: number,
): { sql: string; args: InValue[] } {
  return {
    sql: `UPDATE jobs SET state = 'succeeded', step = 'done', result = ?, left_out = ?,
      progress = coalesce(?, progress), finished_at = ?, lease_until = NULL, owner = NULL
      WHERE id = ? AND claim = ? AND state = 'running' RETURNING id`,
    args: [
      success.result,
      JSON.stringify(success.leftOut ?? []),
      success.figures ? JSON.stringify(success.figures) : null,
      now,
      job.id,
      job.claim,
    ],
  };
}
