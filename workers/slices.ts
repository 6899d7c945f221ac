/** The checkpoint of a history that is read in slices, as it stands in the job's cursor. */

import { z } from "zod";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";

/** Commits of the first slice; halved each time one was too large or was not finished. */
const FIRST_COMMITS = 4_000;

/** A stopped process is no reason to go below: each slice costs a listing of all commits. */
const LEAST_COMMITS = 50;

const stored = z.object({
  /** The newest commits that were read. */
  frontier: z.array(z.string()),
  commits: z.number().int().positive(),
  /** What earlier slices left out. */
  leftOut: z.array(z.string()),
});

export type SliceCursor = z.infer<typeof stored>;

/** Where a job's slices stand; after crashes with smaller ones, as the process may live briefly. */
export function sliceAt(job: ClaimedJob): SliceCursor {
  const at = job.cursor === null
    ? { frontier: [], commits: FIRST_COMMITS, leftOut: [] }
    : stored.parse(JSON.parse(job.cursor));
  const halved = Math.floor(at.commits / 2 ** job.crashes);
  return { ...at, commits: Math.min(at.commits, Math.max(LEAST_COMMITS, halved)) };
}

/** The cursor after a slice, or a whole history, that was too large; null when it cannot shrink. */
export function smallerSlice(job: ClaimedJob): string | null {
  if (job.cursor === null) return JSON.stringify(sliceAt(job));
  const at = sliceAt(job);
  if (at.commits === 1) return null;
  return JSON.stringify({ ...at, commits: Math.floor(at.commits / 2) });
}
