/** What the servers behind a page of the list are doing: how often to ask, what to say of them. */

import type { EmptinessView } from "@/components/repositories_live.tsx";
import type { ServerNoticeView } from "@/components/server_notices.tsx";
import { isOneOf, OPEN_REPOSITORY_STATES, SERVER_STATES } from "@/lib/status.ts";
import type { Store } from "@/lib/store/mod.ts";
import type { RepositoryPage } from "@/lib/store/repositories.ts";
import type { Server } from "@/lib/store/servers.ts";
import { everySeconds, STILL_SECONDS } from "./live.ts";
import { type ListQuery, narrows } from "./repository_filter.ts";
import { serverStatus } from "./server_views.ts";

/** Servers in these states read their lists, or will by themselves. */
const READING: readonly string[] = ["discovering", "waiting"];

/** Servers in these states do nothing until somebody acts, or until what was wrong is over. */
const STOPPED: readonly string[] = ["needs_attention", "paused"];

/** How often the page asks: what a stopped server has left in line is no reason to ask often. */
export async function intervalOf(
  store: Store,
  servers: readonly Server[],
  counts: Record<string, number>,
): Promise<number | null> {
  const reading = servers.some((server) => READING.includes(server.state));
  const stopped = servers.some((server) => STOPPED.includes(server.state));
  const usual = everySeconds(counts, reading);
  if (!stopped) return usual;
  const moving = (counts.scanning ?? 0) > 0 || reading ||
    await haveOpen(store, servers.filter((server) => !STOPPED.includes(server.state)));
  if (moving) return usual;
  const ailing = servers.some((server) => server.state === "needs_attention");
  return usual !== null || ailing ? STILL_SECONDS : null;
}

async function haveOpen(store: Store, servers: readonly Server[]): Promise<boolean> {
  for (const server of servers) {
    const counts = await store.repositories.countByState(server.id);
    if (OPEN_REPOSITORY_STATES.some((state) => (counts[state] ?? 0) > 0)) return true;
  }
  return false;
}

/** A notice for each server that waits or is stopped, those that need somebody first. */
export async function serverNotices(
  store: Store,
  servers: readonly Server[],
): Promise<ServerNoticeView[]> {
  const held = servers.filter((one) => one.state === "waiting" || STOPPED.includes(one.state));
  const notices = await Promise.all(held.map(async (server) => {
    const [discovery] = server.state === "waiting"
      ? await store.jobs.listDiscoveries(server.id, 1)
      : [];
    return {
      id: server.id,
      name: server.name,
      status: serverStatus(server, discovery ?? null),
    };
  }));
  const rank = ({ status }: ServerNoticeView) =>
    isOneOf(SERVER_STATES, status.state) ? SERVER_STATES.indexOf(status.state) : 0;
  return notices.sort((one, other) => rank(one) - rank(other));
}

/** Why a page without any row has none; not looked into while there are rows. */
export async function emptinessOf(
  store: Store,
  servers: readonly Server[],
  query: ListQuery,
  page: RepositoryPage,
): Promise<EmptinessView> {
  const filtered = narrows(query) || query.state !== "" || query.key !== "" || servers.length === 0;
  if (page.rows.length > 0 || filtered) return { kind: "filtered" };
  const reading = servers.filter((server) => READING.includes(server.state));
  if (reading.length === 0) {
    return { kind: servers.some((server) => server.discoveredAt === null) ? "unread" : "none" };
  }
  const newest = await Promise.all(
    reading.map(async (server) => (await store.jobs.listDiscoveries(server.id, 1))[0]),
  );
  const totals = newest.map((discovery) => discovery?.total ?? null);
  return {
    kind: "looking",
    found: newest.reduce((sum, discovery) => sum + (discovery?.found ?? 0), 0),
    total: totals.reduce<number | null>(
      (sum, total) => sum === null || total === null ? null : sum + total,
      0,
    ),
  };
}
