/** Changes to a connected server's selection before they are saved: nothing watched changes by them. */

import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import { type ChoiceFilter, conditions } from "./choices.ts";
import type { Db } from "./db.ts";

/** An edit is forgotten after a day, as the wizard's drafts are. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** What was chosen besides the ticks. */
export interface SelectionEdit {
  id: string;
  mode: "all" | "custom";
  patterns: string;
}

/** Edits by id, each of one server; its ticks differ from those that are saved. */
export function selectionEditStore(db: Db, clock: Clock) {
  return {
    /** The edit, or null where it is over, forgotten, or of another server. */
    async find(id: string, serverId: string): Promise<SelectionEdit | null> {
      const { rows } = await db.execute(
        "SELECT mode, patterns FROM selection_edits WHERE id = ? AND server_id = ? AND created_at > ?",
        [id, serverId, clock.now() - KEPT_MS],
      );
      if (!rows[0]) return null;
      const mode = rows[0].mode === "custom" ? "custom" : "all";
      return { id, mode, patterns: String(rows[0].patterns) };
    },

    /** Begins one; those that were left lying are forgotten. */
    async begin(serverId: string): Promise<string> {
      const now = clock.now();
      const id = newId(now);
      await db.batch([
        { sql: "DELETE FROM selection_edits WHERE created_at <= ?", args: [now - KEPT_MS] },
        {
          sql: "INSERT INTO selection_edits (id, server_id, created_at) VALUES (?, ?, ?)",
          args: [id, serverId, now],
        },
      ]);
      return id;
    },

    /** Keeps how the choice is made, and the ticks of the repositories that the form showed. */
    async keep(
      edit: SelectionEdit,
      shown: readonly string[],
      picked: readonly string[],
    ): Promise<void> {
      await db.batch([
        {
          sql: "UPDATE selection_edits SET mode = ?, patterns = ? WHERE id = ?",
          args: [edit.mode, edit.patterns, edit.id],
        },
        {
          sql: `INSERT INTO selection_edit_picks (edit_id, repository_id, picked)
            SELECT e.id, r.id, r.id IN (SELECT value FROM json_each(?3))
            FROM selection_edits e JOIN repositories r ON r.server_id = e.server_id
            WHERE e.id = ?1 AND r.id IN (SELECT value FROM json_each(?2))
            ON CONFLICT (edit_id, repository_id) DO UPDATE SET picked = excluded.picked`,
          args: [edit.id, JSON.stringify(shown), JSON.stringify(picked)],
        },
      ]);
    },

    /** Ticks or unticks all that fit. */
    async pickAll(id: string, filter: ChoiceFilter, picked: boolean): Promise<void> {
      const { where, args } = conditions(filter);
      await db.execute(
        `INSERT INTO selection_edit_picks (edit_id, repository_id, picked)
         SELECT ?, id, ? FROM repositories WHERE ${where}
         ON CONFLICT (edit_id, repository_id) DO UPDATE SET picked = excluded.picked`,
        [id, picked ? 1 : 0, ...args],
      );
    },

    /** Makes its ticks those of the server, and ends it; `servers.select` then follows them. */
    async apply(id: string): Promise<void> {
      await db.batch([
        {
          sql: `UPDATE repositories SET picked = p.picked FROM selection_edit_picks p
            WHERE p.edit_id = ? AND p.repository_id = repositories.id
              AND repositories.picked <> p.picked`,
          args: [id],
        },
        { sql: "DELETE FROM selection_edits WHERE id = ?", args: [id] },
      ]);
    },
  };
}
