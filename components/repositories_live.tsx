/** What of the live list a poll or a click brings anew: poller, rows, counts. */

import type { Child } from "hono/jsx";
import type { Option } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { ProjectFilter } from "./project_filter.tsx";
import { RepositoryList } from "./repository_list.tsx";
import { RepositoryRow, type RepositoryRowView, rowId } from "./repository_row.tsx";
import { ServerNotices, type ServerNoticeView } from "./server_notices.tsx";
import { type ColumnView, Pager, type PagerView, Tabs, type TabView } from "./table.tsx";
import { formatCount } from "@/lib/format.ts";

/** The poller: where it asks, how often, and the version it has. Null interval: nothing will move. */
export interface LiveView {
  href: string;
  everySeconds: number | null;
  tag: string;
}

/** Everything the page shows. */
export interface RepositoriesView {
  rows: readonly RepositoryRowView[];
  tabs: readonly TabView[];
  /** Repository, server, state, findings, last scan, in this order. */
  columns: readonly [ColumnView, ColumnView, ColumnView, ColumnView, ColumnView];
  pager: PagerView;
  filters: {
    q: string;
    server: string;
    project: string;
    servers: readonly Option[];
    /** Empty while no server is chosen. */
    projects: readonly Option[];
    /** Kept while filtering. */
    state: string;
    sort: string;
  };
  live: LiveView;
  /** What is spoken when it changes: only tenths of the whole. */
  announcement: string;
  /** How many failed scans "Retry all failed" would start: those that the page shows. */
  failedCount: number;
  hasServers: boolean;
  /** The servers of this page that wait or stand still. */
  notices: readonly ServerNoticeView[];
  /** Why there is no row, where there is none. */
  emptiness: EmptinessView;
  /** This page's own address, for forms to come back to. */
  here: string;
  now: number;
}

/** Why a list is empty; while servers are read, what they have found so far. */
export type EmptinessView =
  | { kind: "looking"; found: number; total: number | null }
  /** Left out by the filter, or the list was never read to the end, or there is nothing. */
  | { kind: "filtered" | "unread" | "none" };

/** The poller and its mark; once nothing will move it is rendered without a trigger. */
export function Live(props: { live: LiveView }) {
  const { live } = props;
  const polling = live.everySeconds === null ? {} : {
    "hx-get": live.href,
    "hx-trigger": `every ${live.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": live.tag,
  };
  return (
    <div id="live" class="live-line on" data-live {...polling}>
      <span class="dot"></span>
      <span class="live-word">
        {live.everySeconds === null
          ? "Up to date"
          : live.everySeconds <= 5
          ? "Live"
          : live.everySeconds <= 15
          ? "Live, little is moving"
          : "Live, work stands still"}
      </span>
      <span class="not-live" role="status" data-not-live hidden></span>
    </div>
  );
}

/**
 * A poll's answer: the poller with its new version, the tabs, and each changed row, or all rows
 * when others have come to stand on the page.
 */
export function RepositoriesRefresh(
  props: {
    view: RepositoriesView;
    /** The rows to show, drawn already: many viewers get the same. */
    changed: readonly { id: string; row: Child }[];
    all: boolean;
    /** Whether the viewer's page had no row. */
    fromNothing: boolean;
    admin: boolean;
  },
) {
  const { view, changed, all, admin } = props;
  return (
    <>
      <Live live={view.live} />
      <Counts view={view} admin={admin} />
      {props.fromNothing && (
        <hx-partial hx-target="#project-filter" hx-swap="outerMorph">
          <ProjectFilter filters={view.filters} />
        </hx-partial>
      )}
      {all
        ? (
          <hx-partial hx-target="#repository-list" hx-swap="outerMorph">
            <RepositoryList view={view} admin={admin}>
              {changed.map(({ row }) => row)}
            </RepositoryList>
          </hx-partial>
        )
        : changed.map(({ id, row }) => (
          <hx-partial hx-target={`#${rowId(id)}`} hx-swap="outerMorph">{row}</hx-partial>
        ))}
    </>
  );
}

/** What follows from any row's change: the servers' state, all counts, and what is announced. */
function Counts(props: { view: RepositoriesView; admin: boolean }) {
  const { view } = props;
  return (
    <>
      <hx-partial hx-target="#server-notices" hx-swap="outerMorph">
        <ServerNotices notices={view.notices} />
      </hx-partial>
      <hx-partial hx-target="#retry-all" hx-swap="outerMorph">
        <RetryAll view={view} admin={props.admin} />
      </hx-partial>
      {view.rows.length > 0 && (
        <hx-partial hx-target="#repository-pager" hx-swap="innerMorph">
          <Pager pager={view.pager} />
        </hx-partial>
      )}
      <hx-partial hx-target="#repository-tabs" hx-swap="outerMorph">
        <Tabs id="repository-tabs" label="Repositories by state" tabs={view.tabs} />
      </hx-partial>
      <hx-partial hx-target="#announcement" hx-swap="innerMorph">
        {view.announcement}
      </hx-partial>
    </>
  );
}

/** Tries again what the page shows as failed; it stands empty where there is nothing to try. */
export function RetryAll(props: { view: RepositoriesView; admin: boolean }) {
  const { view } = props;
  const { filters } = view;
  return (
    <div id="retry-all">
      {props.admin && view.failedCount > 0 && (
        <form method="post" action="/scans/retries">
          <input type="hidden" name="server" value={filters.server} />
          <input type="hidden" name="project" value={filters.project} />
          <input type="hidden" name="q" value={filters.q} />
          <input type="hidden" name="back" value={view.here} />
          <button type="submit" class="small-button">
            <Icon name="refresh" /> Retry all failed ({formatCount(view.failedCount)})
          </button>
        </form>
      )}
    </div>
  );
}

/**
 * The answer to a click on a row: the row, the counts, and the poller awake again. Its next poll
 * brings all rows: others may have changed since the last one, and this one may belong elsewhere.
 */
export function RowAnswer(
  props: { view: RepositoriesView; row: RepositoryRowView; admin: boolean },
) {
  const { view, row, admin } = props;
  return (
    <>
      <RepositoryRow row={row} now={view.now} admin={admin} back={view.here} />
      <hx-partial hx-target="#live" hx-swap="outerMorph">
        <Live live={view.live} />
      </hx-partial>
      <Counts view={view} admin={admin} />
    </>
  );
}
