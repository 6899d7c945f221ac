/** The scans of one repository, newest first. */

import { StateBadge } from "./scan_status.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Moment } from "./time.tsx";
import { formatBytes, formatTook, plural } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** One scan of the history of scans. */
export interface PastScanView {
  id: string;
  words: StateWords;
  requestedBy: string;
  startedAt: number | null;
  durationMs: number | null;
  commits: number | null;
  packBytes: number | null;
  /** What was left out, or why it failed. */
  sentences: readonly string[];
  /** Technical detail of a failure. */
  detail: string | null;
}

/** The table of scans, newest first. */
export function PastScans(props: { scans: readonly PastScanView[] }) {
  return (
    <section class="card flush" aria-labelledby="scans-title">
      <div class="card-head">
        <h2 id="scans-title">Scans</h2>
      </div>
      {props.scans.length === 0
        ? <p class="quiet pad">No scan yet.</p>
        : (
          <CardTable label="Scans" heads={["State", "Started", "Took", "Read", "Asked for by"]}>
            {props.scans.map((scan) => <PastScan scan={scan} />)}
          </CardTable>
        )}
    </section>
  );
}

function PastScan(props: { scan: PastScanView }) {
  const { scan } = props;
  return (
    <tr role="row">
      <Cell label="State" kind="lead">
        <div class="status">
          <StateBadge words={scan.words} />
          {scan.sentences.map((sentence) => <span class="detail">{sentence}</span>)}
          {scan.detail && (
            <details class="small">
              <summary>Technical detail</summary>
              <pre>{scan.detail}</pre>
            </details>
          )}
        </div>
      </Cell>
      <Cell label="Started">
        {scan.startedAt === null
          ? <span class="quiet">not yet</span>
          : <Moment at={scan.startedAt} />}
      </Cell>
      <Cell label="Took">
        <span class="num">{scan.durationMs === null ? "–" : formatTook(scan.durationMs)}</span>
      </Cell>
      <Cell label="Read">
        <span class="num">
          {scan.commits === null ? "–" : plural(scan.commits, "commit")}
          {scan.packBytes !== null && `, ${formatBytes(scan.packBytes)}`}
        </span>
      </Cell>
      <Cell label="Asked for by">{scan.requestedBy}</Cell>
    </tr>
  );
}
