/** Pages of repositories in the order of their servers' names: each server's own index in turn. */

import type { Db } from "./db.ts";
import { formatKey, parseKey } from "./page_key.ts";
import type { RepositoryFilter, RepositoryPage } from "./repositories.ts";
import type { RepositoryRow } from "./repositories_rows.ts";

/** A page by name; what `list` of the store does for a filter that names a server. */
type ListByName = (
  filter: RepositoryFilter,
  page: { sort: "name"; descending: boolean; key?: string | undefined; limit: number },
) => Promise<RepositoryPage>;

/**
 * One page. A query for each server until the page is full: there are few servers, and one statement
 * over all would read the first of them up to the page's key.
 */
export async function listByServer(
  db: Db,
  listByName: ListByName,
  filter: RepositoryFilter,
  page: { descending: boolean; key?: string | undefined; limit: number },
): Promise<RepositoryPage> {
  const key = page.key ? parseKey(page.key, { sort: "server", type: "string" }) : null;
  const backwards = key?.backwards ?? false;
  const descending = page.descending !== backwards;
  const { rows: servers } = await db.execute(
    `SELECT id FROM servers WHERE draft_id IS NULL
     ORDER BY name ${descending ? "DESC" : "ASC"}, id ${descending ? "DESC" : "ASC"}`,
  );
  const order = servers.map((row) => String(row.id));
  const start = readPlace(key?.value);
  const rows: RepositoryRow[] = [];
  let more = false;
  for (const serverId of order.slice(Math.max(0, order.indexOf(start?.serverId ?? "")))) {
    const within = start?.serverId === serverId
      ? formatKey({ sort: "name", value: start.fullName, id: key!.id, backwards: false })
      : undefined;
    const found = await listByName({ ...filter, serverId }, {
      sort: "name",
      descending,
      key: within,
      limit: Math.max(1, page.limit - rows.length),
    });
    // A row beyond the page's end only says that there are more.
    if (rows.length === page.limit) more = found.rows.length > 0;
    else {
      rows.push(...found.rows);
      more = found.next !== null;
    }
    if (more) break;
  }
  if (backwards) rows.reverse();
  const keyOf = (row: RepositoryRow | undefined, back: boolean) =>
    row === undefined ? null : formatKey({
      sort: "server",
      value: JSON.stringify([row.serverId, row.fullName]),
      id: row.id,
      backwards: back,
    });
  return {
    rows,
    next: more || backwards ? keyOf(rows.at(-1), false) : null,
    previous: (backwards ? more : key !== null) ? keyOf(rows[0], true) : null,
  };
}

/** Reads a key's value; null where it was tampered with. */
function readPlace(value: string | number | undefined) {
  try {
    const [serverId, fullName] = JSON.parse(String(value));
    return typeof serverId === "string" && typeof fullName === "string"
      ? { serverId, fullName }
      : null;
  } catch {
    return null;
  }
}
