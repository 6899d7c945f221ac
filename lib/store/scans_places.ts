/** Where the findings of a repository stand: what a scan looks up at the tip. */

import type { Db } from "./db.ts";
import { saysContent } from "./suppressions_content.ts";

/** A place of a finding. */
export interface KnownPlace {
  id: number;
  path: string;
  blob: string;
  atTip: boolean;
  /** Whether it tells of the file's content, by a rule that is on: then its name says nothing more. */
  isContent: boolean;
}

/** A server may refuse an answer of 10 MB: of a place it says some 300 bytes, and up to 8 KB of path. */
const PAGE_PLACES = 1_000;

/** At most `limit` places, those that stood at the tip first; no place's answer is larger than a page. */
export async function listPlaces(
  db: Db,
  repositoryId: string,
  limit: number,
  page = PAGE_PLACES,
): Promise<KnownPlace[]> {
  // No index has this order: all are sorted once, for ids alone, and not again for each page.
  const sorted = await db.execute(
    `SELECT o.id FROM findings f JOIN occurrences o ON o.finding_id = f.id
     WHERE f.repository_id = ? ORDER BY o.at_tip DESC, o.id LIMIT ?`,
    [repositoryId, limit],
  );
  const ids = sorted.rows.map(({ id }) => Number(id));
  const places: KnownPlace[] = [];
  for (let at = 0; at < ids.length; at += page) {
    const { rows } = await db.execute(
      `SELECT o.id, o.path, o.blob, o.at_tip, ${saysContent("f")} AS is_content
       FROM json_each(?) v CROSS JOIN occurrences o ON o.id = v.value
       CROSS JOIN findings f ON f.id = o.finding_id ORDER BY v.key`,
      [JSON.stringify(ids.slice(at, at + page))],
    );
    for (const row of rows) {
      places.push({
        id: Number(row.id),
        path: String(row.path),
        blob: String(row.blob),
        atTip: row.at_tip === 1,
        isContent: row.is_content === 1,
      });
    }
  }
  return places;
}
