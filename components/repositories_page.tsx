/** The live page of all repositories: tabs with counts, filters, rows, one poll for all of it. */

import { InputField, SelectField } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, LoadingState } from "./notices.tsx";
import { Live, type RepositoriesView, Rows } from "./repositories_live.tsx";
import { RepositoryRow } from "./repository_row.tsx";
import { ColumnHead, Pager, Tabs } from "./table.tsx";

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
function Results(props: { view: RepositoriesView; admin: boolean }) {
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
                <Rows>
                  {view.rows.map((row) => (
                    <RepositoryRow row={row} now={view.now} admin={props.admin} back={view.here} />
                  ))}
                </Rows>
              </table>
            </div>
            <Pager pager={view.pager} />
          </>
        )}
      </section>
    </div>
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
