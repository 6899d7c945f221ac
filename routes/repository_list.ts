/** The live list: its address, its view, and what changed since a poller's version. */

import type { RepositoriesView } from "@/components/repositories_live.tsx";
import type { ColumnView, TabView } from "@/components/table.tsx";
import { formatCount, percent, plural } from "@/lib/format.ts";
import {
  OPEN_REPOSITORY_STATES,
  REPOSITORY_STATES,
  REPOSITORY_WORDS,
  type RepositoryState,
} from "@/lib/status.ts";
import { type RepositoryPage, type RepositorySort } from "@/lib/store/repositories.ts";
import type { Store } from "@/lib/store/mod.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "./deps.ts";
import { tagOf } from "./live.ts";
import { countFailed, filterOf, type ListQuery, narrows } from "./repository_filter.ts";
import { emptinessOf, intervalOf, serverNotices } from "./repository_servers.ts";
import { rowView } from "./repository_views.ts";

const PAGE_ROWS = 50;

/** Tabs that stand there even when empty; the rarer states only where there is something to see. */
const ALWAYS_SHOWN: readonly RepositoryState[] = [
  "scanning",
  "queued",
  "failed",
  "findings",
  "clean",
];

/** The list's address with some of its query changed; empty values are left out. */
function listHref(query: ListQuery, change: Partial<ListQuery> = {}): string {
  return `/repositories${queryString({ ...query, ...change })}`;
}

/** The poller of a page whose rows are of several moments: what it is told next is the whole list. */
export function pollAnew({ live }: RepositoriesView): RepositoriesView["live"] {
  const [path, search] = live.href.split("?");
  const query = new URLSearchParams(search);
  query.delete("since");
  return { ...live, href: `${path}?${query}`, tag: "0" };
}

/** Everything the page shows, and the versions of its rows. */
export interface LoadedList {
  view: RepositoriesView;
  page: RepositoryPage;
  /** The order in which the rows stand; another order or set is another word. */
  order: string;
}

/** Reads one page of the list and what stands around it. */
export async function loadList(
  deps: RouteDeps,
  asked: ListQuery,
  change: number,
): Promise<LoadedList> {
  const { store } = deps;
  const now = deps.clock.now();
  const sort = asked.sort === "" ? "name" : asked.sort;
  const servers = await store.servers.list();
  const projects = await projectsOf(deps, servers.find((server) => server.id === asked.server));
  // A project is one of the chosen server's; that of the server chosen before would hide all rows.
  const known = projects.some((project) => project.key === asked.project);
  const query = known ? asked : { ...asked, project: "" };
  const filter = filterOf(query);
  const [counts, page] = await Promise.all([
    store.repositories.countByState(query.server || undefined),
    store.repositories.list(filter, {
      sort: sort.replace("-", "") as RepositorySort,
      descending: sort.startsWith("-"),
      key: query.key || undefined,
      limit: PAGE_ROWS,
    }),
  ]);
  const order = orderWord(page.rows.map((row) => row.id));
  const narrowed = narrows(query);
  const concerned = servers.filter((server) => query.server === "" || server.id === query.server);
  const [interval, notices, emptiness, failedCount] = await Promise.all([
    intervalOf(store, concerned, counts),
    serverNotices(store, concerned),
    emptinessOf(store, concerned, query, page),
    countFailed(store, query, counts),
  ]);
  const view: RepositoriesView = {
    rows: page.rows.map((row) => rowView(row, now)),
    tabs: tabs(query, counts, narrowed),
    columns: columns(query, servers.length > 1),
    pager: {
      range: range(page, narrowed ? null : shownCount(query.state, counts), query.key === ""),
      firstHref: query.key === "" ? null : listHref(query, { key: "" }),
      previousHref: page.previous && listHref(query, { key: page.previous }),
      nextHref: page.next && listHref(query, { key: page.next }),
    },
    filters: {
      q: query.q,
      server: query.server,
      project: query.project,
      servers: servers.map((server) => ({ value: server.id, word: server.name })),
      projects: projects.map((project) => ({ value: project.key, word: project.name })),
      state: query.state,
      sort: query.sort,
    },
    live: {
      href: `/repositories/refresh${queryString({ ...query, since: `${change}-${order}` })}`,
      everySeconds: interval,
      tag: tagOf(change, interval, now),
    },
    announcement: announcement(counts),
    failedCount,
    hasServers: servers.length > 0,
    notices,
    emptiness,
    here: listHref(query),
    now,
  };
  return { view, page, order };
}

/** Grouping a large server's repositories takes long, and its projects change with a discovery. */
const knownProjects = new WeakMap<Store, Map<string, { mark: string; projects: Projects }>>();

type Projects = readonly { key: string; name: string }[];

async function projectsOf({ store }: RouteDeps, server: Server | undefined): Promise<Projects> {
  if (server === undefined) return [];
  const known = knownProjects.get(store) ?? new Map();
  knownProjects.set(store, known);
  // While the list is read, projects come with its pages: anew with each first digit of their count.
  const mark = [
    server.discoveryId,
    server.discoveryState,
    server.foundCount,
    server.repositoryCount.toPrecision(1),
  ].join(" ");
  const found = known.get(server.id);
  if (found?.mark === mark) return found.projects;
  const projects = await store.repositories.listProjects(server.id);
  known.set(server.id, { mark, projects });
  return projects;
}

/** Reads `since` of a poll: the change its rows show, and their order. */
export function parseSince(since: string | undefined): { change: number; order: string } | null {
  const match = since?.match(/^(\d{1,15})-([0-9a-z]{1,20})$/);
  return match ? { change: Number(match[1]), order: match[2]! } : null;
}

function tabs(query: ListQuery, counts: Record<string, number>, narrowed: boolean): TabView[] {
  const tab = (state: RepositoryState | ""): TabView => ({
    href: listHref(query, { state, key: "" }),
    word: state === "" ? "All" : REPOSITORY_WORDS[state].word,
    icon: state === "" ? null : REPOSITORY_WORDS[state].icon,
    count: narrowed ? null : shownCount(state, counts),
    current: query.state === state,
  });
  const states = REPOSITORY_STATES.filter((state) =>
    ALWAYS_SHOWN.includes(state) || query.state === state || (counts[state] ?? 0) > 0
  );
  return [tab(""), ...states.map(tab)];
}

function shownCount(state: RepositoryState | "", counts: Record<string, number>): number {
  if (state !== "") return counts[state] ?? 0;
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function columns(query: ListQuery, severalServers: boolean): RepositoriesView["columns"] {
  const present = query.sort === "" ? "name" : query.sort;
  const ascends: readonly RepositorySort[] = ["name", "server", "state"];
  const column = (word: string, sort: RepositorySort | null): ColumnView => {
    if (sort === null) return { word, href: null, sorted: null };
    const sorted = present === sort ? "ascending" : present === `-${sort}` ? "descending" : null;
    // Names read from A, and states from what moves; of figures the largest is looked for first.
    const [first, other] = ascends.includes(sort)
      ? [sort, `-${sort}`] as const
      : [`-${sort}`, sort] as const;
    return {
      word,
      href: listHref(query, { sort: present === first ? other : first, key: "" }),
      sorted,
    };
  };
  return [
    column("Repository", "name"),
    column("Code server", severalServers && query.server === "" ? "server" : null),
    column("State", query.state === "" ? "state" : null),
    column("Findings", "findings"),
    column("Last scan", "scanned"),
  ];
}

function range(page: RepositoryPage, total: number | null, first: boolean): string {
  const count = page.rows.length;
  if (total === null) return plural(count, "repository", "repositories");
  if (first) return `1–${formatCount(count)} of ${formatCount(total)}`;
  return `${formatCount(count)} of ${formatCount(total)}`;
}

/** Tenths only, so that a screen reader is not interrupted at every tick. */
function announcement(counts: Record<string, number>): string {
  const { not_selected: _, gone: __, ...watched } = counts;
  const total = shownCount("", watched);
  const open = OPEN_REPOSITORY_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  if (total === 0) return "";
  if (open === 0) return `All scans are over: ${plural(total, "repository", "repositories")}`;
  return `${Math.floor(percent(total - open, total) / 10) * 10} % of the repositories are scanned`;
}

function queryString(values: Record<string, string>): string {
  const query = new URLSearchParams(
    Object.entries(values).filter(([, value]) => value !== ""),
  ).toString();
  return query === "" ? "" : `?${query}`;
}

/** What a page without any row calls its order. */
export const ORDER_OF_NONE = orderWord([]);

/** FNV-1a over the ids: short enough for an address, and another order gives another word. */
function orderWord(ids: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const char of ids.join()) {
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
