CREATE INDEX `jobs_finished` ON `jobs` (`finished_at`) WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX `repositories_rules` ON `repositories` (`rules_version`);--> statement-breakpoint
CREATE INDEX `repositories_outdated` ON `repositories` (`outdated_reason`) WHERE outdated_reason is not null;