/** How a code server stands: discovery with its proof, scans with an estimate, rate budget. */

import { Notice } from "./notices.tsx";
import type { WebhookView } from "./webhook_page.tsx";
import {
  ProgressBar,
  ScanStatus,
  Severities,
  type SeverityCounts,
  StateBadge,
  type StatusView,
} from "./scan_status.tsx";
import { Ago, ClockTime } from "./time.tsx";
import { formatBytes, formatCount, formatDuration, formatTook, plural } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** The present or last discovery. */
export interface DiscoveryView {
  state: "never" | "queued" | "running" | "complete" | "incomplete" | "failed" | "cancelled";
  found: number;
  /** What the server says it has; null when it does not say. */
  reported: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** Why it failed or waits. */
  sentence: string | null;
  /** Whether another is asked for that has not begun. */
  nextQueued: boolean;
}

/** How far a server's first or next scans have come, and when they may end. */
export interface TotalsView {
  states: readonly { words: StateWords; count: number; href: string }[];
  selected: number;
  /** Selected repositories whose newest scan is over. */
  done: number;
  /** Open scans that do not run. */
  waiting: number;
  findings: SeverityCounts;
  estimate: { leftMs: number; basis: string } | null;
  /** Once no scan is open. */
  summary: SummaryView | null;
}

/** What the scans came to, and what was not read whole. */
export interface SummaryView {
  commits: number | null;
  scannedBytes: number | null;
  leftOut: readonly { id: string; fullName: string; words: StateWords; sentence: string }[];
}

/** What the server's page shows and polls for. */
export interface ServerView {
  id: string;
  name: string;
  workspace: string;
  type: string;
  htmlUrl: string;
  status: StatusView;
  attention: { sentence: string; detail: string | null } | null;
  paused: boolean;
  discovery: DiscoveryView;
  budget: {
    used: number;
    limit: number;
    pausedUntil: number | null;
    gitPausedUntil: number | null;
  };
  totals: TotalsView;
  selection: { sentence: string; patterns: readonly string[] };
  token: { kind: string; user: string | null; expiresAt: number | null };
  webhook: WebhookView;
  everySeconds: number | null;
  tag: string;
  now: number;
}

/** The fragment of `/servers/:id/status`: polls only while something moves. */
export function ServerStatus(props: { view: ServerView }) {
  const { view } = props;
  const polling = view.everySeconds === null ? {} : {
    "hx-get": `/servers/${view.id}/status`,
    "hx-trigger": `every ${view.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": view.tag,
  };
  return (
    <div id="server-status" class="stack" {...polling}>
      <div class="row spread">
        <ScanStatus status={view.status} now={view.now} label={view.name} />
        <span class={view.everySeconds === null ? "live-line" : "live-line on"} data-live>
          <span class="dot"></span>
          <span class="live-word">{restWord(view)}</span>
          <span class="not-live" role="status" data-not-live hidden></span>
        </span>
      </div>
      {view.attention && (
        <Notice tone="danger" title={view.attention.sentence}>
          {view.attention.detail && <p>{view.attention.detail}</p>}
          <p>
            <a href={`/servers/${view.id}/token`}>Replace the token</a>
          </p>
        </Notice>
      )}
      <Discovery discovery={view.discovery} now={view.now} />
      <Totals view={view} />
      <Budget view={view} />
    </div>
  );
}

function restWord(view: ServerView): string {
  if (view.everySeconds !== null) return "Live";
  return view.paused ? "Paused" : "Up to date";
}

function Discovery(props: { discovery: DiscoveryView; now: number }) {
  const { discovery } = props;
  const moving = discovery.state === "running" || discovery.state === "queued";
  return (
    <section class="card" aria-labelledby="discovery-title">
      <h2 id="discovery-title">Discovery</h2>
      {discovery.state !== "never" && (
        <>
          <ProgressBar
            big
            label="Repositories found"
            done={discovery.found}
            total={discovery.reported}
            look={discovery.state === "complete" ? "done" : ""}
          />
          <p>
            <strong class="num">{proof(discovery)}</strong>
          </p>
        </>
      )}
      <p class="quiet">
        {DISCOVERY_SENTENCES[discovery.state]}
        {discovery.sentence && ` ${discovery.sentence}`}
        {discovery.finishedAt !== null
          ? (
            <>
              {" "}Ended <Ago at={discovery.finishedAt} now={props.now} />
              {discovery.startedAt !== null &&
                `, took ${formatTook(discovery.finishedAt - discovery.startedAt)}`}.
            </>
          )
          : moving && discovery.startedAt !== null && (
            <>
              {" "}Began <Ago at={discovery.startedAt} now={props.now} />.
            </>
          )}
        {discovery.nextQueued && " The next one is queued."}
      </p>
    </section>
  );
}

const DISCOVERY_SENTENCES: Record<DiscoveryView["state"], string> = {
  never: "The workspace's list has not been read yet.",
  queued: "Queued.",
  running: "Reading the workspace's list, page by page.",
  complete: "Nothing is missing: every page was read to the end.",
  incomplete: "Fewer were listed than Bitbucket reports, so nothing was marked as gone.",
  failed: "The last pass did not reach the end, so nothing was marked as gone.",
  cancelled: "The last pass was cancelled.",
};

function proof(discovery: DiscoveryView): string {
  return discovery.reported === null
    ? `Found ${plural(discovery.found, "repository", "repositories")}`
    : `Found ${formatCount(discovery.found)} of ${
      formatCount(discovery.reported)
    } that Bitbucket reports`;
}

const WAITS = " · waits: the server is paused";

function Totals(props: { view: ServerView }) {
  const { totals } = props.view;
  return (
    <section class="card" aria-labelledby="totals-title">
      <div class="card-head">
        <h2 id="totals-title">Scans</h2>
        <Severities counts={totals.findings} words />
      </div>
      <ProgressBar
        big
        label="Repositories scanned"
        done={totals.done}
        total={totals.selected}
        look={totals.selected > 0 && totals.done >= totals.selected ? "done" : ""}
      />
      <p class="num">
        <strong>
          {formatCount(totals.done)} of {plural(totals.selected, "repository", "repositories")}{" "}
          scanned
        </strong>
        {props.view.paused && totals.waiting > 0 && <span class="quiet">{WAITS}</span>}
        {totals.estimate && (
          <span class="quiet">
            {` · about ${formatDuration(totals.estimate.leftMs)} left, ${totals.estimate.basis}`}
          </span>
        )}
      </p>
      {totals.summary && <Summary summary={totals.summary} selected={totals.selected} />}
      <ul class="row plain">
        {totals.states.map((one) => (
          <li>
            <a href={one.href} class="badge-link">
              <StateBadge words={one.words} /> <span class="num">{formatCount(one.count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Summary(props: { summary: SummaryView; selected: number }) {
  const { summary } = props;
  const figures = [
    plural(props.selected, "repository", "repositories"),
    summary.commits === null ? null : plural(summary.commits, "commit"),
    summary.scannedBytes === null ? null : `${formatBytes(summary.scannedBytes)} of text`,
  ].filter((figure) => figure !== null);
  return (
    <div class="stack tight">
      <p>All scans are over: {figures.join(", ")} read.</p>
      {summary.leftOut.length > 0 && (
        <details>
          <summary>Not read whole, and why</summary>
          <ul class="stack tight plain">
            {summary.leftOut.map((one) => (
              <li class="small">
                <StateBadge words={one.words} />{" "}
                <a href={`/repositories/${one.id}`}>{one.fullName}</a> {one.sentence}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Budget(props: { view: ServerView }) {
  const { budget } = props.view;
  return (
    <section class="card" aria-labelledby="budget-title">
      <h2 id="budget-title">Rate budget</h2>
      <ProgressBar
        big
        label="REST calls used this hour"
        done={budget.used}
        total={budget.limit}
        look={budget.used > budget.limit * 0.8 ? "tight-budget" : ""}
      />
      <p class="num">
        {formatCount(budget.used)} of {formatCount(budget.limit)} REST calls this hour
        {budget.pausedUntil !== null && (
          <>
            ; paused until <ClockTime at={budget.pausedUntil} />
          </>
        )}
      </p>
      {budget.gitPausedUntil !== null && (
        <p>
          Bitbucket limits git as well: scans go on at <ClockTime at={budget.gitPausedUntil} />.
        </p>
      )}
      <p class="quiet small">
        The list is read by REST; contents come by git, which has a budget of its own.
      </p>
    </section>
  );
}
