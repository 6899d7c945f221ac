/** The list that repositories are chosen from: one page of it, and how far it has come in. */

import { z } from "zod";
import type { ChoosableListView, HaltView } from "@/components/selection_rows.tsx";
import { formatCount } from "@/lib/format.ts";
import { reasonSentence, SERVER_WORDS } from "@/lib/status.ts";
import type { DiscoveryRow } from "@/lib/store/jobs.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "./deps.ts";
import { FAST_SECONDS, SLOW_SECONDS } from "./live.ts";
import { serverStatus } from "./server_views.ts";

const PAGE_ROWS = 100;

/** What part of the list is looked at. */
export const choiceQuery = z.object({
  /** The unsaved change that is looked at; none: what is saved. */
  edit: z.string().max(40).catch(""),
  q: z.string().trim().max(200).catch(""),
  project: z.string().max(200).catch(""),
  offset: z.coerce.number().int().min(0).max(10_000_000).catch(0),
});
export type ChoiceQuery = z.infer<typeof choiceQuery>;

/** One page of the list with what stands around it; `editId` gives the ticks of an unsaved change. */
export async function choosableList(
  { store, clock }: RouteDeps,
  servers: readonly Server[],
  query: ChoiceQuery,
  at: { action: string; editId: string | null; change: number },
): Promise<ChoosableListView> {
  const serverIds = servers.map((server) => server.id);
  const filter = {
    serverIds,
    search: query.q || undefined,
    projectKey: query.project || undefined,
  };
  const [page, projectLists, discoveries] = await Promise.all([
    store.choices.list(filter, { offset: query.offset, limit: PAGE_ROWS }, at.editId),
    Promise.all(serverIds.map((id) => store.repositories.listProjects(id))),
    Promise.all(serverIds.map((id) => store.jobs.listDiscoveries(id, 1))),
  ]);
  const newest = discoveries.flat();
  const halts = servers.flatMap((server, index) =>
    haltOf(server, discoveries[index]?.[0] ?? null, servers.length > 1) ?? []
  );
  const open = newest.filter(isOpen).length;
  const projects = new Map(projectLists.flat().map((one) => [one.key, one.name]));
  const end = query.offset + page.rows.length;
  return {
    action: at.action,
    edit: at.editId,
    q: query.q,
    project: query.project,
    projects: [...projects].map(([value, word]) => ({ value, word })),
    rows: page.rows.map((row) => ({ ...row, updatedAt: row.remoteUpdatedAt })),
    range: page.rows.length === 0
      ? "none shown"
      : `${formatCount(query.offset + 1)}–${formatCount(end)} of ${formatCount(page.total)}`,
    offset: query.offset,
    previousOffset: query.offset > 0 ? Math.max(0, query.offset - PAGE_ROWS) : null,
    nextOffset: end < page.total ? query.offset + PAGE_ROWS : null,
    found: newest.reduce((sum, one) => sum + one.found, 0),
    reported: newest.every((one) => one.total !== null)
      ? newest.reduce((sum, one) => sum + (one.total ?? 0), 0)
      : null,
    halts,
    everySeconds: open === 0 ? null : halts.length < open ? FAST_SECONDS : SLOW_SECONDS,
    tag: String(at.change),
    now: clock.now(),
  };
}

function isOpen(discovery: DiscoveryRow): boolean {
  return discovery.state === "queued" || discovery.state === "running";
}

/** Why a server's list does not come in, or null while it does or is complete. */
function haltOf(
  server: Server,
  discovery: DiscoveryRow | null,
  several: boolean,
): HaltView | null {
  const name = several ? server.name : null;
  const { state, detail, until } = serverStatus(server, discovery);
  if (state === "needs_attention") {
    return { name, tone: "danger", sentence: detail ?? "", until: null, replaceToken: true };
  }
  if (discovery?.state === "failed") {
    const sentence = `The list was not read to its end. ${
      reasonSentence(discovery.failureReason ?? "internal")
    }`;
    return { name, tone: "danger", sentence, until: null, replaceToken: false };
  }
  if (discovery === null || !isOpen(discovery)) return null;
  if (state === "waiting") {
    const sentence = detail ?? SERVER_WORDS.waiting.sentence;
    return { name, tone: "waiting", sentence, until, replaceToken: false };
  }
  return state === "paused"
    ? { name, tone: "muted", sentence: SERVER_WORDS.paused.sentence, until, replaceToken: false }
    : null;
}
