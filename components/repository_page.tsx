/** One repository: its scan as it runs, the refs it read, the scans before, its findings. */

import type { FindingRowView } from "./finding_row.tsx";
import { FindingsTable } from "./finding_row.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, Notice } from "./notices.tsx";
import { PastScans, type PastScanView } from "./past_scans.tsx";
import { ScanStatus, Severities, type StatusView } from "./scan_status.tsx";
import type { RepositoryRowView } from "./repository_row.tsx";
import { Ago } from "./time.tsx";
import { formatBytes, formatCount, plural, shortCommit } from "@/lib/format.ts";

/** One step of the newest scan. */
export interface StepView {
  word: string;
  sentence: string;
  state: "done" | "running" | "waiting" | "todo";
}

/** Everything the page shows besides its live part. */
export interface RepositoryView {
  row: RepositoryRowView;
  htmlUrl: string;
  defaultBranch: string | null;
  language: string | null;
  sizeBytes: number | null;
  updatedAt: number | null;
  scan: ScanView;
  refs: { count: number; shown: readonly { name: string; oid: string }[] };
  scans: readonly PastScanView[];
  findings: readonly FindingRowView[];
  /** The files in the repository that suppress, and what of them is not understood; null without. */
  suppressions: { files: readonly string[]; problems: readonly string[] } | null;
  now: number;
}

/** The live part: the state, the steps, and the poll that ends with the scan. */
export interface ScanView {
  repositoryId: string;
  fullName: string;
  status: StatusView;
  steps: readonly StepView[];
  openScanId: string | null;
  canScan: boolean;
  /** Whether it stands in line behind what people ask for, and may be moved forward. */
  inLine: boolean;
  failed: boolean;
  everySeconds: number | null;
  tag: string;
  now: number;
}

/** The page. */
export function RepositoryPage(props: { frame: Frame; view: RepositoryView }) {
  const { frame, view } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout
      frame={frame}
      title={view.row.fullName}
      place="repositories"
      refreshSeconds={view.scan.everySeconds === null ? null : 10}
    >
      <PageHead
        title={view.row.fullName}
        crumbs={[{ href: "/repositories", word: "Repositories" }]}
        lede={
          <span class="row">
            <span>
              <Icon name={view.row.isPrivate ? "lock" : "globe"} />{" "}
              {view.row.isPrivate ? "private" : "public"}
            </span>
            <a href={`/servers/${view.row.server.id}`}>{view.row.server.name}</a>
            {view.row.projectName && <span>{view.row.projectName}</span>}
          </span>
        }
      >
        <a class="button" href={view.htmlUrl} rel="noreferrer">
          Open in Bitbucket <Icon name="external" />
        </a>
      </PageHead>
      <div class="main-side">
        <div class="stack">
          {view.suppressions && view.suppressions.problems.length > 0 && (
            <Notice tone="warning" title="Not everything in the suppression files is understood">
              <ul>
                {view.suppressions.problems.map((problem) => <li>{problem}</li>)}
              </ul>
              <p class="small">The rest of them is followed, and the scan is not affected.</p>
            </Notice>
          )}
          <ScanCard scan={view.scan} admin={admin} />
          <section class="card flush" aria-labelledby="findings-title">
            <div class="card-head">
              <h2 id="findings-title">Findings</h2>
              <span class="row">
                <Severities counts={view.row.findings} words />
                <a href={`/findings?repository=${view.row.id}&state=all`}>All findings</a>
              </span>
            </div>
            {view.findings.length === 0
              ? (
                <EmptyState icon="shield" title="No unresolved finding">
                  <p>
                    {view.row.lastScan === null
                      ? "The first scan has not ended yet. Findings appear as soon as they are made."
                      : "Nothing open or to fix in what was read."}
                  </p>
                </EmptyState>
              )
              : <FindingsTable rows={view.findings} now={view.now} pick={false} ofOneRepository />}
          </section>
          <PastScans scans={view.scans} />
        </div>
        <aside class="stack" aria-label="About this repository">
          <Facts view={view} />
          <Refs refs={view.refs} />
        </aside>
      </div>
    </Layout>
  );
}

/** The fragment of `/repositories/:id/status`: polls only while a scan is open. */
export function ScanCard(props: { scan: ScanView; admin: boolean }) {
  const { scan } = props;
  const polling = scan.everySeconds === null ? {} : {
    "hx-get": `/repositories/${scan.repositoryId}/status`,
    "hx-trigger": `every ${scan.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": scan.tag,
  };
  return (
    <section id="scan" class="card" aria-labelledby="scan-title" {...polling}>
      <div class="card-head">
        <h2 id="scan-title">Scan</h2>
        <span class="row">
          <span class="live-line" data-live>
            <span class="not-live" role="status" data-not-live hidden></span>
          </span>
          {props.admin && <ScanActions scan={scan} />}
        </span>
      </div>
      <ScanStatus status={scan.status} now={scan.now} label={scan.fullName} />
      {/* Why it was skipped is told exactly already. */}
      {(scan.status.state !== "skipped" || scan.status.detail === null) && (
        <p class="quiet">{scan.status.sentence}</p>
      )}
      <ol class="checks" aria-label="Steps">
        {scan.steps.map((step) => (
          <li class={`tone-${STEP_LOOK[step.state].tone}`}>
            <Icon name={STEP_LOOK[step.state].icon} label={STEP_LOOK[step.state].word} />
            <div>
              <strong>{step.word}</strong> <span class="quiet">{step.sentence}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const STEP_LOOK = {
  done: { icon: "check", tone: "good", word: "done" },
  running: { icon: "scan", tone: "active", word: "running" },
  waiting: { icon: "clock", tone: "waiting", word: "waiting" },
  todo: { icon: "queue", tone: "muted", word: "to come" },
} as const;

function ScanActions(props: { scan: ScanView }) {
  const { scan } = props;
  const back = `/repositories/${scan.repositoryId}`;
  const aim = { "hx-target": "#scan", "hx-swap": "outerMorph" };
  if (scan.openScanId !== null) {
    const action = `/scans/${scan.openScanId}/cancellation`;
    return (
      <div class="row">
        {scan.inLine && <Ask scan={scan} word="Scan next" />}
        <form method="post" action={action} hx-post={`${action}?show=scan`} {...aim}>
          <input type="hidden" name="back" value={back} />
          <button type="submit">Cancel scan</button>
        </form>
      </div>
    );
  }
  return scan.canScan ? <Ask scan={scan} word={scan.failed ? "Try again" : "Rescan"} /> : null;
}

function Ask(props: { scan: ScanView; word: string }) {
  const id = props.scan.repositoryId;
  return (
    <form
      method="post"
      action="/scans"
      hx-post="/scans?show=scan"
      hx-target="#scan"
      hx-swap="outerMorph"
    >
      <input type="hidden" name="repository" value={id} />
      <input type="hidden" name="back" value={`/repositories/${id}`} />
      <button type="submit">
        <Icon name="refresh" /> {props.word}
      </button>
    </form>
  );
}

function Facts(props: { view: RepositoryView }) {
  const { view } = props;
  const last = view.row.lastScan;
  return (
    <section class="card" aria-labelledby="about-title">
      <h2 id="about-title">About</h2>
      <dl class="facts">
        <dt>Default branch</dt>
        <dd>{view.defaultBranch ? <code>{view.defaultBranch}</code> : "unknown"}</dd>
        <dt>Last scanned commit</dt>
        <dd>{last?.commit ? <code>{shortCommit(last.commit)}</code> : "none yet"}</dd>
        <dt>Last scan</dt>
        <dd>{last ? <Ago at={last.at} now={view.now} /> : "never"}</dd>
        <dt>Size in Bitbucket</dt>
        <dd>{view.sizeBytes === null ? "unknown" : formatBytes(view.sizeBytes)}</dd>
        <dt>Language</dt>
        <dd>{view.language || "unknown"}</dd>
        {view.suppressions && (
          <>
            <dt>Suppressed by</dt>
            <dd>
              <code>{view.suppressions.files.join(", ")}</code>:{" "}
              <a href={`/findings?repository=${view.row.id}&state=suppressed`}>
                what they suppress
              </a>
            </dd>
          </>
        )}
        <dt>Last activity</dt>
        <dd>
          {view.updatedAt === null ? "unknown" : <Ago at={view.updatedAt} now={view.now} />}
        </dd>
      </dl>
    </section>
  );
}

function Refs(props: { refs: RepositoryView["refs"] }) {
  const { refs } = props;
  return (
    <section class="card" aria-labelledby="refs-title">
      <h2 id="refs-title">Branches and tags read</h2>
      {refs.count === 0 ? <p class="quiet">None yet: no scan was completed.</p> : (
        <details>
          <summary>{plural(refs.count, "ref")} at the last complete scan</summary>
          <ul class="stack tight plain">
            {refs.shown.map((ref) => (
              <li class="small">
                <Icon name="branch" /> {ref.name} <code class="quiet">{shortCommit(ref.oid)}</code>
              </li>
            ))}
          </ul>
          {refs.count > refs.shown.length && (
            <p class="quiet small">and {formatCount(refs.count - refs.shown.length)} more</p>
          )}
        </details>
      )}
    </section>
  );
}
