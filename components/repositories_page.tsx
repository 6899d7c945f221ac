/** The live page of all repositories: tabs with counts, filters, rows, one poll for all of it. */

import { InputField, type Option, SelectField } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, LoadingState } from "./notices.tsx";
import { RepositoryRow, type RepositoryRowView, rowId } from "./repository_row.tsx";
import {
  ColumnHead,
  type ColumnView,
  Pager,
  type PagerView,
  Tabs,
  type TabView,
} from "./table.tsx";

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

/** The page. */
export function RepositoriesPage(props: { frame: Frame; view: RepositoriesView }) {
  const { frame, view } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout
      frame={frame}
      title="Repositories"
      place="repositories"
      refreshSeconds={view.live.everySeconds === null ? null : 15}
    >
      <PageHead title="Repositories">
        {admin && view.failedCount > 0 && <RetryAll view={view} />}
        {admin && (
          <a class="button primary" href="/servers/new">
            <Icon name="plus" /> Add code server
          </a>
        )}
      </PageHead>
      <p class="visually-hidden" aria-live="polite" id="announcement">{view.announcement}</p>
      {view.hasServers
        ? (
          <>
            <Filters view={view} />
            <Results view={view} admin={admin} />
          </>
        )
        : (
          <section class="card">
            <EmptyState icon="server" title="No code server yet">
              <p>
                Connect a Bitbucket Cloud workspace. Its repositories appear here as they are found,
                and their scans can be watched as they run.
              </p>
              {admin
                ? <a class="button primary" href="/servers/new">Connect a workspace</a>
                : <p class="quiet">Ask an admin of {frame.instanceName} to connect one.</p>}
            </EmptyState>
          </section>
        )}
    </Layout>
  );
}

function Filters(props: { view: RepositoriesView }) {
  const { filters } = props.view;
  return (
    <form
      class="filters"
      method="get"
      action="/repositories"
      role="search"
      hx-get="/repositories"
      hx-trigger="input delay:300ms, change, submit"
      hx-target="#results"
      hx-select="#results"
      hx-swap="outerHTML"
      hx-replace-url="true"
      hx-sync="replace"
    >
      <InputField
        id="q"
        name="q"
        type="search"
        label="Search"
        value={filters.q}
        placeholder="Part of a name"
        grow
      />
      <SelectField
        id="server"
        name="server"
        label="Code server"
        value={filters.server}
        options={[{ value: "", word: "All servers" }, ...filters.servers]}
      />
      {filters.projects.length > 0 && (
        <SelectField
          id="project"
          name="project"
          label="Project"
          value={filters.project}
          options={[{ value: "", word: "All projects" }, ...filters.projects]}
        />
      )}
      {filters.state !== "" && <input type="hidden" name="state" value={filters.state} />}
      {filters.sort !== "" && <input type="hidden" name="sort" value={filters.sort} />}
      <button type="submit" data-without-script>
        <Icon name="search" /> Search
      </button>
    </form>
  );
}

/** All that a change of filter replaces, the poller included. */
export function Results(props: { view: RepositoriesView; admin: boolean }) {
  const { view } = props;
  return (
    <div id="results" class="stack tight">
      <Tabs id="repository-tabs" label="Repositories by state" tabs={view.tabs} />
      <div class="row spread">
        <Live live={view.live} />
        {view.live.everySeconds !== null && (
          <a class="small" href={view.here} data-without-script>Refresh</a>
        )}
      </div>
      <section class="card flush" aria-label="Repositories">
        {view.rows.length === 0 ? <NoRows view={view} /> : (
          <>
            <div class="table-wrap">
              <table class="cards" role="table" aria-label="Repositories">
                <thead role="rowgroup">
                  <tr role="row">
                    {view.columns.map((column) => <ColumnHead column={column} />)}
                    <th scope="col" role="columnheader" class="right">
                      {props.admin
                        ? "Actions"
                        : <span class="visually-hidden">No actions for viewers</span>}
                    </th>
                  </tr>
                </thead>
                <Rows view={view} admin={props.admin} />
              </table>
            </div>
            <Pager pager={view.pager} />
          </>
        )}
      </section>
    </div>
  );
}

/** The rows alone; a poll whose set of rows changed carries them whole. */
export function Rows(props: { view: RepositoriesView; admin: boolean }) {
  const { view } = props;
  return (
    <tbody id="repository-rows" role="rowgroup">
      {view.rows.map((row) => (
        <RepositoryRow row={row} now={view.now} admin={props.admin} back={view.here} />
      ))}
    </tbody>
  );
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
    changed: readonly RepositoryRowView[] | "all";
    admin: boolean;
  },
) {
  const { view, changed, admin } = props;
  return (
    <>
      <Live live={view.live} />
      <hx-partial hx-target="#repository-tabs" hx-swap="outerMorph">
        <Tabs id="repository-tabs" label="Repositories by state" tabs={view.tabs} />
      </hx-partial>
      <hx-partial hx-target="#announcement" hx-swap="innerMorph">{view.announcement}</hx-partial>
      {changed === "all"
        ? (
          <hx-partial hx-target="#repository-rows" hx-swap="outerMorph">
            <Rows view={view} admin={admin} />
          </hx-partial>
        )
        : changed.map((row) => (
          <hx-partial hx-target={`#${rowId(row.id)}`} hx-swap="outerMorph">
            <RepositoryRow row={row} now={view.now} admin={admin} back={view.here} />
          </hx-partial>
        ))}
    </>
  );
}

function NoRows(props: { view: RepositoriesView }) {
  const { filters } = props.view;
  if (filters.q !== "" || filters.state !== "" || filters.project !== "" || filters.server !== "") {
    return (
      <EmptyState icon="search" title="Nothing fits">
        <p>No repository is in this state and fits the search.</p>
        <a class="button" href="/repositories">Show all repositories</a>
      </EmptyState>
    );
  }
  return props.view.discovering
    ? (
      <LoadingState title="Looking for repositories">
        <p>The first page of the workspace's list is on its way. Rows appear here by themselves.</p>
      </LoadingState>
    )
    : (
      <EmptyState icon="repository" title="No repository was found">
        <p>The connected workspaces hold no repository that the token can see.</p>
        <a class="button" href="/servers">Look at the code servers</a>
      </EmptyState>
    );
}

function RetryAll(props: { view: RepositoriesView }) {
  const { view } = props;
  return (
    <form method="post" action="/scans/retries">
      <input type="hidden" name="server" value={view.filters.server} />
      <input type="hidden" name="back" value={view.here} />
      <button type="submit">
        <Icon name="refresh" /> Retry all failed ({view.failedCount})
      </button>
    </form>
  );
}
