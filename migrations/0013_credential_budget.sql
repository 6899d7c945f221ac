CREATE TABLE `credential_calls` (
	`credential_key` text NOT NULL,
	`minute` integer NOT NULL,
	`calls` integer NOT NULL,
	PRIMARY KEY(`credential_key`, `minute`)
);
--> statement-breakpoint
ALTER TABLE `jobs` ADD `snoozes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `servers` ADD `credential_key` text DEFAULT '' NOT NULL;