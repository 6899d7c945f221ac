/** What of the live list a poll or a click brings anew: poller, rows, counts. */

import type { Child } from "hono/jsx";
import type { Option } from "./forms.tsx";
import { RepositoryRow, type RepositoryRowView, rowId } from "./repository_row.tsx";
import { type ColumnView, type PagerView, Tabs, type TabView } from "./table.tsx";

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
  /** How many failed scans "Retry all failed" would start, under the present filter. */
  failedCount: number;
  /** Whether any server is connected, and whether one is still discovering. */
  hasServers: boolean;
  discovering: boolean;
  /** This page's own address, for forms to come back to. */
  here: string;
  now: number;
}

/** The rows alone; a poll whose set of rows changed carries them whole. */
export function Rows(props: { children?: Child }) {
  return <tbody id="repository-rows" role="rowgroup">{props.children}</tbody>;
}

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
          : "Live, little is moving"}
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
  },
) {
  const { view, changed, all } = props;
  return (
    <>
      <Live live={view.live} />
      <Counts view={view} />
      {all
        ? (
          <hx-partial hx-target="#repository-rows" hx-swap="outerMorph">
            <Rows>{changed.map(({ row }) => row)}</Rows>
          </hx-partial>
        )
        : changed.map(({ id, row }) => (
          <hx-partial hx-target={`#${rowId(id)}`} hx-swap="outerMorph">{row}</hx-partial>
        ))}
    </>
  );
}

/** What follows from any row's change: the tabs' counts, and what is announced. */
function Counts(props: { view: RepositoriesView }) {
  return (
    <>
      <hx-partial hx-target="#repository-tabs" hx-swap="outerMorph">
        <Tabs id="repository-tabs" label="Repositories by state" tabs={props.view.tabs} />
      </hx-partial>
      <hx-partial hx-target="#announcement" hx-swap="innerMorph">
        {props.view.announcement}
      </hx-partial>
    </>
  );
}

/** The answer to a click on a row: the row, the counts, and the poller awake again. */
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
      <Counts view={view} />
    </>
  );
}
