/** Discovery: lists a server's repositories page by page and asks for the scans. Safe to run twice. */

import { z } from "zod";
import { RemoteError } from "@/lib/errors.ts";
import { selectionTest } from "@/lib/selection.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import { done, lost, type Outcome, type StepContext } from "./deps.ts";
import { subscribe } from "./webhook.ts";

/** Passes over a list that came short, before it is shown as incomplete. */
const MAX_PASSES = 2;

/** Where a discovery goes on: the driver's cursor, what was reported first, and the pass. */
const stored = z.object({
  remote: z.string().nullable(),
  total: z.number().nullable(),
  pass: z.number(),
});

/** Reads from the stored cursor to the last page; a list that came short is read once more. */
export async function discover(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const { store, signal } = context;
  let server = await store.servers.find(job.serverId);
  if (server === null) return lost;
  const codeServer = await context.openServer(server);
  const cursor = job.cursor ? stored.parse(JSON.parse(job.cursor)) : null;
  let { remote, total, pass } = cursor ?? { remote: null, total: null, pass: 1 };

  while (true) {
    const page = await codeServer.listRepositories(remote, { signal });
    // Read anew for each page: the selection may have been edited meanwhile.
    server = await store.servers.find(job.serverId);
    if (server === null) return lost;
    const watched = selectionTest({
      mode: server.selectionMode,
      include: server.include,
      exclude: server.exclude,
    });
    total = total === null ? page.total : Math.max(total, page.total ?? 0);
    const found = await store.discoveries.savePage(job, {
      repositories: page.items.map((repository) => ({
        ...repository,
        selected: watched({ slug: repository.slug, picked: false }),
      })),
      cursor: JSON.stringify({ remote: page.next, total, pass }),
      total,
    });
    if (found === null) return lost;
    if (page.next !== null) {
      remote = page.next;
      continue;
    }
    if (total !== null && found < total && pass < MAX_PASSES) {
      [remote, pass] = [null, pass + 1];
      continue;
    }
    const outcome = await finish(job, context, found, total, server.repositoryCount);
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
