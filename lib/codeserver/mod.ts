/** What Sluice asks of a code server, and nothing more; one folder beside this file per type. */

import type { Clock } from "@/lib/clock.ts";
import type { RemoteReason } from "@/lib/errors.ts";

export interface CallOptions {
  signal?: AbortSignal;
}

/** The kinds of credential that Bitbucket Cloud knows; the git user follows from the kind. */
export const CREDENTIAL_KINDS = ["api_token", "access_token", "oauth"] as const;
export type CredentialKind = typeof CREDENTIAL_KINDS[number];

/** A credential in clear: lives in memory only; at rest it is sealed. */
export interface Credential {
  kind: CredentialKind;
  /** The account's e-mail for an API token, else null. */
  user: string | null;
  secret: string;
}

/** One line of the pre-flight list. */
export interface AccessCheck {
  id: "workspace" | "credential" | "scopes" | "rest" | "git" | "repositories";
  state: "passed" | "warning" | "failed" | "skipped";
  /** One plain sentence for the person, with what to do next when it failed. */
  sentence: string;
  /** Why it failed, where a call to the server did. */
  reason?: RemoteReason;
  /** The rights that are missing, as the server names them. */
  missingScopes?: readonly string[];
}

/** The outcome of the pre-flight: usable only when no check failed. */
export interface Access {
  ok: boolean;
  checks: AccessCheck[];
  workspace: { slug: string; uuid: string; name: string } | null;
  /** As the server reports it, for example `workspace_access_token`; null when unknown. */
  credentialType: string | null;
  /** How many repositories the credential can list; null when the count failed. */
  repositoryCount: number | null;
  /** Other workspaces that the credential sees, for the wizard's checkboxes. */
  otherWorkspaces: { slug: string; uuid: string }[];
}

/** One repository as a code server lists it; `uuid` is its identity. */
export interface RemoteRepository {
  uuid: string;
  slug: string;
  /** `workspace/slug`. */
  fullName: string;
  name: string;
  projectKey: string | null;
  projectName: string | null;
  isPrivate: boolean;
  sizeBytes: number | null;
  language: string | null;
  defaultBranch: string | null;
  createdAt: number | null;
  updatedAt: number | null;
  htmlUrl: string;
}

/** An opaque string that only the driver understands; it survives a restart. */
export type Cursor = string;

export interface Page<Item> {
  items: Item[];
  /** The workspace's ID, where it was found under another than the one asked for. */
  workspace?: string;
  /** Rows beside them that could not be read; none where it is left out. */
  unreadable?: number;
  /** How many the server says there are in all; null when it does not say. */
  total: number | null;
  /** Null on the last page. */
  next: Cursor | null;
}

/** Where and as whom git fetches. */
export interface GitRemote {
  url: string;
  user: string;
  password: string;
}

/** A line that a person wants to see. */
export interface Place {
  fullName: string;
  commit: string;
  path: string;
  line: number;
}

/** A branch or tag that a push moved; `null` where it was created or deleted. */
export interface RefChange {
  /** The full name, such as `refs/heads/main`. */
  ref: string;
  before: string | null;
  after: string | null;
}

/** What a webhook says has happened in one repository. */
export interface Push {
  repository: { uuid: string; fullName: string };
  /** Empty where the server told of a push without saying what moved. */
  changes: RefChange[];
}

/** How a code server tells of a push by itself. */
export interface Webhooks {
  /** Whether the body, byte for byte as it came, is signed with `secret`; takes constant time. */
  verify(rawBody: Uint8Array<ArrayBuffer>, headers: Headers, secret: string): Promise<boolean>;
  /** The push in a verified body; null when it tells of something else or cannot be read. */
  parsePush(rawBody: Uint8Array<ArrayBuffer>, headers: Headers): Push | null;
  /** Identifies one delivery, for dropping repeats; null when the server does not say. */
  deliveryId(headers: Headers): string | null;
  /** Subscribes `url` to the pushes of the workspace. `secret` has at most 128 characters. */
  create(hook: { url: string; secret: string }, options?: CallOptions): Promise<{ id: string }>;
  /** Ends a subscription; one that is gone already is no error. */
  remove(id: string, options?: CallOptions): Promise<void>;
}

/** Throws `RemoteError` only, except that a call cancelled by its signal rejects with its reason. */
export interface CodeServer {
  /** Proves the credential by REST and by git; `onCheck` gets each line as it is known. */
  checkAccess(options?: CallOptions & { onCheck?: (check: AccessCheck) => void }): Promise<Access>;
  /** One page in a stable order. No `next` on the last. A page may repeat a repository. */
  listRepositories(
    cursor: Cursor | null,
    options?: CallOptions,
  ): Promise<Page<RemoteRepository>>;
  /** How git reaches a repository. */
  gitRemote(
    repository: { uuid: string; fullName: string },
    options?: CallOptions,
  ): Promise<GitRemote>;
  /** The address of a line at a commit; null where the path is not whole, or would lead elsewhere. */
  lineUrl(place: Place): string | null;
  /** The address of a commit. */
  commitUrl(place: { fullName: string; commit: string }): string;
  readonly webhooks: Webhooks;
}

/** What a driver tells whoever counts its REST calls, after each answer. */
export interface RestCall {
  /** HTTP status, or 0 when there was no answer. */
  status: number;
  /** Allowance and what is left in the hour, where the answer's headers said so. */
  limit: number | null;
  remaining: number | null;
}

/** What a driver needs to open one workspace. */
export interface OpenOptions {
  workspace: string;
  /** By which a workspace is found again whose ID was changed. */
  workspaceUuid?: string;
  credential: Credential;
  apiUrl: string;
  gitUrl: string;
  /** Called before each REST call; throws `RemoteError("rate_limited")` when the budget is spent. */
  beforeCall?: () => void | Promise<void>;
  afterCall?: (call: RestCall) => void | Promise<void>;
  /** Until an answer's headers are there, and between two pieces of its body (30 s). */
  timeoutMs?: number;
  /** Lists the refs of one repository, or throws; given by who knows git, for `checkAccess`. */
  probeGit?: (remote: GitRemote, options: CallOptions) => Promise<void>;
  fetch?: typeof fetch;
  clock?: Clock;
}
