ALTER TABLE `repositories` ADD `state_rank` integer GENERATED ALWAYS AS (case state
      when 'scanning' then 0 when 'queued' then 1 when 'waiting' then 2 when 'failed' then 3
      when 'findings' then 4 when 'partial' then 5 when 'outdated' then 6 when 'clean' then 7
      when 'skipped' then 8 when 'cancelled' then 9 when 'gone' then 10 else 11 end) VIRTUAL;--> statement-breakpoint
CREATE INDEX `repositories_rank` ON `repositories` (`state_rank`,`id`);--> statement-breakpoint
CREATE INDEX `repositories_server_rank` ON `repositories` (`server_id`,`state_rank`,`id`);