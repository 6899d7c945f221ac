/** The operator's page: what is open, what runs and where, what waits and what failed. */

import type { Child } from "hono/jsx";
import { formatDuration, plural } from "@/lib/format.ts";
import { reasonSentence } from "@/lib/status.ts";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Ago } from "./time.tsx";

/** One job. */
export interface OperationView {
  id: string;
  /** "discovery", "tip" or "history". */
  step: string;
  serverName: string;
  repository: { id: string; fullName: string } | null;
  owner: string | null;
  attempts: number;
  crashes: number;
  /** Last sign of life, when it is due, or when it ended, by the list it stands in. */
  at: number | null;
  reason: string | null;
  detail: string | null;
}

export interface OperationsView {
  /** What `/health` warns of, as sentences without a full stop. */
  troubles: readonly string[];
  open: { kind: string; state: string; count: number; oldestDueMs: number | null }[];
  running: OperationView[];
  waiting: OperationView[];
  failed: OperationView[];
  threads: { busy: number; size: number };
  now: number;
}

/** `/settings/operations`. */
export function OperationsPage(props: { frame: Frame; view: OperationsView }) {
  const { frame, view } = props;
  return (
    <Layout frame={frame} title="Operations" place="settings" refreshSeconds={30}>
      <PageHead title="Operations" />
      <SettingsTabs current="operations" />
      {view.troubles.length > 0 && (
        <section class="card" aria-labelledby="troubles-title">
          <h2 id="troubles-title">This instance</h2>
          <ul>{view.troubles.map((trouble) => <li>{trouble}.</li>)}</ul>
        </section>
      )}
      <section class="card" aria-labelledby="open-title">
        <h2 id="open-title">Open work</h2>
        {view.open.length === 0 && <p class="quiet">Nothing is queued or running.</p>}
        <ul>
          {view.open.map((row) => (
            <li>
              {plural(row.count, row.kind, row.kind === "discovery" ? "discoveries" : "scans")}{" "}
              {row.state}
              {row.state === "queued" && row.oldestDueMs !== null &&
                `, the oldest due for ${formatDuration(row.oldestDueMs)}`}
            </li>
          ))}
        </ul>
        <p class="quiet">
          {view.threads.busy} of {view.threads.size} scan threads of this process are at work.
        </p>
      </section>
      <Jobs title="Running" at="Sign of life" rows={view.running} now={view.now} who>
        Nothing runs.
      </Jobs>
      <Jobs title="Waiting for another try" at="Due" rows={view.waiting} now={view.now}>
        Nothing waits for another try.
      </Jobs>
      <Jobs title="Failed last" at="Ended" rows={view.failed} now={view.now}>
        Nothing has failed.
      </Jobs>
    </Layout>
  );
}

function Jobs(
  props: {
    title: string;
    at: string;
    rows: readonly OperationView[];
    now: number;
    who?: boolean;
    children: Child;
  },
) {
  const id = `${props.title.toLowerCase().replaceAll(" ", "-")}-title`;
  const heads = ["What", "Step", props.who ? "Process" : "Why", "Tries", props.at];
  return (
    <section class="card flush" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{props.title}</h2>
      </div>
      {props.rows.length === 0
        ? <p class="quiet pad">{props.children}</p>
        : (
          <CardTable label={{ titleId: id }} heads={heads}>
            {props.rows.map((row) => (
              <tr role="row">
                <Cell label="What" kind="lead">
                  {row.repository
                    ? (
                      <a href={`/repositories/${row.repository.id}`}>
                        {row.repository.fullName}
                      </a>
                    )
                    : row.serverName}
                </Cell>
                <Cell label="Step">{row.step}</Cell>
                {props.who ? <Cell label="Process">{row.owner ?? ""}</Cell> : (
                  <Cell label="Why">
                    {row.reason ? reasonSentence(row.reason) : ""}
                    {row.detail && <span class="quiet small">{row.detail}</span>}
                  </Cell>
                )}
                <Cell label="Tries">
                  {row.attempts + 1}
                  {row.crashes > 0 && `, lost ${plural(row.crashes, "time")}`}
                </Cell>
                <Cell label={props.at}>
                  {row.at === null ? "" : <Ago at={row.at} now={props.now} />}
                </Cell>
              </tr>
            ))}
          </CardTable>
        )}
    </section>
  );
}
