/** Discovery: lists a server's repositories page by page and asks for the scans. Safe to run twice. */

import { z } from "zod";
import { RemoteError } from "@/lib/errors.ts";
import { selectionTest } from "@/lib/selection.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import { done, lost, type Outcome, type StepContext } from "./deps.ts";
import { subscribe } from "./webhook.ts";

/** Passes over a list that came short, before it is shown as incomplete. */
const MAX_PASSES = 2;

/** Who may use the calls that are kept for people. */
const ASKED: readonly ClaimedJob["requestedBy"][] = ["person", "wizard"];

/** Where a discovery goes on: the driver's cursor, what was reported in this pass, and the pass. */
const stored = z.object({
  remote: z.string().nullable(),
  total: z.number().nullable(),
  pass: z.number(),
  /** Rows of this pass that could not be read. */
  unreadable: z.number().default(0),
});

const FIRST = { remote: null, total: null, pass: 1 };

/** Reads from the stored cursor to the last page; a list that came short is read once more. */
export async function discover(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const { store, signal } = context;
  let server = await store.servers.find(job.serverId);
  if (server === null) return lost;
  const asked = ASKED.includes(job.requestedBy);
  let codeServer = await context.openServer(server, { asked });
  const cursor = job.cursor ? stored.parse(JSON.parse(job.cursor)) : null;
  let { remote, total, pass, unreadable } = cursor ?? stored.parse(FIRST);

  while (true) {
    const page = await codeServer.listRepositories(remote, { signal });
    if (page.workspace !== undefined) await store.servers.rename(server.id, page.workspace);
    // Read anew for each page: the selection may have been edited meanwhile.
    server = await store.servers.find(job.serverId);
    if (server === null) return lost;
    if (page.workspace !== undefined) codeServer = await context.openServer(server, { asked });
    const watched = selectionTest({
      mode: server.selectionMode,
      include: server.include,
      exclude: server.exclude,
    });
    total = total === null ? page.total : Math.max(total, page.total ?? 0);
    unreadable += page.unreadable ?? 0;
    const found = await store.discoveries.savePage(job, {
      repositories: page.items.map((repository) => ({
        ...repository,
        selected: watched({ slug: repository.slug, picked: false }),
      })),
      cursor: JSON.stringify({ remote: page.next, total, pass, unreadable }),
      total,
    });
    if (found === null) return lost;
    if (page.next !== null) {
      remote = page.next;
      continue;
    }
    if (total !== null && found < total && pass < MAX_PASSES) {
      // The next pass is measured by what it is told itself: something may have been deleted.
      [remote, total, pass, unreadable] = [null, null, pass + 1, 0];
      continue;
    }
    // A row that cannot be read is one that Bitbucket reports, also where it tells no total.
    const reported = total ?? (unreadable > 0 ? found + unreadable : null);
    const known = unreadable > 0 ? 0 : server.repositoryCount;
    const outcome = await finish(job, context, found, reported, known);
    if (outcome.kind === "done" && server.draftId === null) {
      await subscribe(server, codeServer, context);
    }
    return outcome;
  }
}

async function finish(
  job: ClaimedJob,
  { store }: StepContext,
  found: number,
  reported: number | null,
  known: number,
): Promise<Outcome> {
  if (found === 0 && known > 0) {
    throw new RemoteError(
      "forbidden",
      `Bitbucket listed no repository, where ${known} were known. The token may have lost its access; nothing was marked as gone`,
    );
  }
  if (!await store.discoveries.finish(job, { found, reported })) return lost;
  await store.servers.clearAttention(job.serverId);
  return done;
}
