/** From a repository's row and its newest scan to what the pages show. */

import type { PastScanView } from "@/components/past_scans.tsx";
import type { StepView } from "@/components/repository_page.tsx";
import type { RepositoryRowView } from "@/components/repository_row.tsx";
import type { ProgressView, StatusView } from "@/components/scan_status.tsx";
import { formatDate } from "@/lib/format.ts";
import { GIT_SILENCE_SECONDS } from "@/lib/http.ts";
import {
  isOneOf,
  OUTDATED_SENTENCE,
  reasonSentence,
  REPOSITORY_STATES,
  REPOSITORY_WORDS,
  type RepositoryState,
  type StateWords,
} from "@/lib/status.ts";
import { LIGHT_BYTES } from "@/lib/store/job_moves.ts";
import type { RepositoryRow, ScanRow } from "@/lib/store/repositories.ts";

/** A reading that showed no progress for so long is flagged, well before it is stopped. */
const STALLED_MS = 2 * 60_000;

/** One that waits for Bitbucket sooner: with half a minute to the next look, before it ends. */
const SILENT_MS = 20_000;

const WAITING_PHASES = ["connecting", "fetching"];

/** A row of the list. */
export function rowView(row: RepositoryRow, now: number): RepositoryRowView {
  const open = row.scan !== null && ["queued", "running"].includes(row.scan.state);
  return {
    id: row.id,
    fullName: row.fullName,
    projectName: row.projectName,
    isPrivate: row.isPrivate,
    server: { id: row.serverId, name: row.serverName },
    status: repositoryStatus(row, now),
    findings: row.scannedAt > 0 || row.critical + row.high + row.medium + row.low > 0
      ? { critical: row.critical, high: row.high, medium: row.medium, low: row.low }
      : null,
    lastScan: row.scannedAt > 0 ? { at: row.scannedAt, commit: row.scannedCommit } : null,
    openScanId: open ? row.scan!.id : null,
    inLine: row.state === "queued" && row.scan !== null && row.scan.requestedBy !== "person",
    canScan: !open && row.goneAt === null && row.selected,
    failed: row.state === "failed",
  };
}

/** The shown state with its reason, its end of waiting, and its progress. */
export function repositoryStatus(row: RepositoryRow, now: number): StatusView {
  const state = toState(row.state);
  const scan = row.scan;
  return {
    state,
    ...REPOSITORY_WORDS[state],
    detail: scan === null ? goneDetail(row) : stateDetail(state, row, scan),
    until: state === "waiting" && scan ? scan.runAt : null,
    progress: state === "scanning" && scan ? progressView(scan, now) : null,
  };
}

function stateDetail(state: RepositoryState, row: RepositoryRow, scan: ScanRow): string | null {
  switch (state) {
    case "queued":
      return tipRead(row, scan) ? "Tip read; its history is next." : null;
    case "waiting":
      return scan.waitReason && reasonSentence(scan.waitReason);
    case "failed":
      return scan.failureReason && reasonSentence(scan.failureReason);
    case "partial":
    case "skipped":
      return scan.leftOut.join(" ") || null;
    case "outdated":
      return OUTDATED_SENTENCE;
    default:
      return goneDetail(row);
  }
}

/** Whether the first scan is past its tip: a large repository's begins there, a small one's does not. */
function tipRead(row: RepositoryRow, scan: ScanRow): boolean {
  return row.scannedAt === 0 && scan.step === "history" && (row.sizeBytes ?? 0) > LIGHT_BYTES;
}

function goneDetail(row: RepositoryRow): string | null {
  return row.goneAt === null ? null : `Since ${formatDate(row.goneAt)}.`;
}

function progressView(scan: ScanRow, now: number): ProgressView {
  const figure = (name: string) => {
    const value = scan.progress?.[name];
    return typeof value === "number" ? value : null;
  };
  const total = figure("objectsTotal");
  const phase = String(scan.progress?.phase ?? "connecting");
  const beatAt = scan.beatAt ?? scan.startedAt;
  const waits = WAITING_PHASES.includes(phase);
  return {
    step: `${scan.step === "tip" ? "Tip" : "History"}: ${PHASE_WORDS[phase] ?? phase}`,
    done: figure("objectsDone") ?? 0,
    total: phase === "reading" ? total : null,
    unit: "objects",
    bytes: figure("packBytes"),
    beatAt,
    stalled: beatAt !== null && now - beatAt > (waits ? SILENT_MS : STALLED_MS),
    silenceEndsMs: waits ? GIT_SILENCE_SECONDS * 1000 : null,
  };
}

const PHASE_WORDS: Record<string, string> = {
  connecting: "connecting",
  fetching: "receiving",
  reading: "reading",
  attributing: "looking up who brought it in",
};

/** The steps of the newest scan, as far as they have come. */
export function stepViews(scan: ScanRow | null): StepView[] {
  const current = scan?.state === "queued" ? "waiting" : "running";
  const open = scan !== null && ["queued", "running"].includes(scan.state);
  const passedTip = scan !== null && scan.step !== "tip";
  return [
    {
      word: "Tip",
      sentence: "what the default branch shows today",
      state: passedTip ? "done" : open ? current : "todo",
    },
    {
      word: "History",
      sentence: scan?.progress?.fellBackToFull === true
        ? "all branches and tags. The history was rewritten: more than what is new had to be read."
        : "all branches and tags",
      state: scan?.state === "succeeded" ? "done" : open && passedTip ? current : "todo",
    },
  ];
}

const REQUESTED_BY: Record<string, string> = {
  wizard: "the wizard",
  selection: "the selection",
  person: "a person",
  schedule: "a discovery that saw new commits",
  webhook: "a push",
  discovery: "the discovery that found it",
  rules: "new rules",
};

/** A line in the history of scans. */
export function pastScanView(scan: ScanRow): PastScanView {
  const figure = (name: string) => {
    const value = scan.progress?.[name];
    return typeof value === "number" ? value : null;
  };
  return {
    id: scan.id,
    words: scanWords(scan),
    requestedBy: REQUESTED_BY[scan.requestedBy] ?? scan.requestedBy,
    startedAt: scan.startedAt,
    durationMs: scan.startedAt !== null && scan.finishedAt !== null
      ? scan.finishedAt - scan.startedAt
      : null,
    commits: figure("commits"),
    packBytes: figure("packBytes"),
    sentences: scan.failureReason ? [reasonSentence(scan.failureReason)] : scan.leftOut,
    detail: scan.failureDetail,
  };
}

/** How one scan went, whatever became of the repository since. */
function scanWords(scan: ScanRow): StateWords {
  if (scan.state === "running") return REPOSITORY_WORDS.scanning;
  if (scan.state === "queued") {
    return scan.waitReason === null ? REPOSITORY_WORDS.queued : REPOSITORY_WORDS.waiting;
  }
  if (scan.state === "failed") return REPOSITORY_WORDS.failed;
  if (scan.state === "cancelled") return REPOSITORY_WORDS.cancelled;
  if (scan.result === "partial") return REPOSITORY_WORDS.partial;
  if (scan.result === "skipped") return REPOSITORY_WORDS.skipped;
  return {
    word: "complete",
    icon: "check",
    tone: "good",
    sentence: "Everything that it was to read was read.",
  };
}

/** The word of the database; one that this version does not know is shown as queued. */
function toState(word: string): RepositoryState {
  return isOneOf(REPOSITORY_STATES, word) ? word : "queued";
}
