/** The live page of all repositories: tabs with counts, filters, rows, one poll for all of it. */

import { InputField, SelectField } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState } from "./notices.tsx";
import { ProjectFilter } from "./project_filter.tsx";
import { Live, type RepositoriesView, RetryAll } from "./repositories_live.tsx";
import { RepositoryList } from "./repository_list.tsx";
import { RepositoryRow } from "./repository_row.tsx";
import { ServerNotices } from "./server_notices.tsx";
import { Tabs } from "./table.tsx";

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
      hx-select-oob="#project-filter:outerHTML"
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
      <ProjectFilter filters={filters} />
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
      <ServerNotices notices={view.notices} />
      <Tabs id="repository-tabs" label="Repositories by state" tabs={view.tabs} />
      <div class="row spread">
        <Live live={view.live} />
        <RetryAll view={view} admin={props.admin} />
        {view.live.everySeconds !== null && (
          <a class="small" href={view.here} data-without-script>Refresh</a>
        )}
      </div>
      <section class="card flush" aria-label="Repositories">
        <RepositoryList view={view} admin={props.admin}>
          {view.rows.map((row) => (
            <RepositoryRow row={row} now={view.now} admin={props.admin} back={view.here} />
          ))}
        </RepositoryList>
      </section>
    </div>
  );
}
