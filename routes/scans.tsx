/** `/scans`: POST asks for one, DELETE or a cancellation ends it; each answers with its status. */

import { Hono } from "hono";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { RowAnswer } from "@/components/repositories_live.tsx";
import { ScanCard } from "@/components/repository_page.tsx";
import { plural } from "@/lib/format.ts";
import { PRIORITY } from "@/lib/store/job_moves.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { backTo, readForm, wantsFragment } from "./forms.ts";
import { scanView } from "./repositories.tsx";
import { filterOf, listQuery } from "./repository_filter.ts";
import { loadList, pollAnew } from "./repository_list.ts";
import { rowView } from "./repository_views.ts";

const request = z.object({
  repository: z.string({ error: "Name the repository." }).min(1, "Name the repository."),
  back: z.string().optional(),
});
const cancellation = z.object({ back: z.string().optional() });
const retries = listQuery.pick({ server: true, project: true, q: true })
  .extend({ back: z.string().optional() });

/** Asks for scans, cancels and retries them. */
export function scanRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, doorbell, clock } = deps;
  const app = new Hono<AppEnv>();

  app.post("/scans", async (c) => {
    const read = await readForm(c, request);
    if (!read.ok) throw new HTTPException(422, { message: "Name the repository to scan." });
    const row = await store.repositories.find(read.data.repository);
    if (row === null) throw gone();
    if (row.goneAt !== null || !row.selected) {
      throw new HTTPException(422, {
        message: "It is no longer in the workspace, or outside the server's selection.",
      });
    }
    // Null when a scan is open already: what was asked for is under way, or comes sooner now.
    const id = await store.jobs.requestScan(row, {
      step: row.scannedAt > 0 ? "history" : "tip",
      priority: PRIORITY.person,
      by: "person",
    });
    if (id !== null || await store.jobs.hastenScan(row.id)) await doorbell.ring(id ?? row.id);
    return await answer(c, row.id, read.data.back);
  });

  app.post("/scans/retries", async (c) => {
    const read = await readForm(c, retries);
    if (!read.ok) throw new HTTPException(422, { message: "This form cannot be read." });
    const shown = await store.repositories.listIds(filterOf({ ...read.data, state: "failed" }));
    const count = await store.jobs.retryFailed(shown.map(({ id }) => id));
    if (count > 0) await doorbell.ring("retries");
    leaveFlash(c, "good", `${plural(count, "failed scan")} tried again.`);
    return c.redirect(backTo(read.data.back, "/repositories"), 303);
  });

  app.post("/scans/:id/cancellation", async (c) => {
    const read = await readForm(c, cancellation);
    return await cancel(c, c.req.param("id"), read.ok ? read.data.back : undefined);
  });

  app.delete("/scans/:id", (c) => cancel(c, c.req.param("id"), undefined));

  async function cancel(c: Context<AppEnv>, id: string, back: string | undefined) {
    const scan = await store.jobs.findScan(id);
    if (scan === null) throw gone();
    // False when it was over already, which the answer shows.
    if (await store.jobs.cancel(id)) await doorbell.ring(id);
    return await answer(c, scan.repositoryId, back);
  }

  /** The repository's row or card for htmx, with the list's poller awake again; else the page. */
  async function answer(c: Context<AppEnv>, repositoryId: string, back: string | undefined) {
    const here = backTo(back, `/repositories/${repositoryId}`);
    if (!wantsFragment(c)) return c.redirect(here, 303);
    const row = await store.repositories.find(repositoryId);
    if (row === null) throw gone();
    const admin = c.get("user").role === "admin";
    const now = clock.now();
    if (c.req.query("show") === "scan") {
      return c.html(<ScanCard scan={scanView(row, now)} admin={admin} />);
    }
    const query = listQuery.parse(Object.fromEntries(new URL(here, deps.publicUrl).searchParams));
    const { view } = await loadList(deps, query, await store.repositories.changeNumber());
    const anew = { ...view, live: pollAnew(view) };
    return c.html(<RowAnswer view={anew} row={rowView(row, now)} admin={admin} />);
  }

  return app;
}

function gone(): HTTPException {
  return new HTTPException(404, {
    message: "There is no such scan, or its repository was removed with its code server.",
  });
}
