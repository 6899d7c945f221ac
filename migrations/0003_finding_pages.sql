DROP INDEX `findings_fingerprint`;--> statement-breakpoint
DROP INDEX `findings_server`;--> statement-breakpoint
DROP INDEX `findings_repository`;--> statement-breakpoint
CREATE INDEX `findings_rule` ON `findings` (`rule_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server_state` ON `findings` (`server_id`,`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_repository_state` ON `findings` (`repository_id`,`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_fingerprint` ON `findings` (`fingerprint`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server` ON `findings` (`server_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_repository` ON `findings` (`repository_id`,`created_at`,`id`);