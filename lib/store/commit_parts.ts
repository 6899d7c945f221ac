/** What scans in slices learned of a repository's commits; a trigger removes it when the scan ends. */

import type { Db } from "./db.ts";
import type { ClaimedJob } from "./job_moves.ts";
import { FENCE } from "./scans_writes.ts";

/** Of parts in one answer, but for the last of them: a server may refuse one of 10 MB. */
const PAGE_BYTES = 500_000;

/** Only lengths are summed up, which are known without reading the parts. */
const PAGE = `SELECT id, part FROM commit_parts WHERE id IN (
    SELECT id FROM (
      SELECT id, sum(length(part)) OVER (ORDER BY id) - length(part) AS before FROM commit_parts
      WHERE job_id = ?1 AND id > ?2)
    WHERE before < ${PAGE_BYTES})
  ORDER BY id`;

/** Texts of commits by the scan that learned them; what they say is for `lib/git` to know. */
export function commitPartStore(db: Db) {
  return {
    /** In the order in which they were learned; no answer is much larger than a part. */
    async list(jobId: string): Promise<Uint8Array[]> {
      const parts: Uint8Array[] = [];
      for (let after = 0;;) {
        const { rows } = await db.execute(PAGE, [jobId, after]);
        if (rows.length === 0) return parts;
        for (const row of rows) parts.push(new Uint8Array(row.part as ArrayBuffer));
        after = Number(rows.at(-1)!.id);
      }
    },

    /** False when the claim was lost, and then nothing was written. */
    async add(job: ClaimedJob, part: Uint8Array): Promise<boolean> {
      const { rows } = await db.execute(
        `INSERT INTO commit_parts (job_id, part) SELECT ?1, ?3 WHERE ${FENCE} RETURNING id`,
        [job.id, job.claim, part],
      );
      return rows.length === 1;
    },
  };
}
