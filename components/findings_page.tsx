/** All findings: filters, one secret or one finding a row, triage of several at once. */

import { type FindingRowView, FindingsTable, SecretCells } from "./finding_row.tsx";
import {
  ErrorSummary,
  FieldError,
  type FormView,
  InputField,
  type Option,
  SelectField,
} from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState } from "./notices.tsx";
import { Severities, type SeverityCounts } from "./scan_status.tsx";
import { CardTable, Cell, Pager, type PagerView, Tabs, type TabView } from "./table.tsx";
import { Ago } from "./time.tsx";
import { formatCount, plural } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** One secret wherever it stands. */
export interface SecretRowView {
  fingerprint: string;
  rule: string;
  preview: string;
  severity: StateWords;
  repositories: number;
  findings: number;
  atTip: boolean;
  lastFoundAt: number;
}

/** The form that judges several findings, as it was sent when it was refused. */
export interface BulkView {
  form: FormView<"finding" | "state" | "reason">;
  ticked: readonly string[];
}

/** Everything the page shows; `secrets` is null while findings stand singly. */
export interface FindingsView {
  rows: readonly FindingRowView[];
  secrets: readonly SecretRowView[] | null;
  tabs: readonly TabView[];
  unresolvedCounts: SeverityCounts;
  pager: PagerView;
  filters: {
    severity: string;
    rule: string;
    server: string;
    tip: string;
    state: string;
    group: string;
    /** Only one repository's or one secret's findings; removable. */
    repository: { id: string; fullName: string } | null;
    fingerprint: string;
    severities: readonly Option[];
    rules: readonly Option[];
    servers: readonly Option[];
  };
  triageOptions: readonly Option[];
  bulk: BulkView;
  /** Whether any repository was scanned. */
  scannedAny: boolean;
  here: string;
  now: number;
}

/** The page. */
export function FindingsPage(props: { frame: Frame; view: FindingsView }) {
  const { frame, view } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout frame={frame} title="Findings" place="findings">
      <PageHead
        title="Findings"
        lede={
          <span class="row">
            Unresolved: <Severities counts={view.unresolvedCounts} words />
          </span>
        }
      />
      <Filters view={view} />
      <div id="results" class="stack tight">
        <Tabs id="finding-tabs" label="Findings by state" tabs={view.tabs} />
        {view.rows.length === 0 && (view.secrets?.length ?? 0) === 0
          ? (
            <section class="card">
              <NoFindings view={view} />
            </section>
          )
          : view.secrets !== null
          ? (
            <section class="card flush" aria-label="Secrets">
              <SecretsTable rows={view.secrets} now={view.now} />
              <Pager pager={view.pager} />
            </section>
          )
          : admin
          ? (
            <form
              id="bulk"
              class="card flush"
              method="post"
              action="/findings/triage"
              aria-label="Findings"
            >
              <input type="hidden" name="back" value={view.here} />
              <BulkBar view={view} />
              <FindingsTable
                rows={view.rows}
                now={view.now}
                pick
                ticked={view.bulk.ticked}
                errorId={view.bulk.form.errors.finding && "bulk-finding-error"}
              />
              <Pager pager={view.pager} />
            </form>
          )
          : (
            <section class="card flush" aria-label="Findings">
              <FindingsTable rows={view.rows} now={view.now} pick={false} />
              <Pager pager={view.pager} />
            </section>
          )}
      </div>
    </Layout>
  );
}

function Filters(props: { view: FindingsView }) {
  const { filters } = props.view;
  const any = (word: string, options: readonly Option[]) => [{ value: "", word }, ...options];
  return (
    <form
      class="filters"
      method="get"
      action="/findings"
      role="search"
      hx-get="/findings"
      hx-trigger="change, submit"
      hx-target="#results"
      hx-select="#results"
      hx-swap="outerHTML"
      hx-replace-url="true"
      hx-sync="replace"
    >
      <SelectField
        id="severity"
        name="severity"
        label="Severity"
        value={filters.severity}
        options={any("All severities", filters.severities)}
      />
      <SelectField
        id="tip"
        name="tip"
        label="At the tip"
        value={filters.tip}
        options={any("Anywhere", [
          { value: "yes", word: "Still there" },
          { value: "no", word: "Only in history" },
        ])}
      />
      <SelectField
        id="rule"
        name="rule"
        label="Rule"
        value={filters.rule}
        options={any("All rules", filters.rules)}
      />
      <SelectField
        id="server"
        name="server"
        label="Code server"
        value={filters.server}
        options={any("All servers", filters.servers)}
      />
      <SelectField
        id="group"
        name="group"
        label="A row is"
        value={filters.group}
        options={[
          { value: "", word: "One finding" },
          { value: "secret", word: "One secret, everywhere" },
        ]}
      />
      {filters.state !== "" && <input type="hidden" name="state" value={filters.state} />}
      {filters.repository && (
        <input
          type="hidden"
          name="repository"
          value={filters.repository.id}
        />
      )}
      {filters.fingerprint !== "" && (
        <input type="hidden" name="fingerprint" value={filters.fingerprint} />
      )}
      <button type="submit" data-without-script>Filter</button>
      {filters.repository && (
        <a class="button" href="/findings">
          {filters.repository.fullName} <Icon name="close" label="Show all repositories" />
        </a>
      )}
      {filters.fingerprint !== "" && (
        <a class="button" href="/findings">
          One secret <Icon name="close" label="Show all secrets" />
        </a>
      )}
    </form>
  );
}

function BulkBar(props: { view: FindingsView }) {
  const { triageOptions, bulk: { form } } = props.view;
  return (
    <div class="card-head">
      <ErrorSummary
        form={form}
        fieldIds={{ finding: "findings-to-tick", state: "bulk-state", reason: "bulk-reason" }}
      />
      <div class="filters">
        <SelectField
          id="bulk-state"
          name="state"
          label="Ticked findings are"
          options={[{ value: "", word: "Choose…" }, ...triageOptions]}
          value={form.values.state}
          error={form.errors.state}
        />
        <InputField
          id="bulk-reason"
          name="reason"
          label="Reason"
          placeholder="Why"
          value={form.values.reason}
          error={form.errors.reason}
        />
        <button type="submit">Set state</button>
      </div>
      <FieldError id="bulk-finding" error={form.errors.finding} />
    </div>
  );
}

function SecretsTable(props: { rows: readonly SecretRowView[]; now: number }) {
  return (
    <CardTable label="Secrets" heads={["Secret", "Severity", "Stands in", "Last found"]}>
      {props.rows.map((row) => (
        <tr role="row">
          <SecretCells row={row} href={`/findings?fingerprint=${row.fingerprint}`} />
          <Cell label="Stands in">
            <span>
              {plural(row.repositories, "repository", "repositories")}
              {row.findings > row.repositories && `, ${formatCount(row.findings)} findings`}
              {row.atTip && ", still at a tip"}
            </span>
          </Cell>
          <Cell label="Last found">
            <Ago at={row.lastFoundAt} now={props.now} />
          </Cell>
        </tr>
      ))}
    </CardTable>
  );
}

function NoFindings(props: { view: FindingsView }) {
  if (!props.view.scannedAny) {
    return (
      <EmptyState icon="scan" title="Nothing scanned yet">
        <p>Findings appear here while the first scans run.</p>
        <a class="button" href="/repositories">Watch the scans</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="shield" title="No finding here">
      <p>No finding is in this state and fits the filter.</p>
      <a class="button" href="/findings">Show all open findings</a>
    </EmptyState>
  );
}
