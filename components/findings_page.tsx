/** All findings: filters, one secret or one finding a row, triage of several at once. */

import { FindingFilters, type FindingFiltersView } from "./finding_filters.tsx";
import { type FindingRowView, FindingsTable, SecretCells } from "./finding_row.tsx";
import {
  ErrorSummary,
  FieldError,
  type FormView,
  InputField,
  type Option,
  SelectField,
} from "./forms.tsx";
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
  filters: FindingFiltersView;
  /** Why no finding is looked for, with the repositories that may be meant; null when one or none is asked for. */
  unclear:
    | { title: string; sentence: string; fits: readonly { word: string; href: string }[] }
    | null;
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
      <FindingFilters filters={view.filters} />
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
  const { unclear } = props.view;
  if (unclear !== null) {
    return (
      <EmptyState icon="search" title={unclear.title}>
        <p>{unclear.sentence}</p>
        {unclear.fits.length > 0 && (
          <ul class="plain stack tight" aria-label="Repositories that fit">
            {unclear.fits.map((fit) => (
              <li>
                <a href={fit.href}>{fit.word}</a>
              </li>
            ))}
          </ul>
        )}
        <a class="button" href="/findings">Show all open findings</a>
      </EmptyState>
    );
  }
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
