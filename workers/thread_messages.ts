/** What the main thread and a scan thread say to each other: data only, one tagged union each way. */

import type { CustomRuleInput } from "@/lib/detect/mod.ts";
import type { RemoteErrorDetails, RemoteReason } from "@/lib/errors.ts";
import type { SuppressionEntries } from "@/lib/suppression.ts";

/** One reading of one repository, complete in itself. */
export interface ReadRequest {
  /** Our own id of the repository: it parts files of one path in several (the remote's URL). */
  repository?: string;
  remote: { url: string; user: string; password: string };
  /** `tip`: the default branch's newest commit alone; `history`: all branches and tags. */
  mode: "tip" | "history";
  /** Ref tips of the last complete scan; empty reads everything. */
  haves: readonly string[];
  /**
   * Where secrets stood at the last scan, for a reading with `haves`: which of these places the
   * default branch's newest commit still holds is looked up when that commit is another.
   */
  known?: {
    headCommit: string | null;
    /** `isContent`: what stood there was in the file, so that its name says nothing more. */
    places: readonly { path: string; blob: string; isContent?: boolean; atTip?: boolean }[];
  };
  /**
   * Reads only the next piece of the history: so many commits above those newest ones, each with
   * all of its files, or only with those that pieces before did not have. `graph`: what these
   * learned of the commits.
   */
  slice?: {
    frontier: readonly string[];
    commits: number;
    files: "all" | "changes";
    graph: readonly Uint8Array[];
  };
  limits: ReadLimits;
  fingerprintKey: Uint8Array;
  /** Rules that admins wrote, beside the built-in ones. */
  customRules?: readonly CustomRuleInput[];
  /** Ids of the files that suppress, as they were read last: they are read when these are others. */
  suppressionFiles?: readonly TipFile[];
  /** Folder for packs above `limits.memoryBytes`; null keeps everything in memory. */
  spoolDir: string | null;
}

/** A file in the root of the default branch's newest commit. */
export interface TipFile {
  name: string;
  oid: string;
}

/** What the files that suppress say. */
export interface FoundSuppressions {
  files: readonly TipFile[];
  entries: SuppressionEntries;
  /** Sentences on what of them is not understood. */
  problems: readonly string[];
}

/** Each is counted while streaming; crossing one ends in `partial` or `skipped`, never in a crash. */
export interface ReadLimits {
  packBytes: number;
  /** Above it a pack goes to a temporary file. */
  memoryBytes: number;
  /** A larger blob is left out, and counted. */
  blobBytes: number;
  objects: number;
  inflatedBytes: number;
  deltaDepth: number;
  treeDepth: number;
  /** Seconds without a byte before the remote counts as `unavailable`. */
  idleSeconds: number;
}

/** How far a reading has come; sent at most once a second. */
export interface ReadProgress {
  phase: "connecting" | "fetching" | "reading" | "attributing";
  packBytes: number;
  objectsDone: number;
  objectsTotal: number | null;
  commits: number;
  blobs: number;
  findings: number;
}

/** Where a secret stands: the first commit that brought this blob to this path. */
export interface FoundOccurrence {
  commit: string;
  path: string;
  line: number;
  column: number;
  blob: string;
  authorName: string | null;
  authorEmail: string | null;
  /** Author date, milliseconds since the epoch; null when it cannot be read. */
  date: number | null;
  /** Whether the default branch's newest commit carries this blob at this path. */
  atTip: boolean;
  /** The inline comment that suppresses it here, or null. */
  suppressedBy: string | null;
}

/** One secret in the repository, grouped by rule and fingerprint, sent once a reading. */
export interface FoundSecret {
  ruleId: string;
  severity: "critical" | "high" | "medium" | "low";
  confidence: "high" | "medium" | "low";
  /** Masked; the secret itself never leaves the thread. */
  preview: string;
  /** Hex of HMAC-SHA256 of the secret. */
  fingerprint: string;
  reasons: readonly string[];
  pathKind: string;
  atTip: boolean;
  /** Oldest first, at most 500; `occurrenceCount` has the number met by this reading. */
  occurrences: readonly FoundOccurrence[];
  occurrenceCount: number;
  /** Which suppression applied, such as an inline comment; null when none did. */
  suppressedBy: string | null;
}

/** What a finished reading knows. */
export interface ReadResult {
  refs: readonly { name: string; oid: string }[];
  defaultBranch: string | null;
  /** The newest commit of the default branch; null in an empty repository. */
  headCommit: string | null;
  commits: number;
  blobs: number;
  /** Left out because binary or larger than the limit. */
  binaryBlobs: number;
  largeBlobs: number;
  objects: number;
  packBytes: number;
  inflatedBytes: number;
  scannedBytes: number;
  /** Plain sentences with figures on what was left out; empty when complete. */
  leftOut: readonly string[];
  /** True when the server no longer knew some `haves`, so that more than what is new was read. */
  fellBackToFull: boolean;
  gitRequests: number;
  rulesVersion: string;
  /** One answer for each of the request's known places; null when nothing was looked up. */
  knownAtTip: readonly boolean[] | null;
  /** Whether what stood at the tip stands there elsewhere now, and nowhere where it was known. */
  movedAtTip: boolean;
  /** What suppresses in this repository; null when it is as the request said. */
  suppressions: FoundSuppressions | null;
  /** Of a reading by slices: the newest commits read so far, how many, and of how many. */
  slice: { frontier: readonly string[]; done: number; total: number } | null;
  /** What a reading by slices learned of the commits instead of reading any, to be kept. */
  learned: readonly Uint8Array[] | null;
}

/** From the main thread. */
export type ToThread =
  | { type: "read"; id: number; request: ReadRequest }
  | { type: "next"; id: number }
  | { type: "stop"; id: number };

/** From a scan thread. A batch is made only after `next`: that is the back-pressure. */
export type FromThread =
  | { type: "progress"; id: number; progress: ReadProgress }
  | { type: "batch"; id: number; secrets: readonly FoundSecret[] }
  | { type: "done"; id: number; result: ReadResult }
  | {
    type: "failed";
    id: number;
    reason: RemoteReason | "internal";
    message: string;
    details: RemoteErrorDetails;
  };
