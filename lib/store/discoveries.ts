/** What a discovery writes: one page at a time with its cursor, then the proof at the end. */

import type { RemoteRepository } from "@/lib/codeserver/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";
import { type ClaimedJob, LEASE_MS, LIGHT_BYTES, PRIORITY, succeeded } from "./job_moves.ts";

/** A failed scan is tried again by a discovery this much later. */
const RETRY_FAILED_MS = 60 * 60 * 1000;

/** A page as it is saved: what the driver gave and what the globs say of each. */
export interface DiscoveredPage {
  repositories: readonly (RemoteRepository & { selected: boolean })[];
  /** Where the discovery goes on. */
  cursor: string;
  total: number | null;
}

const FENCE = "EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND state = 'running')";

/** A discovery's writes: each page with its checkpoint, and the end with what is gone. */
export function discoveryStore(db: Db, clock: Clock) {
  return {
    /**
     * Saves one page, its cursor and the scans it asks for in one write; gives how many
     * repositories this discovery has seen so far, or null when the claim was lost. Safe to
     * repeat: repositories are known by uuid, and open scans are not doubled.
     */
    async savePage(job: ClaimedJob, page: DiscoveredPage): Promise<number | null> {
      const now = clock.now();
      const rows = JSON.stringify(page.repositories.map((repository) => ({
        ...repository,
        id: newId(now),
        jobId: newId(now),
        step: (repository.sizeBytes ?? 0) > LIGHT_BYTES ? "tip" : "history",
      })));
      const get = (name: string) => `v.value ->> '$.${name}'`;
      // CROSS JOIN keeps the order: left to itself SQLite walks all repositories for each page.
      const scan = (step: string, priority: number, by: string) =>
        `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by,
           run_at, created_at)
         SELECT ${get("jobId")}, 'scan', r.server_id, r.id, ${step}, ${priority}, '${by}', ?4, ?4
         FROM json_each(?5) v
         CROSS JOIN repositories r ON r.server_id = ?3 AND r.uuid = ${get("uuid")}
         CROSS JOIN servers s ON s.id = r.server_id AND s.draft_id IS NULL`;
      const args = [job.id, job.claim, job.serverId, now, rows];
      const results = await db.batch([
        {
          sql: `UPDATE jobs SET cursor = ?, progress = ?, beat_at = ?, lease_until = ?,
            attempts = 0, snoozes = 0, crashes = 0
            WHERE id = ? AND claim = ? AND state = 'running' RETURNING id`,
          args: [
            page.cursor,
            JSON.stringify({ found: 0, total: page.total }),
            now,
            now + LEASE_MS,
            job.id,
            job.claim,
          ],
        },
        // Before the upsert, while the rows still tell what they were: what comes back, newer
        // commits, and failures whose cause may be gone (another name, an hour later).
        {
          sql: `${scan("'history'", PRIORITY.change, "schedule")}
            WHERE ${FENCE} AND r.scan_id IS NOT NULL
              AND (${get("selected")} = 1 OR (r.picked = 1 AND s.selection_mode = 'custom'))
              AND (r.gone_at IS NOT NULL OR r.selected = 0
                OR (r.scan_state IN ('succeeded', 'failed')
                  AND ${get("updatedAt")} > r.remote_updated_at)
                OR (r.scan_state = 'failed' AND (r.full_name <> ${get("fullName")}
                  OR EXISTS (SELECT 1 FROM jobs f WHERE f.id = r.scan_id
                    AND f.finished_at < ?4 - ${RETRY_FAILED_MS}))))
            ON CONFLICT DO NOTHING`,
          args,
        },
        // While a scan runs the known time of change stays: the scan may have read the refs before
        // the push, so the next discovery has to see the difference again.
        {
          sql: `INSERT INTO repositories (id, server_id, uuid, slug, full_name, name, project_key,
              project_name, is_private, size_bytes, language, default_branch, remote_created_at,
              remote_updated_at, html_url, selected, seen_in, created_at)
            SELECT ${get("id")}, ?3, ${get("uuid")}, ${get("slug")}, ${get("fullName")},
              ${get("name")}, ${get("projectKey")}, ${get("projectName")}, ${get("isPrivate")},
              ${get("sizeBytes")}, ${get("language")}, ${get("defaultBranch")},
              ${get("createdAt")}, coalesce(${get("updatedAt")}, 0), ${get("htmlUrl")},
              ${get("selected")}, ?1, ?4
            FROM json_each(?5) v WHERE ${FENCE}
            ON CONFLICT (server_id, uuid) DO UPDATE SET slug = excluded.slug,
              full_name = excluded.full_name, name = excluded.name,
              project_key = excluded.project_key, project_name = excluded.project_name,
              is_private = excluded.is_private, size_bytes = excluded.size_bytes,
              language = excluded.language, default_branch = excluded.default_branch,
              remote_updated_at = CASE WHEN scan_state = 'running' THEN remote_updated_at
                ELSE excluded.remote_updated_at END, html_url = excluded.html_url,
              selected = max(excluded.selected, picked * (SELECT selection_mode = 'custom'
                FROM servers WHERE id = ?3)), seen_in = excluded.seen_in, gone_at = NULL`,
          args,
        },
        {
          sql: `${scan(get("step"), PRIORITY.tip, "discovery")}
            WHERE ${FENCE} AND r.selected = 1 AND r.scan_id IS NULL
            ON CONFLICT DO NOTHING`,
          args,
        },
        {
          sql: `UPDATE jobs SET progress = json_set(progress, '$.found',
              (SELECT count(*) FROM repositories WHERE server_id = ?3 AND seen_in = ?1))
            WHERE id = ?1 AND claim = ?2 AND state = 'running'
            RETURNING progress ->> '$.found' AS found`,
          args: [job.id, job.claim, job.serverId],
        },
      ]);
      const found = results.at(-1)!.rows[0]?.found;
      return found === undefined ? null : Number(found);
    },

    /**
     * Ends a pass that reached the last page: what it did not see is gone, its open scans are
     * cancelled, and the server shows what was found beside what was reported. A pass that found
     * nothing where there was something marks nothing.
     */
    async finish(
      job: ClaimedJob,
      proof: { found: number; reported: number | null },
    ): Promise<boolean> {
      const now = clock.now();
      // By its state too: a cancel in the same millisecond leaves the same claim and time.
      const done = `EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND claim = ?2 AND finished_at = ?3
        AND state = 'succeeded')`;
      const args = [job.id, job.claim, now, job.serverId];
      const complete = proof.found > 0 &&
        (proof.reported === null || proof.found >= proof.reported);
      const end = succeeded(job, {
        result: complete || proof.reported === 0 ? "complete" : "partial",
        figures: { found: proof.found, total: proof.reported },
      }, now);
      const [mine] = await db.batch([
        end,
        {
          sql: `UPDATE servers SET discovered_at = ?3, found_count = ?5, reported_count = ?6
            WHERE id = ?4 AND ${done}`,
          args: [...args, proof.found, proof.reported],
        },
        ...(complete
          ? [
            {
              sql: `UPDATE repositories SET gone_at = ?3
                WHERE server_id = ?4 AND seen_in IS NOT ?1 AND gone_at IS NULL AND ${done}`,
              args,
            },
            {
              sql: `UPDATE jobs SET state = 'cancelled', finished_at = ?3, lease_until = NULL,
                  owner = NULL, wait_reason = NULL
                WHERE kind = 'scan' AND state IN ('queued', 'running') AND server_id = ?4
                  AND ${done} AND repository_id IN
                    (SELECT id FROM repositories WHERE server_id = ?4 AND gone_at = ?3)`,
              args,
            },
          ]
          : []),
      ]);
      return mine!.rows.length === 1;
    },
  };
}
