/** Where the findings of a repository stand: what a scan looks up at the tip. */

import type { Db } from "./db.ts";

/** A place of a finding. */
export interface KnownPlace {
  id: number;
  path: string;
  blob: string;
  atTip: boolean;
  byName: boolean;
}

/** A server may refuse an answer of 10 MB: what it says of a place is some 300 bytes, its path apart. */
const PAGE_PLACES = 2_000;

/** At most `limit` places, those that stood at the tip first; no answer is larger than a page. */
export async function listPlaces(
  db: Db,
  repositoryId: string,
  limit: number,
  page = PAGE_PLACES,
): Promise<KnownPlace[]> {
  const places: KnownPlace[] = [];
  let last: KnownPlace | undefined;
  while (places.length < limit) {
    const size = Math.min(page, limit - places.length);
    const { rows } = await db.execute(
      `SELECT o.id, o.path, o.blob, o.at_tip, f.rule_id LIKE 'file-%' AS by_name
       FROM findings f JOIN occurrences o ON o.finding_id = f.id
       WHERE f.repository_id = ?1 AND (-o.at_tip, o.id) > (?2, ?3)
       ORDER BY -o.at_tip, o.id LIMIT ?4`,
      [repositoryId, last ? -Number(last.atTip) : -2, last?.id ?? 0, size],
    );
    for (const row of rows) {
      places.push({
        id: Number(row.id),
        path: String(row.path),
        blob: String(row.blob),
        atTip: row.at_tip === 1,
        byName: row.by_name === 1,
      });
    }
    if (rows.length < size) break;
    last = places.at(-1);
  }
  return places;
}
