CREATE TABLE `selection_edit_picks` (
	`edit_id` text NOT NULL,
	`repository_id` text NOT NULL,
	`picked` integer NOT NULL,
	PRIMARY KEY(`edit_id`, `repository_id`),
	FOREIGN KEY (`edit_id`) REFERENCES `selection_edits`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`repository_id`) REFERENCES `repositories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `selection_edit_picks_repository` ON `selection_edit_picks` (`repository_id`);--> statement-breakpoint
CREATE TABLE `selection_edits` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`mode` text DEFAULT 'all' NOT NULL,
	`patterns` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `selection_edits_server` ON `selection_edits` (`server_id`);