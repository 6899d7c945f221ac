CREATE TABLE `custom_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`pattern` text NOT NULL,
	`keywords` text NOT NULL,
	`severity` text NOT NULL,
	`help` text DEFAULT '' NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `repository_suppressions` (
	`repository_id` text PRIMARY KEY NOT NULL,
	`files` text NOT NULL,
	`entries` text NOT NULL,
	`problems` text NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repositories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `suppression_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`path` text,
	`rule_id` text,
	`fingerprint` text,
	`repositories` text,
	`reason` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "suppression_rules_criterion" CHECK(path is not null or rule_id is not null or fingerprint is not null)
);
--> statement-breakpoint
ALTER TABLE `occurrences` ADD `suppressed_by` text;--> statement-breakpoint
UPDATE `occurrences` SET `suppressed_by` = (SELECT `suppressed_by` FROM `findings` WHERE `findings`.`id` = `finding_id`)
  WHERE `finding_id` IN (SELECT `id` FROM `findings` WHERE `suppressed_by` IS NOT NULL);
