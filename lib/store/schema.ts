/**
 * Every table, as drizzle and drizzle-kit read it. Times are milliseconds since the epoch.
 *
 * The mirrored columns (`scanState` and the like) and all counts are kept by triggers in
 * `migrations/`, and the shown states are generated columns: no caller can forget to update them,
 * and a tab's count or a page of one state never reads more rows than it shows.
 */

import { sql } from "drizzle-orm";
import {
  blob,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

const id = () => text("id").primaryKey();
const at = (name: string) => integer(name);
const flag = (name: string) => integer(name, { mode: "boolean" });
const count = (name: string) => integer(name).notNull().default(0);

/** One row, `change`: raised by every change that a page may show; rows carry the number as `version`. */
export const changeNumbers = sqliteTable("change_numbers", {
  name: text("name").primaryKey(),
  value: integer("value").notNull(),
});

/** Small facts of the instance, such as the setup token's hash. */
export const settings = sqliteTable("settings", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

export const users = sqliteTable("users", {
  id: id(),
  email: text("email").notNull(),
  /** `scrypt$N$r$p$salt$hash`, so that a change of parameters rehashes at the next sign-in. */
  passwordHash: text("password_hash").notNull(),
  role: text("role", { enum: ["admin", "viewer"] }).notNull(),
  createdAt: at("created_at").notNull(),
  /** Who the OpenID provider says this is; both set or none. */
  oidcIssuer: text("oidc_issuer"),
  oidcSubject: text("oidc_subject"),
}, (t) => [
  uniqueIndex("users_email").on(sql`lower(${t.email})`),
  uniqueIndex("users_oidc").on(t.oidcIssuer, t.oidcSubject),
  check("users_role", sql`${t.role} in ('admin', 'viewer')`),
]);

export const sessions = sqliteTable("sessions", {
  /** SHA-256 of the cookie's value. */
  idHash: text("id_hash").primaryKey(),
  userId: text("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  createdAt: at("created_at").notNull(),
  seenAt: at("seen_at").notNull(),
  expiresAt: at("expires_at").notNull(),
  /** How it began: `password`, `password and code`, `single sign-on`, or the link used. */
  via: text("via").notNull().default("password"),
  address: text("address"),
  /** The browser and system in a few words. */
  device: text("device"),
  /** When its owner last proved who they are: by a password, or freshly at the provider. */
  provenAt: at("proven_at").notNull().default(0),
}, (t) => [index("sessions_user").on(t.userId)]);

/** The one-time password of a user; takes part in signing in once it is confirmed. */
export const secondFactors = sqliteTable("second_factors", {
  userId: text("user_id").primaryKey().references(() => users.id, { onDelete: "cascade" }),
  /** Sealed to `second_factors:` and the user's id. */
  sealedSecret: text("sealed_secret").notNull(),
  createdAt: at("created_at").notNull(),
  confirmedAt: at("confirmed_at"),
  /** The time step of the last code taken: no code is taken twice. */
  lastStep: integer("last_step").notNull().default(0),
});

/** Codes for who lost the device of the second factor; a row goes when it is used. */
export const recoveryCodes = sqliteTable("recovery_codes", {
  /** SHA-256 of 120 random bits. */
  codeHash: text("code_hash").primaryKey(),
  userId: text("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
}, (t) => [index("recovery_codes_user").on(t.userId)]);

/** Browsers that a user signed in with before: guessing elsewhere does not slow them. */
export const knownDevices = sqliteTable("known_devices", {
  /** SHA-256 of the cookie's value. */
  tokenHash: text("token_hash").primaryKey(),
  userId: text("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  expiresAt: at("expires_at").notNull(),
}, (t) => [index("known_devices_user").on(t.userId)]);

/** Links and half-way sign-ins that work once: the row goes when it is used. */
export const oneTimeTokens = sqliteTable("one_time_tokens", {
  /** SHA-256 of the token. */
  tokenHash: text("token_hash").primaryKey(),
  kind: text("kind", { enum: ["invitation", "reset", "second_factor", "sso"] }).notNull(),
  /** Whose password is reset, or who has given the password already. */
  userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
  email: text("email"),
  role: text("role", { enum: ["admin", "viewer"] }),
  /** Where to go on after signing in. */
  next: text("next"),
  createdBy: text("created_by"),
  createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at").notNull(),
}, (t) => [
  index("one_time_tokens_expires").on(t.expiresAt),
  check("one_time_tokens_kind", sql`${t.kind} in ('invitation', 'reset', 'second_factor', 'sso')`),
]);

/** Failed sign-ins per account and per address, for throttling. */
export const signInFailures = sqliteTable("sign_in_failures", {
  subject: text("subject").primaryKey(),
  failures: integer("failures").notNull(),
  lastAt: at("last_at").notNull(),
});

/** A wizard in progress; the token is sealed to this row. */
export const drafts = sqliteTable("drafts", {
  id: id(),
  userId: text("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  type: text("type", { enum: ["bitbucket_cloud"] }),
  /** JSON array of workspace ids, as entered. */
  workspaces: text("workspaces").notNull().default("[]"),
  credentialKind: text("credential_kind", { enum: ["api_token", "access_token", "oauth"] }),
  credentialUser: text("credential_user"),
  sealedSecret: text("sealed_secret"),
  tokenExpiresAt: at("token_expires_at"),
  /** JSON: the pre-flight list of each workspace. */
  access: text("access").notNull().default("[]"),
  createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at").notNull(),
}, (t) => [index("drafts_user").on(t.userId), index("drafts_expiry").on(t.expiresAt)]);

export const servers = sqliteTable("servers", {
  id: id(),
  /** Set while the wizard is open: the server is discovered, but not yet shown or scanned. */
  draftId: text("draft_id").references(() => drafts.id, { onDelete: "cascade" }),
  type: text("type", { enum: ["bitbucket_cloud"] }).notNull(),
  workspace: text("workspace").notNull(),
  workspaceUuid: text("workspace_uuid").notNull(),
  name: text("name").notNull(),
  credentialKind: text("credential_kind", { enum: ["api_token", "access_token", "oauth"] })
    .notNull(),
  credentialUser: text("credential_user"),
  sealedSecret: text("sealed_secret").notNull(),
  /** Keyed hash of the credential: servers of one token share its budget. Empty until it is opened. */
  credentialKey: text("credential_key").notNull().default(""),
  tokenExpiresAt: at("token_expires_at"),
  selectionMode: text("selection_mode", { enum: ["all", "custom"] }).notNull().default("all"),
  /** JSON arrays of globs over `slug`. */
  include: text("include").notNull().default("[]"),
  exclude: text("exclude").notNull().default("[]"),
  pausedAt: at("paused_at"),
  attentionReason: text("attention_reason", {
    enum: [
      "token_rejected",
      "token_expired",
      "scope_missing",
      "workspace_not_found",
      "workspace_closed",
      "unreachable",
      "unreadable",
      "internal",
      "key_mismatch",
    ],
  }),
  attentionDetail: text("attention_detail"),
  /** Rate limited by git until then: no scan of this server is claimed before. */
  waitingUntil: at("waiting_until"),
  /** Calls an hour, as the server last said or 1,000. */
  restLimit: integer("rest_limit").notNull().default(1000),
  /** `created`: by us, removed with the server; `manual`: a person pastes it; null: none. */
  webhookState: text("webhook_state", { enum: ["created", "manual"] }),
  /** The server's own id of the webhook that we created. */
  webhookId: text("webhook_id"),
  sealedWebhookSecret: text("sealed_webhook_secret"),
  /** When a delivery with a right signature last came. */
  webhookSeenAt: at("webhook_seen_at"),
  createdAt: at("created_at").notNull(),
  savedAt: at("saved_at"),
  /** Mirrors the newest discovery; its state is `checking` while a healthy server is looked at again. */
  discoveryId: text("discovery_id"),
  discoveryState: text("discovery_state"),
  discoveryWaitReason: text("discovery_wait_reason"),
  /** When a complete pass last ended, and what it proved. */
  discoveredAt: at("discovered_at"),
  foundCount: integer("found_count"),
  reportedCount: integer("reported_count"),
  repositoryCount: count("repository_count"),
  selectedCount: count("selected_count"),
  runningCount: count("running_count"),
  /** When a scan of it was last claimed: the fair turn among servers. */
  claimedAt: at("claimed_at").notNull().default(0),
  version: count("version"),
  state: text("state").notNull().generatedAlwaysAs(
    sql`case
      when paused_at is not null then 'paused'
      when attention_reason is not null then 'needs_attention'
      when discovery_state = 'queued' and discovery_wait_reason is not null then 'waiting'
      when waiting_until is not null then 'waiting'
      when discovery_state in ('queued', 'running') then 'discovering'
      else 'active' end`,
    { mode: "virtual" },
  ),
}, (t) => [
  uniqueIndex("servers_workspace").on(t.workspaceUuid).where(sql`draft_id is null`),
  index("servers_draft").on(t.draftId),
]);

/**
 * Our own count of REST calls by credential and minute; the rolling hour is the sum of sixty rows.
 * By credential, as Bitbucket counts, and before a server of it is connected.
 */
export const credentialCalls = sqliteTable("credential_calls", {
  credentialKey: text("credential_key").notNull(),
  minute: integer("minute").notNull(),
  calls: integer("calls").notNull(),
}, (t) => [primaryKey({ columns: [t.credentialKey, t.minute] })]);

/**
 * Written by earlier versions alone: while a release takes over on Deno Deploy, instances of the one
 * before still count here. To be dropped by the release after this one.
 */
export const restCalls = sqliteTable("rest_calls", {
  serverId: text("server_id").notNull().references(() => servers.id, { onDelete: "cascade" }),
  minute: integer("minute").notNull(),
  calls: integer("calls").notNull(),
}, (t) => [primaryKey({ columns: [t.serverId, t.minute] })]);

export const repositories = sqliteTable("repositories", {
  id: id(),
  serverId: text("server_id").notNull().references(() => servers.id, { onDelete: "cascade" }),
  uuid: text("uuid").notNull(),
  slug: text("slug").notNull(),
  fullName: text("full_name").notNull(),
  name: text("name").notNull(),
  projectKey: text("project_key"),
  projectName: text("project_name"),
  isPrivate: flag("is_private").notNull(),
  sizeBytes: integer("size_bytes"),
  language: text("language"),
  defaultBranch: text("default_branch"),
  remoteCreatedAt: at("remote_created_at"),
  /** 0 when the server does not say. */
  remoteUpdatedAt: at("remote_updated_at").notNull().default(0),
  htmlUrl: text("html_url").notNull(),
  /** Chosen by hand in a custom selection. */
  picked: flag("picked").notNull().default(false),
  /** What the selection comes to: all or picked, and the globs. */
  selected: flag("selected").notNull().default(false),
  /** The discovery that last saw it. */
  seenIn: text("seen_in"),
  goneAt: at("gone_at"),
  createdAt: at("created_at").notNull(),
  /** Mirrors the newest scan. */
  scanId: text("scan_id"),
  scanState: text("scan_state"),
  scanResult: text("scan_result"),
  scanWaitReason: text("scan_wait_reason"),
  /** When a webhook last told of a push; a scan that began before it is followed by another. */
  pushedAt: at("pushed_at").notNull().default(0),
  /** Set when newer commits or rules exist than the last scan read. */
  outdatedReason: text("outdated_reason", { enum: ["rules"] }),
  /** 0 before the first scan has ended, so that keyset paging meets no null. */
  scannedAt: at("scanned_at").notNull().default(0),
  scannedCommit: text("scanned_commit"),
  rulesVersion: text("rules_version"),
  /** Unresolved findings by severity: open or to fix. */
  critical: count("critical"),
  high: count("high"),
  medium: count("medium"),
  low: count("low"),
  /** Sorts by findings: thousands of each severity, the worst first. */
  weight: integer("weight").notNull().generatedAlwaysAs(
    sql`min(critical, 999) * 1000000000 + min(high, 999) * 1000000 + min(medium, 999) * 1000 + min(low, 999)`,
    { mode: "virtual" },
  ),
  /** The change number of this row's last change; what a poll asks for. */
  version: count("version"),
  state: text("state").notNull().generatedAlwaysAs(
    sql`case
      when gone_at is not null then 'gone'
      when scan_state = 'running' then 'scanning'
      when scan_state = 'queued' and scan_wait_reason is not null then 'waiting'
      when scan_state = 'queued' then 'queued'
      when selected = 0 then 'not_selected'
      when scan_state is null then 'queued'
      when scan_state = 'failed' then 'failed'
      when scan_state = 'cancelled' then 'cancelled'
      when scan_result = 'skipped' then 'skipped'
      when scan_result = 'partial' then 'partial'
      when outdated_reason is not null then 'outdated'
      when critical + high + medium + low > 0 then 'findings'
      else 'clean' end`,
    { mode: "virtual" },
  ),
  /** Sorts by state, in the order of the tabs. */
  stateRank: integer("state_rank").generatedAlwaysAs(
    sql`case state
      when 'scanning' then 0 when 'queued' then 1 when 'waiting' then 2 when 'failed' then 3
      when 'findings' then 4 when 'partial' then 5 when 'outdated' then 6 when 'clean' then 7
      when 'skipped' then 8 when 'cancelled' then 9 when 'gone' then 10 else 11 end`,
    { mode: "virtual" },
  ),
}, (t) => [
  uniqueIndex("repositories_uuid").on(t.serverId, t.uuid),
  index("repositories_version").on(t.version),
  index("repositories_name").on(t.fullName, t.id),
  index("repositories_server_name").on(t.serverId, t.fullName, t.id),
  index("repositories_state_name").on(t.state, t.fullName, t.id),
  index("repositories_scanned").on(t.scannedAt, t.id),
  index("repositories_server_scanned").on(t.serverId, t.scannedAt, t.id),
  index("repositories_state_scanned").on(t.state, t.scannedAt, t.id),
  index("repositories_weight").on(t.weight, t.id),
  index("repositories_server_weight").on(t.serverId, t.weight, t.id),
  index("repositories_state_weight").on(t.state, t.weight, t.id),
  index("repositories_updated").on(t.remoteUpdatedAt, t.id),
  index("repositories_server_updated").on(t.serverId, t.remoteUpdatedAt, t.id),
  index("repositories_state_updated").on(t.state, t.remoteUpdatedAt, t.id),
  index("repositories_server_state_name").on(t.serverId, t.state, t.fullName, t.id),
  index("repositories_rank").on(t.stateRank, t.id),
  index("repositories_server_rank").on(t.serverId, t.stateRank, t.id),
  index("repositories_rules").on(t.rulesVersion),
  index("repositories_outdated").on(t.outdatedReason).where(sql`outdated_reason is not null`),
  index("repositories_seen").on(t.serverId, t.seenIn),
]);

/** What the last complete scan read: the `have`s of the next. */
/** A change to a server's selection that nobody saved yet. */
export const selectionEdits = sqliteTable("selection_edits", {
  id: id(),
  serverId: text("server_id").notNull().references(() => servers.id, { onDelete: "cascade" }),
  mode: text("mode", { enum: ["all", "custom"] }).notNull().default("all"),
  patterns: text("patterns").notNull().default(""),
  createdAt: at("created_at").notNull(),
}, (t) => [index("selection_edits_server").on(t.serverId)]);

/** Ticks of such a change; where there is none, what is saved counts. */
export const selectionEditPicks = sqliteTable("selection_edit_picks", {
  editId: text("edit_id").notNull().references(() => selectionEdits.id, { onDelete: "cascade" }),
  repositoryId: text("repository_id").notNull()
    .references(() => repositories.id, { onDelete: "cascade" }),
  picked: flag("picked").notNull(),
}, (t) => [
  primaryKey({ columns: [t.editId, t.repositoryId] }),
  index("selection_edit_picks_repository").on(t.repositoryId),
]);

export const refTips = sqliteTable("ref_tips", {
  repositoryId: text("repository_id").primaryKey().references(() => repositories.id, {
    onDelete: "cascade",
  }),
  /** JSON array of `{name, oid}`. */
  refs: text("refs").notNull(),
  scanId: text("scan_id").notNull(),
});

/** All work: a row is one discovery of a server or one scan of a repository. */
export const jobs = sqliteTable("jobs", {
  id: id(),
  kind: text("kind", { enum: ["discovery", "scan"] }).notNull(),
  serverId: text("server_id").notNull().references(() => servers.id, { onDelete: "cascade" }),
  repositoryId: text("repository_id").references(() => repositories.id, { onDelete: "cascade" }),
  step: text("step", { enum: ["discover", "tip", "history", "done"] }).notNull(),
  state: text("state", { enum: ["queued", "running", "succeeded", "failed", "cancelled"] })
    .notNull().default("queued"),
  /** Small first: what a person asked for 10, tips 20, changes 25, history 30, background 50. */
  priority: integer("priority").notNull(),
  /** `wizard`, `selection`, `person`, `schedule`, `webhook`, `discovery`, `rules`. */
  requestedBy: text("requested_by").notNull(),
  /** Where a discovery goes on; only the driver understands it. */
  cursor: text("cursor"),
  runAt: at("run_at").notNull(),
  /** Raised by each claim; every later write of its holder names it. */
  claim: integer("claim").notNull().default(0),
  owner: text("owner"),
  leaseUntil: at("lease_until"),
  /** Failures of the remote that used up a try. */
  attempts: integer("attempts").notNull().default(0),
  /** Waits in a row that the code server asked for: each is longer than the last. */
  snoozes: integer("snoozes").notNull().default(0),
  /** Claims that ended without a word: the lease ran out. */
  crashes: integer("crashes").notNull().default(0),
  /** Why a queued job waits, as a reason of `RemoteError`; null when it is simply in line. */
  waitReason: text("wait_reason"),
  result: text("result", { enum: ["complete", "partial", "skipped"] }),
  /** JSON array of sentences with figures on what was left out, or why skipped. */
  leftOut: text("left_out").notNull().default("[]"),
  failureReason: text("failure_reason"),
  failureDetail: text("failure_detail"),
  /** JSON: progress while running, figures of the result afterwards. */
  progress: text("progress"),
  /** Last sign of life. */
  beatAt: at("beat_at"),
  createdAt: at("created_at").notNull(),
  startedAt: at("started_at"),
  finishedAt: at("finished_at"),
}, (t) => [
  uniqueIndex("jobs_open_discovery").on(t.serverId)
    .where(sql`kind = 'discovery' and state in ('queued', 'running')`),
  uniqueIndex("jobs_open_scan").on(t.repositoryId)
    .where(sql`kind = 'scan' and state in ('queued', 'running')`),
  index("jobs_due").on(t.serverId, t.kind, t.priority, t.runAt).where(sql`state = 'queued'`),
  index("jobs_lease").on(t.leaseUntil).where(sql`state = 'running'`),
  index("jobs_repository").on(t.repositoryId, t.createdAt),
  index("jobs_finished").on(t.finishedAt).where(sql`finished_at is not null`),
  index("jobs_server").on(t.serverId, t.kind, t.createdAt),
  check("jobs_kind", sql`kind in ('discovery', 'scan')`),
  check("jobs_step", sql`step in ('discover', 'tip', 'history', 'done')`),
  check("jobs_state", sql`state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')`),
  check("jobs_discover", sql`(kind = 'discovery') = (repository_id is null)`),
  check("jobs_step_kind", sql`step = 'done' or (step = 'discover') = (kind = 'discovery')`),
  check("jobs_done", sql`(step = 'done') = (state = 'succeeded')`),
  check("jobs_result", sql`(result is not null) = (state = 'succeeded')`),
  check("jobs_lease_state", sql`(lease_until is not null) = (state = 'running')`),
  check(
    "jobs_finished",
    sql`(finished_at is not null) = (state in ('succeeded', 'failed', 'cancelled'))`,
  ),
  check("jobs_failure", sql`(failure_reason is not null) = (state = 'failed')`),
]);

export const findings = sqliteTable("findings", {
  id: id(),
  serverId: text("server_id").notNull(),
  repositoryId: text("repository_id").notNull(),
  ruleId: text("rule_id").notNull(),
  /** Hex HMAC-SHA256 of the secret under the instance's key. */
  fingerprint: text("fingerprint").notNull(),
  preview: text("preview").notNull(),
  severity: text("severity", { enum: ["critical", "high", "medium", "low"] }).notNull(),
  confidence: text("confidence", { enum: ["high", "medium", "low"] }).notNull(),
  state: text("state", {
    enum: ["open", "to_fix", "revoked", "false_positive", "accepted", "suppressed"],
  }).notNull().default("open"),
  /** JSON array of short facts: why this severity. */
  reasons: text("reasons").notNull().default("[]"),
  pathKind: text("path_kind").notNull(),
  suppressedBy: text("suppressed_by"),
  atTip: flag("at_tip").notNull(),
  /** Set when a complete scan of the whole history no longer found it. */
  missingAt: at("missing_at"),
  firstCommit: text("first_commit").notNull(),
  firstPath: text("first_path").notNull(),
  firstLine: integer("first_line").notNull(),
  firstAuthor: text("first_author"),
  firstEmail: text("first_email"),
  firstDate: at("first_date"),
  occurrenceCount: integer("occurrence_count").notNull(),
  lastScanId: text("last_scan_id").notNull(),
  createdAt: at("created_at").notNull(),
  triagedBy: text("triaged_by"),
  triagedAt: at("triaged_at"),
  triageReason: text("triage_reason"),
  /** The worst first: what lists are ordered by. */
  rank: integer("rank").notNull().generatedAlwaysAs(
    sql`case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end`,
    { mode: "virtual" },
  ),
}, (t) => [
  foreignKey({ columns: [t.repositoryId], foreignColumns: [repositories.id] }).onDelete("cascade"),
  uniqueIndex("findings_secret").on(t.repositoryId, t.ruleId, t.fingerprint),
  index("findings_fingerprint").on(t.fingerprint, t.rank, t.createdAt, t.id),
  index("findings_rank").on(t.rank, t.createdAt, t.id),
  index("findings_state").on(t.state, t.rank, t.createdAt, t.id),
  index("findings_rule").on(t.ruleId, t.rank, t.createdAt, t.id),
  index("findings_server").on(t.serverId, t.rank, t.createdAt, t.id),
  index("findings_server_state").on(t.serverId, t.state, t.rank, t.createdAt, t.id),
  index("findings_repository").on(t.repositoryId, t.rank, t.createdAt, t.id),
  index("findings_repository_state").on(t.repositoryId, t.state, t.rank, t.createdAt, t.id),
  check(
    "findings_state_word",
    sql`state in ('open', 'to_fix', 'revoked', 'false_positive', 'accepted', 'suppressed')`,
  ),
  check("findings_severity_word", sql`severity in ('critical', 'high', 'medium', 'low')`),
]);

export const occurrences = sqliteTable("occurrences", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  findingId: text("finding_id").notNull().references(() => findings.id, { onDelete: "cascade" }),
  commit: text("commit").notNull(),
  path: text("path").notNull(),
  line: integer("line").notNull(),
  column: integer("column").notNull(),
  blob: text("blob").notNull(),
  author: text("author"),
  email: text("email"),
  date: at("date"),
  atTip: flag("at_tip").notNull(),
  /** The inline comment that suppresses it here, as the scan read it. */
  suppressedBy: text("suppressed_by"),
  /** The number of the scan of which a slice read this place (`scanNumber`); else null. */
  readIn: integer("read_in"),
}, (t) => [
  uniqueIndex("occurrences_place").on(t.findingId, t.path, t.blob, t.line, t.column),
]);

/** Commits that a scan in slices learned; gone when it ends. */
export const commitParts = sqliteTable("commit_parts", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  jobId: text("job_id").notNull().references(() => jobs.id, { onDelete: "cascade" }),
  /** Deflated lines of a commit, its time and its parents. */
  part: blob("part", { mode: "buffer" }).notNull(),
}, (t) => [index("commit_parts_job").on(t.jobId)]);

/** What a repository's own files suppress, as its newest commit had them at the last scan. */
export const repositorySuppressions = sqliteTable("repository_suppressions", {
  repositoryId: text("repository_id").primaryKey().references(() => repositories.id, {
    onDelete: "cascade",
  }),
  /** JSON array of `{name, oid}`: read again when an id is another. */
  files: text("files").notNull(),
  /** JSON: lists of paths, rules, fingerprints and places. */
  entries: text("entries").notNull(),
  /** JSON array of sentences on lines that say nothing we understand. */
  problems: text("problems").notNull(),
});

/** What admins suppress, in all or some repositories; all criteria that are set must fit. */
export const suppressionRules = sqliteTable("suppression_rules", {
  id: id(),
  /** A glob over paths. */
  path: text("path"),
  ruleId: text("rule_id"),
  fingerprint: text("fingerprint"),
  /** A glob over full names; null: every repository. */
  repositories: text("repositories"),
  reason: text("reason").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
}, () => [
  check(
    "suppression_rules_criterion",
    sql`path is not null or rule_id is not null or fingerprint is not null`,
  ),
]);

/** Rules that admins wrote, beside the built-in ones; found secrets name them `custom-` and id. */
export const customRules = sqliteTable("custom_rules", {
  id: id(),
  name: text("name").notNull(),
  pattern: text("pattern").notNull(),
  /** JSON array of texts. */
  keywords: text("keywords").notNull(),
  severity: text("severity", { enum: ["critical", "high", "medium", "low"] }).notNull(),
  help: text("help").notNull().default(""),
  enabled: flag("enabled").notNull().default(true),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  updatedBy: text("updated_by").notNull(),
  updatedAt: at("updated_at").notNull(),
});

/** Repositories by server and shown state, kept by triggers. */
export const stateCounts = sqliteTable("state_counts", {
  serverId: text("server_id").notNull(),
  state: text("state").notNull(),
  count: integer("count").notNull(),
}, (t) => [primaryKey({ columns: [t.serverId, t.state] })]);

/** Findings by server, state and severity, kept by triggers. */
export const findingCounts = sqliteTable("finding_counts", {
  serverId: text("server_id").notNull(),
  state: text("state").notNull(),
  severity: text("severity").notNull(),
  count: integer("count").notNull(),
}, (t) => [primaryKey({ columns: [t.serverId, t.state, t.severity] })]);

/** Deliveries that were taken, so that a doubled one does nothing; kept for a day. */
export const webhookDeliveries = sqliteTable("webhook_deliveries", {
  requestId: text("request_id").primaryKey(),
  serverId: text("server_id").notNull().references(() => servers.id, { onDelete: "cascade" }),
  at: at("at").notNull(),
}, (t) => [index("webhook_deliveries_at").on(t.at)]);

/** Keys of scripts; only the hash is kept. */
export const apiKeys = sqliteTable("api_keys", {
  id: id(),
  name: text("name").notNull(),
  /** SHA-256 of the whole key. */
  keyHash: text("key_hash").notNull(),
  /** The first characters, to tell keys apart. */
  hint: text("hint").notNull(),
  role: text("role", { enum: ["admin", "viewer"] }).notNull(),
  createdBy: text("created_by").notNull(),
  /** The user who made it, without whose rights it opens nothing; null: made on the machine. */
  ownerId: text("owner_id"),
  createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at"),
  lastUsedAt: at("last_used_at"),
  revokedAt: at("revoked_at"),
}, (t) => [uniqueIndex("api_keys_hash").on(t.keyHash)]);

/** Keys of portals that embed a status; read-only, scoped, bound to origins. */
export const embedKeys = sqliteTable("embed_keys", {
  id: id(),
  name: text("name").notNull(),
  keyHash: text("key_hash").notNull(),
  hint: text("hint").notNull(),
  /** JSON arrays of ids; both empty: everything. */
  serverIds: text("server_ids").notNull().default("[]"),
  repositoryIds: text("repository_ids").notNull().default("[]"),
  /** JSON array of origins such as `https://portal.example.com`. */
  origins: text("origins").notNull().default("[]"),
  showCounts: flag("show_counts").notNull().default(true),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at"),
  lastUsedAt: at("last_used_at"),
  revokedAt: at("revoked_at"),
}, (t) => [uniqueIndex("embed_keys_hash").on(t.keyHash)]);

/** Who did what to which thing, from where and when; the app only adds. */
export const auditLog = sqliteTable("audit_log", {
  id: id(),
  at: at("at").notNull(),
  /** An e-mail, an API key's name, or `system`. */
  who: text("who").notNull(),
  action: text("action").notNull(),
  target: text("target"),
  detail: text("detail"),
  address: text("address"),
}, (t) => [index("audit_log_at").on(t.at, t.id), index("audit_log_action").on(t.action, t.at)]);

/** Answers to POST requests with an idempotency key, kept for a day. */
export const idempotencyKeys = sqliteTable("idempotency_keys", {
  /** SHA-256 of caller, route and key. */
  keyHash: text("key_hash").primaryKey(),
  /** SHA-256 of the request's body: the same key with another body is refused. */
  bodyHash: text("body_hash").notNull(),
  status: integer("status").notNull(),
  answer: text("answer").notNull(),
  at: at("at").notNull(),
}, (t) => [index("idempotency_keys_at").on(t.at)]);

/** Calls of an API key by minute, for its rate limit across instances. */
export const apiCalls = sqliteTable("api_calls", {
  keyId: text("key_id").notNull(),
  minute: integer("minute").notNull(),
  calls: integer("calls").notNull(),
}, (t) => [primaryKey({ columns: [t.keyId, t.minute] })]);
