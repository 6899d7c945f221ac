/** One repository in the live list. */

import { Icon } from "./icons.tsx";
import { ScanStatus, Severities, type SeverityCounts, type StatusView } from "./scan_status.tsx";
import { Cell } from "./table.tsx";
import { Ago } from "./time.tsx";
import { shortCommit } from "@/lib/format.ts";

/** What a row shows; a route makes it of the repository's row and its newest scan's. */
export interface RepositoryRowView {
  id: string;
  fullName: string;
  projectName: string | null;
  isPrivate: boolean;
  server: { id: string; name: string };
  status: StatusView;
  /** Null before the first scan. */
  findings: SeverityCounts | null;
  lastScan: { at: number; commit: string | null } | null;
  /** The open scan, which can be cancelled; null when none is open. */
  openScanId: string | null;
  /** Whether it stands in line behind what people ask for, and may be moved forward. */
  inLine: boolean;
  /** Whether a scan may be asked for now, and whether the last one failed. */
  canScan: boolean;
  failed: boolean;
}

/** The row's id in the page, which a poll's answer is aimed at. */
export function rowId(repositoryId: string): string {
  return `repository-${repositoryId}`;
}

/** A row of the list; `back` is where its forms return to where scripts are off. */
export function RepositoryRow(
  props: { row: RepositoryRowView; now: number; admin: boolean; back: string },
) {
  const { row, now } = props;
  return (
    <tr id={rowId(row.id)} role="row">
      <Cell label="Repository" kind="lead">
        <div class="cell-main">
          <a href={`/repositories/${row.id}`}>{row.fullName}</a>
          <span class="cell-sub">
            <Icon name={row.isPrivate ? "lock" : "globe"} /> {row.isPrivate ? "private" : "public"}
            {row.projectName && ` · ${row.projectName}`}
          </span>
        </div>
      </Cell>
      <Cell label="Code server">
        <a href={`/servers/${row.server.id}`}>{row.server.name}</a>
      </Cell>
      <Cell label="State">
        <ScanStatus status={row.status} now={now} label={row.fullName} />
      </Cell>
      <Cell label="Findings">
        {row.findings === null
          ? <Severities counts={null} />
          : (
            <a href={`/findings?repository=${row.id}`} class="cell-link">
              <Severities counts={row.findings} />{" "}
              <span class="visually-hidden">findings of {row.fullName}</span>
            </a>
          )}
      </Cell>
      <Cell label="Last scan">
        {row.lastScan === null ? <span class="quiet">never</span> : (
          <span class="cell-main">
            <span>
              <Ago at={row.lastScan.at} now={now} />
            </span>
            {row.lastScan.commit && <code class="cell-sub">{shortCommit(row.lastScan.commit)}
            </code>}
          </span>
        )}
      </Cell>
      <Cell label="Actions" kind={props.admin ? "actions" : "none"}>
        {props.admin && <RowActions row={row} back={props.back} />}
      </Cell>
    </tr>
  );
}

function RowActions(props: { row: RepositoryRowView; back: string }) {
  const { row, back } = props;
  const aim = { "hx-target": `#${rowId(row.id)}`, "hx-swap": "outerMorph" };
  if (row.openScanId !== null) {
    const action = `/scans/${row.openScanId}/cancellation`;
    return (
      <div class="row">
        {row.inLine && <Ask row={row} back={back} word="Scan next" />}
        <form method="post" action={action} hx-post={action} {...aim}>
          <input type="hidden" name="back" value={back} />
          <button type="submit" class="small-button">
            Cancel <span class="visually-hidden">the scan of {row.fullName}</span>
          </button>
        </form>
      </div>
    );
  }
  if (!row.canScan) return null;
  return <Ask row={row} back={back} word={row.failed ? "Try again" : "Rescan"} />;
}

function Ask(props: { row: RepositoryRowView; back: string; word: string }) {
  const { row } = props;
  return (
    <form
      method="post"
      action="/scans"
      hx-post="/scans"
      hx-target={`#${rowId(row.id)}`}
      hx-swap="outerMorph"
    >
      <input type="hidden" name="repository" value={row.id} />
      <input type="hidden" name="back" value={props.back} />
      <button type="submit" class="small-button">
        <Icon name="refresh" /> {props.word} <span class="visually-hidden">{row.fullName}</span>
      </button>
    </form>
  );
}
