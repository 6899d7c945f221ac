/** One finding in a list: what it is, how bad, where it stands, what was decided. */

import { Icon } from "./icons.tsx";
import { StateBadge } from "./scan_status.tsx";
import { Cell, TickAllHead } from "./table.tsx";
import { Ago } from "./time.tsx";
import { plural } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** What a row shows; the preview is masked where it was made. */
export interface FindingRowView {
  id: string;
  /** The rule's name. */
  rule: string;
  severity: StateWords;
  state: StateWords;
  preview: string;
  repository: { id: string; fullName: string };
  path: string;
  line: number;
  atTip: boolean;
  occurrences: number;
  /** Repositories that hold the same secret, this one included. */
  repositories: number;
  foundAt: number;
}

/** The list; with `pick` each row has a box to tick for the forms around it. */
export function FindingsTable(
  props: {
    rows: readonly FindingRowView[];
    now: number;
    pick: boolean;
    /** Ids of rows that are ticked already. */
    ticked?: readonly string[];
    /** The id of what is wrong with the ticks. */
    errorId?: string | undefined;
    /** True on the page of their repository, where its name would only repeat itself. */
    ofOneRepository?: boolean;
  },
) {
  return (
    <div class="table-wrap">
      <table
        id="findings-to-tick"
        class="cards"
        role="table"
        aria-label="Findings"
        aria-describedby={props.errorId}
      >
        <thead role="rowgroup">
          <tr role="row">
            {props.pick && <TickAllHead name="finding" />}
            {["Secret", "Severity", "Where", "At the tip", "State", "Found"].map((word) => (
              <th scope="col" role="columnheader">{word}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.rows.map((row) => <FindingRow {...props} row={row} />)}
        </tbody>
      </table>
    </div>
  );
}

function FindingRow(
  props: {
    row: FindingRowView;
    now: number;
    pick: boolean;
    ticked?: readonly string[];
    ofOneRepository?: boolean;
  },
) {
  const { row } = props;
  return (
    <tr role="row">
      {props.pick && (
        <Cell label="Tick" kind="pick">
          <input
            type="checkbox"
            name="finding"
            value={row.id}
            checked={props.ticked?.includes(row.id)}
            aria-label={`${row.rule} in ${row.repository.fullName}`}
          />
        </Cell>
      )}
      <SecretCells row={row} href={`/findings/${row.id}`} />
      <Cell label="Where">
        <div class="cell-main">
          {!props.ofOneRepository && <span>{row.repository.fullName}</span>}
          <span class="cell-sub mono">{row.path}:{row.line}</span>
          {(row.occurrences > 1 || row.repositories > 1) && (
            <span class="cell-sub">
              {placesWords(row)}
            </span>
          )}
        </div>
      </Cell>
      <Cell label="At the tip">
        <TipMark atTip={row.atTip} />
      </Cell>
      <Cell label="State">
        <span>
          <StateBadge words={row.state} />
        </span>
      </Cell>
      <Cell label="Found">
        <span class="nowrap">
          <Ago at={row.foundAt} now={props.now} />
        </span>
      </Cell>
    </tr>
  );
}

/** Places in this repository are told from the other repositories of the secret. */
function placesWords({ occurrences, repositories }: FindingRowView): string {
  const places = plural(occurrences, "place");
  if (repositories <= 1) return places;
  return `${places} here, also in ${
    plural(repositories - 1, "other repository", "other repositories")
  }`;
}

/** The first cells of a row about a secret: its kind, which leads on, what is shown of it, how bad it is. */
export function SecretCells(
  props: { row: Pick<FindingRowView, "rule" | "preview" | "severity">; href: string },
) {
  const { row } = props;
  return (
    <>
      <Cell label="Secret" kind="lead">
        <div class="cell-main">
          <a href={props.href}>{row.rule}</a>
          <span>
            <span class="preview small nowrap">{row.preview}</span>
          </span>
        </div>
      </Cell>
      <Cell label="Severity">
        <span>
          <StateBadge words={row.severity} />
        </span>
      </Cell>
    </>
  );
}

/** Whether the newest commit of the default branch still carries it. */
export function TipMark(props: { atTip: boolean }) {
  return props.atTip
    ? (
      <span class="nowrap">
        <Icon name="signal" /> still there
      </span>
    )
    : (
      <span class="nowrap quiet">
        <Icon name="clock" /> only in history
      </span>
    );
}
