/** The checkpoint of a history that is read in slices, as it stands in the job's cursor. */

import { z } from "zod";
import { MIXED_RULES } from "@/lib/rules_version.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";

/** Commits of the first slice; halved each time one was too large or was not finished. */
const FIRST_COMMITS = 4_000;

/** No more at once, however well it goes: what a slice found is written when it is done. */
const MOST_COMMITS = 64_000;

/** A stopped process is no reason to go below: each slice costs a listing of the refs. */
const LEAST_COMMITS = 50;

/** Where one begins anew that takes only what changes, as the files of one commit are too many. */
const FIRST_CHANGES = 256;

const stored = z.object({
  /** The newest commits that were read. */
  frontier: z.array(z.string()),
  commits: z.number().int().positive(),
  /** Whether a slice was too large before: then it grows with care. */
  wasTooLarge: z.boolean().default(false),
  /** Whether commits come with all of their files, or with what changed alone. */
  files: z.enum(["all", "changes"]).default("all"),
  /** What earlier slices left out. */
  leftOut: z.array(z.string()),
  /** By which rules earlier slices looked; more than one where they were edited meanwhile. */
  rulesVersions: z.array(z.string()).default([]),
  /** What earlier slices came to, summed up. */
  figures: z.record(z.string(), z.number()).default({}),
});

export type SliceCursor = z.infer<typeof stored>;

/** Where a job's slices stand; after crashes with smaller ones, as the process may live briefly. */
export function sliceAt(job: ClaimedJob): SliceCursor {
  const at: SliceCursor = job.cursor === null
    ? stored.parse({ frontier: [], commits: FIRST_COMMITS, leftOut: [] })
    : stored.parse(JSON.parse(job.cursor));
  // Of slices that an older Sluice read nobody knows the rules.
  const isUnknown = at.frontier.length > 0 && at.rulesVersions.length === 0;
  const rulesVersions = isUnknown ? [MIXED_RULES] : at.rulesVersions;
  const halved = Math.floor(at.commits / 2 ** job.crashes);
  return { ...at, rulesVersions, commits: Math.min(at.commits, Math.max(LEAST_COMMITS, halved)) };
}

/** The figures of slices and of what was read now. */
export function sumFigures(
  before: Readonly<Record<string, number>>,
  read: object,
): Record<string, number> {
  const sums = { ...before };
  for (const [name, value] of Object.entries(read)) {
    if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** The cursor after a slice that went well: the next may be larger. */
export function nextSliceAt(at: SliceCursor, done: Partial<SliceCursor>): string {
  const grown = Math.ceil(at.commits * (at.wasTooLarge ? 1.25 : 2));
  return JSON.stringify({ ...at, commits: Math.min(grown, MOST_COMMITS), ...done });
}

/** The cursor after a slice, or a whole history, that was too large; null when it cannot shrink. */
export function smallerSlice(job: ClaimedJob): string | null {
  if (job.cursor === null) return JSON.stringify(sliceAt(job));
  const at = { ...sliceAt(job), wasTooLarge: true };
  if (at.commits > 1) return JSON.stringify({ ...at, commits: Math.floor(at.commits / 2) });
  if (at.files === "changes") return null;
  return JSON.stringify({ ...at, commits: FIRST_CHANGES, files: "changes" });
}
