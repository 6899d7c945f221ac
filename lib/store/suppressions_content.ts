/** Which files that are findings by their names have findings of their content, which say more. */

import type { Db } from "./db.ts";

/** Whether the finding of this alias tells of a file's content, by a rule that is on. */
export const saysContent = (finding: string) =>
  `(${finding}.rule_id NOT LIKE 'file-%' AND (${finding}.rule_id NOT LIKE 'custom-%' OR EXISTS (
    SELECT 1 FROM custom_rules u WHERE u.id = substr(${finding}.rule_id, 8) AND u.enabled = 1)))`;

/** Tells it of a path in one of the repositories that were looked at. */
export interface FileContents {
  /** Looks at those that it has not looked at yet; one statement, or none. */
  look(repositoryIds: readonly string[]): Promise<void>;
  has(repositoryId: string, path: string): boolean;
}

/** Knows no repository yet. Of each, all places are gone through once, whatever its files are. */
export function fileContents(db: Db): FileContents {
  const paths = new Map<string, Set<string>>();
  return {
    async look(repositoryIds) {
      const unknown = [...new Set(repositoryIds)].filter((id) => !paths.has(id));
      if (unknown.length === 0) return;
      for (const id of unknown) paths.set(id, new Set());
      // The sign keeps the index of places out of it: a look at each file would be one a finding.
      const { rows } = await db.execute(
        `WITH files AS MATERIALIZED (SELECT g.first_path FROM json_each(?1) v
           CROSS JOIN findings g ON g.repository_id = v.value
             AND g.rule_id >= 'file-' AND g.rule_id < 'file.')
         SELECT DISTINCT c.repository_id, o.path FROM json_each(?1) v
         CROSS JOIN findings c ON c.repository_id = v.value
         CROSS JOIN occurrences o ON o.finding_id = c.id
         WHERE ${saysContent("c")} AND +o.path IN (SELECT first_path FROM files)`,
        [JSON.stringify(unknown)],
      );
      for (const row of rows) paths.get(String(row.repository_id))!.add(String(row.path));
    },
    has: (repositoryId, path) => paths.get(repositoryId)?.has(path) ?? false,
  };
}
