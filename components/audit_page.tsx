/** `/settings/audit`: who did what to which thing, from where and when. */

import { InputField, type Option, SelectField } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState } from "./notices.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { Cell, Pager, type PagerView } from "./table.tsx";
import { Moment } from "./time.tsx";

export interface AuditRowView {
  at: number;
  who: string;
  action: string;
  target: string | null;
  detail: string | null;
  address: string | null;
}

export interface AuditView {
  rows: readonly AuditRowView[];
  actions: readonly Option[];
  filters: { action: string; q: string; from: string; until: string };
  pager: PagerView;
  csvHref: string;
}

/** The audit log with its filter. */
export function AuditPage(props: { frame: Frame; view: AuditView }) {
  const { view } = props;
  return (
    <Layout frame={props.frame} title="Audit log" place="settings">
      <PageHead title="Audit log">
        <a class="button" href={view.csvHref}>Export as CSV</a>
      </PageHead>
      <SettingsTabs current="audit" />
      <section class="card flush" aria-label="Entries">
        <div class="card-head">
          <Filters view={view} />
        </div>
        {view.rows.length === 0
          ? (
            <EmptyState icon="info" title="No entry fits">
              <p>Nothing in the log fits this filter.</p>
              <a class="button" href="/settings/audit">Show all entries</a>
            </EmptyState>
          )
          : <Entries rows={view.rows} />}
      </section>
      <Pager pager={view.pager} />
    </Layout>
  );
}

function Filters(props: { view: AuditView }) {
  const { filters, actions } = props.view;
  return (
    <form class="filters" method="get" action="/settings/audit">
      <InputField
        id="q"
        name="q"
        type="search"
        label="Who, what or detail"
        value={filters.q}
        grow
      />
      <SelectField
        id="action"
        name="action"
        label="Action"
        value={filters.action}
        options={[{ value: "", word: "Any" }, ...actions]}
      />
      <InputField id="from" name="from" type="date" label="From" value={filters.from} />
      <InputField id="until" name="until" type="date" label="To" value={filters.until} />
      <button type="submit">Filter</button>
    </form>
  );
}

function Entries(props: { rows: readonly AuditRowView[] }) {
  return (
    <div class="table-wrap" tabindex={0} role="region" aria-label="Audit log">
      <table class="cards" role="table" aria-label="Entries">
        <thead role="rowgroup">
          <tr role="row">
            {["When", "Who", "Action", "What", "Detail", "From where"].map((word) => (
              <th scope="col" role="columnheader">{word}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.rows.map((row) => (
            <tr role="row">
              <Cell label="When" kind="lead">
                <Moment at={row.at} />
              </Cell>
              <Cell label="Who">{row.who}</Cell>
              <Cell label="Action">
                <code class="nowrap">{row.action}</code>
              </Cell>
              <Cell label="What">{row.target ?? "–"}</Cell>
              <Cell label="Detail">{row.detail ?? "–"}</Cell>
              <Cell label="From where">{row.address ?? "–"}</Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
