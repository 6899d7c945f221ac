ALTER TABLE `api_keys` ADD `owner_id` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `proven_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `api_keys` SET `owner_id` = coalesce(
  (SELECT `id` FROM `users` WHERE lower(`email`) = lower(`created_by`)), 'removed'
) WHERE `created_by` <> 'admin command';
