/** How a state looks: word, icon and colour together, with progress and reasons below. */

import { Ago, ClockTime } from "./time.tsx";
import { Icon } from "./icons.tsx";
import { formatBytes, formatCount, formatDuration, percent } from "@/lib/format.ts";
import type { StateWords, Tone } from "@/lib/status.ts";

/** What is known of a scan that runs or waits. */
export interface ProgressView {
  /** "Tip: receiving", "History: reading". */
  step: string;
  done: number;
  /** Null while the whole is not known. */
  total: number | null;
  /** What is counted: "commits", "objects". */
  unit: string;
  /** Received so far; null when nothing was. */
  bytes: number | null;
  /** Last sign of life. */
  beatAt: number | null;
  /** No progress for two minutes; while it waits for Bitbucket, for 20 s. */
  stalled: boolean;
  /** While it waits for Bitbucket: how long a connection may be silent. */
  silenceEndsMs: number | null;
}

/** A state with what the person needs to know besides its word. */
export interface StatusView extends StateWords {
  state: string;
  /** One more sentence: why it failed, what was left out, why it is outdated. */
  detail: string | null;
  /** While waiting: when it goes on. */
  until: number | null;
  progress: ProgressView | null;
}

/** How many unresolved findings there are of each severity. */
export interface SeverityCounts {
  critical: number;
  high: number;
  medium: number;
  low: number;
}

/** One word with its icon on its colour. */
export function StateBadge(props: { words: StateWords }) {
  const { words } = props;
  return (
    <span class={`badge tone-${words.tone}`} title={words.sentence}>
      <Icon name={words.icon} turning={words.icon === "radar"} />
      {words.word}
    </span>
  );
}

/** A repository's or server's state with progress, reason and time. */
export function ScanStatus(props: { status: StatusView; now: number; label: string }) {
  const { status } = props;
  return (
    <div class="status">
      <StateBadge words={status} />
      {status.progress && (
        <ScanProgress progress={status.progress} now={props.now} label={props.label} />
      )}
      {status.until !== null && (
        <span class="detail">
          until <ClockTime at={status.until} />
        </span>
      )}
      {status.detail && <span class="detail">{status.detail}</span>}
    </div>
  );
}

/** A bar with its figures in words; without a known whole the bar only shows that something moves. */
export function ScanProgress(props: { progress: ProgressView; now: number; label: string }) {
  const { progress } = props;
  const figures = [
    progress.total !== null
      ? `${formatCount(progress.done)} of ${formatCount(progress.total)} ${progress.unit}`
      : progress.done > 0
      ? `${formatCount(progress.done)} ${progress.unit}`
      : null,
    progress.bytes ? formatBytes(progress.bytes) : null,
  ].filter((figure) => figure !== null).join(", ");
  return (
    <>
      <ProgressBar done={progress.done} total={progress.total} label={`${props.label}: progress`} />
      <span class="detail num">
        {progress.step} {figures}
      </span>
      {progress.beatAt !== null && (
        progress.stalled
          ? (
            <span class="detail stalled">
              <Icon name="alert" /> No progress for {formatDuration(props.now - progress.beatAt)}
              {progress.silenceEndsMs !== null &&
                `; a connection that stays silent ends after ${
                  formatDuration(progress.silenceEndsMs)
                } and is tried again`}
            </span>
          )
          : (
            <span class="detail">
              last sign of life <Ago at={progress.beatAt} now={props.now} />
            </span>
          )
      )}
    </>
  );
}

/** A native progress bar, which needs no style from script. */
export function ProgressBar(
  props: { done: number; total: number | null; label: string; big?: boolean; look?: string },
) {
  const look = [props.big ? "big" : "", props.look ?? ""].join(" ").trim();
  return props.total === null
    ? <progress class={look || undefined} aria-label={props.label}></progress>
    : (
      <progress
        class={look || undefined}
        aria-label={props.label}
        max={100}
        value={percent(props.done, props.total)}
      >
        {percent(props.done, props.total)} %
      </progress>
    );
}

const SEVERITY_LOOK: readonly { name: keyof SeverityCounts; tone: Tone }[] = [
  { name: "critical", tone: "critical" },
  { name: "high", tone: "danger" },
  { name: "medium", tone: "warning" },
  { name: "low", tone: "neutral" },
];

/** Unresolved findings by severity; a dash before the first scan, "none" when there are none. */
export function Severities(props: { counts: SeverityCounts | null; words?: boolean }) {
  const { counts } = props;
  if (counts === null) return <span class="quiet" aria-label="not scanned yet" role="img">–</span>;
  const shown = SEVERITY_LOOK.filter((one) => counts[one.name] > 0);
  if (shown.length === 0) return <span class="quiet">none</span>;
  return (
    <ul class="severities">
      {shown.map((one) => (
        <li class={`tone-${one.tone}`} title={`${formatCount(counts[one.name])} ${one.name}`}>
          <Icon name={`sev-${one.name}`} />
          {formatCount(counts[one.name])}{" "}
          {props.words ? one.name : <span class="visually-hidden">{one.name}</span>}
        </li>
      ))}
    </ul>
  );
}
