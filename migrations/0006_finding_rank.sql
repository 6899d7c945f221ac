DROP INDEX `findings_created`;--> statement-breakpoint
DROP INDEX `findings_severity`;--> statement-breakpoint
DROP INDEX `findings_fingerprint`;--> statement-breakpoint
DROP INDEX `findings_state`;--> statement-breakpoint
DROP INDEX `findings_rule`;--> statement-breakpoint
DROP INDEX `findings_server`;--> statement-breakpoint
DROP INDEX `findings_server_state`;--> statement-breakpoint
DROP INDEX `findings_repository`;--> statement-breakpoint
DROP INDEX `findings_repository_state`;--> statement-breakpoint
ALTER TABLE `findings` ADD `rank` integer GENERATED ALWAYS AS (case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end) VIRTUAL NOT NULL;--> statement-breakpoint
CREATE INDEX `findings_rank` ON `findings` (`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_fingerprint` ON `findings` (`fingerprint`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_state` ON `findings` (`state`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_rule` ON `findings` (`rule_id`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server` ON `findings` (`server_id`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server_state` ON `findings` (`server_id`,`state`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_repository` ON `findings` (`repository_id`,`rank`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_repository_state` ON `findings` (`repository_id`,`state`,`rank`,`created_at`,`id`);