CREATE TABLE `change_numbers` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `drafts` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`type` text,
	`workspaces` text DEFAULT '[]' NOT NULL,
	`credential_kind` text,
	`credential_user` text,
	`sealed_secret` text,
	`token_expires_at` integer,
	`access` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `drafts_user` ON `drafts` (`user_id`);--> statement-breakpoint
CREATE INDEX `drafts_expiry` ON `drafts` (`expires_at`);--> statement-breakpoint
CREATE TABLE `finding_counts` (
	`server_id` text NOT NULL,
	`state` text NOT NULL,
	`severity` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`server_id`, `state`, `severity`)
);
--> statement-breakpoint
CREATE TABLE `findings` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`repository_id` text NOT NULL,
	`rule_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`preview` text NOT NULL,
	`severity` text NOT NULL,
	`confidence` text NOT NULL,
	`state` text DEFAULT 'open' NOT NULL,
	`reasons` text DEFAULT '[]' NOT NULL,
	`path_kind` text NOT NULL,
	`suppressed_by` text,
	`at_tip` integer NOT NULL,
	`missing_at` integer,
	`first_commit` text NOT NULL,
	`first_path` text NOT NULL,
	`first_line` integer NOT NULL,
	`first_author` text,
	`first_email` text,
	`first_date` integer,
	`occurrence_count` integer NOT NULL,
	`last_scan_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`triaged_by` text,
	`triaged_at` integer,
	`triage_reason` text,
	FOREIGN KEY (`repository_id`) REFERENCES `repositories`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "findings_state_word" CHECK(state in ('open', 'to_fix', 'revoked', 'false_positive', 'accepted', 'suppressed')),
	CONSTRAINT "findings_severity_word" CHECK(severity in ('critical', 'high', 'medium', 'low'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `findings_secret` ON `findings` (`repository_id`,`rule_id`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `findings_fingerprint` ON `findings` (`fingerprint`);--> statement-breakpoint
CREATE INDEX `findings_created` ON `findings` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_state` ON `findings` (`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server` ON `findings` (`server_id`,`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_repository` ON `findings` (`repository_id`,`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_severity` ON `findings` (`state`,`severity`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`server_id` text NOT NULL,
	`repository_id` text,
	`step` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`priority` integer NOT NULL,
	`requested_by` text NOT NULL,
	`cursor` text,
	`run_at` integer NOT NULL,
	`claim` integer DEFAULT 0 NOT NULL,
	`owner` text,
	`lease_until` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`crashes` integer DEFAULT 0 NOT NULL,
	`wait_reason` text,
	`result` text,
	`left_out` text DEFAULT '[]' NOT NULL,
	`failure_reason` text,
	`failure_detail` text,
	`progress` text,
	`beat_at` integer,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`repository_id`) REFERENCES `repositories`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "jobs_kind" CHECK(kind in ('discovery', 'scan')),
	CONSTRAINT "jobs_step" CHECK(step in ('discover', 'tip', 'history', 'done')),
	CONSTRAINT "jobs_state" CHECK(state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
	CONSTRAINT "jobs_discover" CHECK((kind = 'discovery') = (repository_id is null)),
	CONSTRAINT "jobs_step_kind" CHECK(step = 'done' or (step = 'discover') = (kind = 'discovery')),
	CONSTRAINT "jobs_done" CHECK((step = 'done') = (state = 'succeeded')),
	CONSTRAINT "jobs_result" CHECK((result is not null) = (state = 'succeeded')),
	CONSTRAINT "jobs_lease_state" CHECK((lease_until is not null) = (state = 'running')),
	CONSTRAINT "jobs_finished" CHECK((finished_at is not null) = (state in ('succeeded', 'failed', 'cancelled'))),
	CONSTRAINT "jobs_failure" CHECK((failure_reason is not null) = (state = 'failed'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_open_discovery` ON `jobs` (`server_id`) WHERE kind = 'discovery' and state in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_open_scan` ON `jobs` (`repository_id`) WHERE kind = 'scan' and state in ('queued', 'running');--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`server_id`,`kind`,`priority`,`run_at`) WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX `jobs_lease` ON `jobs` (`lease_until`) WHERE state = 'running';--> statement-breakpoint
CREATE INDEX `jobs_repository` ON `jobs` (`repository_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `jobs_server` ON `jobs` (`server_id`,`kind`,`created_at`);--> statement-breakpoint
CREATE TABLE `occurrences` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`finding_id` text NOT NULL,
	`commit` text NOT NULL,
	`path` text NOT NULL,
	`line` integer NOT NULL,
	`column` integer NOT NULL,
	`blob` text NOT NULL,
	`author` text,
	`email` text,
	`date` integer,
	`at_tip` integer NOT NULL,
	FOREIGN KEY (`finding_id`) REFERENCES `findings`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `occurrences_place` ON `occurrences` (`finding_id`,`path`,`blob`,`line`,`column`);--> statement-breakpoint
CREATE TABLE `ref_tips` (
	`repository_id` text PRIMARY KEY NOT NULL,
	`refs` text NOT NULL,
	`scan_id` text NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repositories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `repositories` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`uuid` text NOT NULL,
	`slug` text NOT NULL,
	`full_name` text NOT NULL,
	`name` text NOT NULL,
	`project_key` text,
	`project_name` text,
	`is_private` integer NOT NULL,
	`size_bytes` integer,
	`language` text,
	`default_branch` text,
	`remote_created_at` integer,
	`remote_updated_at` integer DEFAULT 0 NOT NULL,
	`html_url` text NOT NULL,
	`picked` integer DEFAULT false NOT NULL,
	`selected` integer DEFAULT false NOT NULL,
	`seen_in` text,
	`gone_at` integer,
	`created_at` integer NOT NULL,
	`scan_id` text,
	`scan_state` text,
	`scan_result` text,
	`scan_wait_reason` text,
	`outdated_reason` text,
	`scanned_at` integer DEFAULT 0 NOT NULL,
	`scanned_commit` text,
	`rules_version` text,
	`critical` integer DEFAULT 0 NOT NULL,
	`high` integer DEFAULT 0 NOT NULL,
	`medium` integer DEFAULT 0 NOT NULL,
	`low` integer DEFAULT 0 NOT NULL,
	`weight` integer GENERATED ALWAYS AS (min(critical, 999) * 1000000000 + min(high, 999) * 1000000 + min(medium, 999) * 1000 + min(low, 999)) VIRTUAL NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`state` text GENERATED ALWAYS AS (case
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
      else 'clean' end) VIRTUAL NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `repositories_uuid` ON `repositories` (`server_id`,`uuid`);--> statement-breakpoint
CREATE INDEX `repositories_version` ON `repositories` (`version`);--> statement-breakpoint
CREATE INDEX `repositories_name` ON `repositories` (`full_name`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_name` ON `repositories` (`server_id`,`full_name`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_state_name` ON `repositories` (`state`,`full_name`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_scanned` ON `repositories` (`scanned_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_scanned` ON `repositories` (`server_id`,`scanned_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_state_scanned` ON `repositories` (`state`,`scanned_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_weight` ON `repositories` (`weight`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_weight` ON `repositories` (`server_id`,`weight`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_state_weight` ON `repositories` (`state`,`weight`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_updated` ON `repositories` (`remote_updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_updated` ON `repositories` (`server_id`,`remote_updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_state_updated` ON `repositories` (`state`,`remote_updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_state_name` ON `repositories` (`server_id`,`state`,`full_name`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_seen` ON `repositories` (`server_id`,`seen_in`);--> statement-breakpoint
CREATE TABLE `rest_calls` (
	`server_id` text NOT NULL,
	`minute` integer NOT NULL,
	`calls` integer NOT NULL,
	PRIMARY KEY(`server_id`, `minute`),
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `servers` (
	`id` text PRIMARY KEY NOT NULL,
	`draft_id` text,
	`type` text NOT NULL,
	`workspace` text NOT NULL,
	`workspace_uuid` text NOT NULL,
	`name` text NOT NULL,
	`credential_kind` text NOT NULL,
	`credential_user` text,
	`sealed_secret` text NOT NULL,
	`token_expires_at` integer,
	`selection_mode` text DEFAULT 'all' NOT NULL,
	`include` text DEFAULT '[]' NOT NULL,
	`exclude` text DEFAULT '[]' NOT NULL,
	`paused_at` integer,
	`attention_reason` text,
	`attention_detail` text,
	`waiting_until` integer,
	`rest_limit` integer DEFAULT 1000 NOT NULL,
	`created_at` integer NOT NULL,
	`saved_at` integer,
	`discovery_id` text,
	`discovery_state` text,
	`discovery_wait_reason` text,
	`discovered_at` integer,
	`found_count` integer,
	`reported_count` integer,
	`repository_count` integer DEFAULT 0 NOT NULL,
	`selected_count` integer DEFAULT 0 NOT NULL,
	`running_count` integer DEFAULT 0 NOT NULL,
	`claimed_at` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`state` text GENERATED ALWAYS AS (case
      when paused_at is not null then 'paused'
      when attention_reason is not null then 'needs_attention'
      when discovery_state = 'queued' and discovery_wait_reason is not null then 'waiting'
      when waiting_until is not null then 'waiting'
      when discovery_state in ('queued', 'running') then 'discovering'
      else 'active' end) VIRTUAL NOT NULL,
	FOREIGN KEY (`draft_id`) REFERENCES `drafts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `servers_workspace` ON `servers` (`workspace_uuid`) WHERE draft_id is null;--> statement-breakpoint
CREATE INDEX `servers_draft` ON `servers` (`draft_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_failures` (
	`subject` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `state_counts` (
	`server_id` text NOT NULL,
	`state` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`server_id`, `state`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "users_role" CHECK("users"."role" in ('admin', 'viewer'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (lower("email"));