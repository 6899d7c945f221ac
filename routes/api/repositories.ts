/** `/api/v1/repositories` and `/api/v1/scans`: the live list for scripts, rescan and cancel. */

import { PRIORITY } from "@/lib/store/job_moves.ts";
import { parseKey } from "@/lib/store/page_key.ts";
import { keyTypeOf, type RepositorySort } from "@/lib/store/repositories.ts";
import { audit } from "./caller.ts";
import { operation } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import * as schemas from "./schemas.ts";
import { badCursor } from "./servers.ts";
import { repositoryView, stateCounts } from "./views.ts";

const list = operation({
  id: "listRepositories",
  method: "get",
  path: "/repositories",
  tag: "Repositories",
  summary: "List repositories with their state",
  role: "viewer",
  query: schemas.repositoryQuery,
  answers: {
    200: {
      description: "A page, and the counts of the whole server or of all",
      schema: schemas.page(schemas.repository).extend({ counts: schemas.stateCounts }),
    },
  },
}, async ({ query }, deps) => {
  const { store, clock } = deps;
  const sort = query.sort.replace("-", "") as RepositorySort;
  const expected = { sort, type: keyTypeOf(sort, { state: query.state }) };
  if (query.cursor !== undefined && parseKey(query.cursor, expected) === null) throw badCursor();
  const [page, counts] = await Promise.all([
    store.repositories.list({ serverId: query.server, state: query.state, search: query.q }, {
      sort,
      descending: query.sort.startsWith("-"),
      key: query.cursor,
      limit: query.limit,
    }),
    store.repositories.countByState(query.server),
  ]);
  const now = clock.now();
  return {
    status: 200,
    body: {
      items: page.rows.map((row) => repositoryView(row, now)),
      next: page.next,
      counts: stateCounts(counts),
    },
  };
});

const rescan = operation({
  id: "requestScan",
  method: "post",
  path: "/repositories/{id}/scans",
  tag: "Repositories",
  summary: "Scan a repository now",
  description: "When a scan is open already it is that one; one in line moves to the front.",
  role: "admin",
  answers: { 202: { description: "The scan that is open", schema: schemas.scan } },
  refuses: [422],
}, async ({ c, id }, deps) => {
  const { store, doorbell } = deps;
  const row = await store.repositories.find(id);
  if (row === null) throw new ApiProblem(404, "There is no such repository, or it was removed.");
  if (row.goneAt !== null || !row.selected) {
    throw new ApiProblem(
      422,
      "It is no longer in the workspace, or outside the server's selection.",
    );
  }
  const job = await store.jobs.requestScan(row, {
    step: row.scannedAt > 0 ? "history" : "tip",
    priority: PRIORITY.person,
    by: "person",
  });
  if (job !== null || await store.jobs.hastenScan(id)) await doorbell.ring(job ?? id);
  await audit(c, deps, "scan.requested", `${row.fullName} (${id})`);
  const open = (await store.repositories.find(id))?.scan;
  const isOpen = open && ["queued", "running"].includes(open.state);
  return { status: 202, body: { id: job ?? (isOpen ? open.id : null), repository: id } };
});

const cancel = operation({
  id: "cancelScan",
  method: "delete",
  path: "/scans/{id}",
  tag: "Scans",
  summary: "Cancel a scan",
  role: "admin",
  answers: { 204: { description: "It is cancelled, or was over already", schema: null } },
}, async ({ c, id }, deps) => {
  const scan = await deps.store.jobs.findScan(id);
  if (scan === null) throw new ApiProblem(404, "There is no such scan, or it was removed.");
  if (await deps.store.jobs.cancel(id)) {
    await deps.doorbell.ring(id);
    await audit(c, deps, "scan.cancelled", `${id} of repository ${scan.repositoryId}`);
  }
  return { status: 204 };
});

export const repositoryOperations = [list, rescan, cancel];
