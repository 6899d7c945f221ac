/** The closed sets of shown states: each has one word, one icon, one sentence and one tone. */

/** The colour family of a state; never the only sign of it. */
export const TONES = [
  "neutral",
  "active",
  "waiting",
  "good",
  "warning",
  "danger",
  "critical",
  "muted",
] as const;
export type Tone = typeof TONES[number];

/** How a state looks and reads; the same shape for servers, repositories, findings, severities. */
export interface StateWords {
  word: string;
  /** A symbol of `static/icons.svg`. */
  icon: string;
  tone: Tone;
  sentence: string;
}

/** What a code server can be, in the order that asks for attention. */
export const SERVER_STATES = [
  "needs_attention",
  "waiting",
  "discovering",
  "active",
  "paused",
] as const;
export type ServerState = typeof SERVER_STATES[number];

/** The words of each server state. */
export const SERVER_WORDS: Record<ServerState, StateWords> = {
  needs_attention: {
    word: "needs attention",
    icon: "alert",
    tone: "danger",
    sentence: "Work stands still until somebody acts. Everything found so far is kept.",
  },
  waiting: {
    word: "waiting",
    icon: "clock",
    tone: "waiting",
    sentence: "Work goes on by itself when the pause is over.",
  },
  discovering: {
    word: "discovering",
    icon: "radar",
    tone: "active",
    sentence: "Reading the workspace's list of repositories.",
  },
  active: {
    word: "active",
    icon: "check",
    tone: "good",
    sentence: "Connected. New commits and new repositories are picked up.",
  },
  paused: {
    word: "paused",
    icon: "pause",
    tone: "muted",
    sentence: "Nothing is discovered or scanned until somebody resumes it.",
  },
};

/** Why a server needs attention. */
export const ATTENTION_REASONS = [
  "token_rejected",
  "token_expired",
  "scope_missing",
  "workspace_not_found",
  "workspace_closed",
  "unreachable",
  "unreadable",
  "internal",
  "key_mismatch",
] as const;
export type AttentionReason = typeof ATTENTION_REASONS[number];

/** What is wrong, and what to do about it. */
export const ATTENTION_SENTENCES: Record<AttentionReason, string> = {
  token_rejected: "Bitbucket no longer accepts the token. Replace it to go on.",
  token_expired: "The token has expired. Replace it to go on.",
  scope_missing: "The token lacks a scope that scanning needs. Replace it with one that has it.",
  workspace_not_found: "Bitbucket does not know this workspace, or the token cannot see it.",
  workspace_closed:
    "Bitbucket has closed this workspace, as it does with one marked as spam. Ask Atlassian's support.",
  unreachable: "Bitbucket has not answered for some time. We keep trying.",
  unreadable:
    "Bitbucket answers in a form we do not know; a proxy or a sign-in page may stand between. We keep trying.",
  internal: "Something went wrong on our side; the log has more. We keep trying.",
  key_mismatch:
    "The stored token cannot be opened with this installation's SECRET_KEY. Put the old key back, or replace the token.",
};

/** What a repository can be, in the order of the tabs. */
export const REPOSITORY_STATES = [
  "scanning",
  "queued",
  "waiting",
  "failed",
  "findings",
  "partial",
  "outdated",
  "clean",
  "skipped",
  "cancelled",
  "gone",
  "not_selected",
] as const;
export type RepositoryState = typeof REPOSITORY_STATES[number];

/** The words of each repository state. */
export const REPOSITORY_WORDS: Record<RepositoryState, StateWords> = {
  not_selected: {
    word: "not selected",
    icon: "minus",
    tone: "muted",
    sentence: "Outside the server's selection, so it is not scanned.",
  },
  queued: { word: "queued", icon: "queue", tone: "neutral", sentence: "In line for a scan." },
  scanning: {
    word: "scanning",
    icon: "scan",
    tone: "active",
    sentence: "Its history is being read.",
  },
  waiting: {
    word: "waiting",
    icon: "clock",
    tone: "waiting",
    sentence: "The scan goes on by itself when the pause is over.",
  },
  clean: {
    word: "clean",
    icon: "check",
    tone: "good",
    sentence: "The whole history was read; no unresolved finding.",
  },
  findings: {
    word: "findings",
    icon: "key",
    tone: "danger",
    sentence: "The whole history was read; secrets were found.",
  },
  partial: {
    word: "partial",
    icon: "half",
    tone: "warning",
    sentence: "Read in part: what was left out is listed.",
  },
  outdated: {
    word: "outdated",
    icon: "refresh",
    tone: "warning",
    sentence: "There is something newer than the last scan.",
  },
  failed: {
    word: "failed",
    icon: "cross",
    tone: "danger",
    sentence: "The last scan did not end well. Try again.",
  },
  skipped: {
    word: "skipped",
    icon: "skip",
    tone: "muted",
    sentence: "Nothing to scan, or left out by a limit.",
  },
  cancelled: {
    word: "cancelled",
    icon: "stop",
    tone: "muted",
    sentence: "Somebody cancelled the last scan.",
  },
  gone: {
    word: "gone",
    icon: "gone",
    tone: "muted",
    sentence: "No longer in the workspace. Its findings are kept.",
  },
};

/** Repository states in which something will still happen by itself. */
export const OPEN_REPOSITORY_STATES: readonly RepositoryState[] = ["scanning", "queued", "waiting"];

/** Why a repository is outdated; one with newer commits is in line for a scan instead. */
export const OUTDATED_SENTENCE = "The detection rules have changed since the last scan.";

/** What a finding can be. */
export const FINDING_STATES = [
  "open",
  "to_fix",
  "revoked",
  "false_positive",
  "accepted",
  "suppressed",
] as const;
export type FindingState = typeof FINDING_STATES[number];

/** The states that a person may give a finding; `suppressed` comes from a rule or a comment. */
export const TRIAGE_STATES = ["open", "to_fix", "revoked", "false_positive", "accepted"] as const;
export type TriageState = typeof TRIAGE_STATES[number];

/** The words of each finding state. */
export const FINDING_WORDS: Record<FindingState, StateWords> = {
  open: { word: "open", icon: "key", tone: "danger", sentence: "Nobody has judged it yet." },
  to_fix: {
    word: "to fix",
    icon: "wrench",
    tone: "warning",
    sentence: "A real secret; it still has to be revoked.",
  },
  revoked: {
    word: "revoked",
    icon: "check",
    tone: "good",
    sentence: "The secret no longer works.",
  },
  false_positive: {
    word: "false positive",
    icon: "minus",
    tone: "muted",
    sentence: "Not a secret.",
  },
  accepted: {
    word: "accepted",
    icon: "hand",
    tone: "muted",
    sentence: "A real secret whose risk somebody has taken on.",
  },
  suppressed: {
    word: "suppressed",
    icon: "eye-off",
    tone: "muted",
    sentence: "Left out by a rule, a file or a comment in the repository.",
  },
};

/** Severities, worst first. */
export const SEVERITY_ORDER = ["critical", "high", "medium", "low"] as const;
export type SeverityName = typeof SEVERITY_ORDER[number];

/** The words of each severity. */
export const SEVERITY_WORDS: Record<SeverityName, StateWords> = {
  critical: {
    word: "critical",
    icon: "sev-critical",
    tone: "critical",
    sentence: "Opens something important right now.",
  },
  high: {
    word: "high",
    icon: "sev-high",
    tone: "danger",
    sentence: "Very likely a working credential.",
  },
  medium: {
    word: "medium",
    icon: "sev-medium",
    tone: "warning",
    sentence: "Probably a secret, or one of limited reach.",
  },
  low: {
    word: "low",
    icon: "sev-low",
    tone: "neutral",
    sentence: "A weak sign, or a test value.",
  },
};

/** Why a scan or a discovery failed or waits, in words for a person. */
export const REASON_SENTENCES: Record<string, string> = {
  rate_limited: "Bitbucket asked us to wait.",
  unavailable: "Bitbucket did not answer.",
  unauthorized: "The token no longer works. Replace it.",
  forbidden: "The token lacks the right to read this repository.",
  not_found: "We cannot see this repository.",
  closed: "Bitbucket has closed this workspace.",
  too_large: "It is larger than the limits allow.",
  malformed: "Bitbucket answered in a form we do not know.",
  corrupt: "What Bitbucket sent was damaged, also when asked again.",
  disk_full: "The disk that Sluice keeps its data on is full; it goes on once there is room.",
  internal: "Something went wrong on our side.",
};

/** The sentence of a reason; one that we do not know is ours. */
export function reasonSentence(reason: string): string {
  return REASON_SENTENCES[reason] ?? REASON_SENTENCES.internal!;
}

/** Whether `word` is one of a closed set; the only way from a string to its type. */
export function isOneOf<Word extends string>(set: readonly Word[], word: unknown): word is Word {
  return (set as readonly unknown[]).includes(word);
}
