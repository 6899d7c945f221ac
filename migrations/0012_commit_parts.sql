CREATE TABLE `commit_parts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` text NOT NULL,
	`part` blob NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `commit_parts_job` ON `commit_parts` (`job_id`);--> statement-breakpoint
ALTER TABLE `occurrences` ADD `read_in` integer;--> statement-breakpoint
CREATE TRIGGER jobs_commit_parts AFTER UPDATE OF state ON jobs
WHEN NEW.state NOT IN ('queued', 'running')
BEGIN
  DELETE FROM commit_parts WHERE job_id = NEW.id;
END;
