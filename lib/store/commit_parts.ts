/** What scans in slices learned of a repository's commits; a trigger removes it when the scan ends. */

import type { Db } from "./db.ts";
import type { ClaimedJob } from "./job_moves.ts";
import { FENCE } from "./scans_writes.ts";

/** Texts of commits by the scan that learned them; what they say is for `lib/git` to know. */
export function commitPartStore(db: Db) {
  return {
    /** In the order in which they were learned. */
    async list(jobId: string): Promise<Uint8Array[]> {
      const { rows } = await db.execute(
        "SELECT part FROM commit_parts WHERE job_id = ? ORDER BY id",
        [
          jobId,
        ],
      );
      return rows.map((row) => new Uint8Array(row.part as ArrayBuffer));
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
