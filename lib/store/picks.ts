/** Repositories that a caller names by their uuid, before or after a discovery has seen them. */

import type { RemoteRepository } from "@/lib/codeserver/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";

/** The repositories that a person ticked in a draft or a server. */
export function pickStore(db: Db, clock: Clock) {
  return {
    /** Ids of a server's repositories by uuid; what is not known is left out. */
    async findIds(serverId: string, uuids: readonly string[]): Promise<Map<string, string>> {
      const { rows } = await db.execute(
        `SELECT id, uuid FROM repositories
         WHERE server_id = ? AND uuid IN (SELECT value FROM json_each(?))`,
        [serverId, JSON.stringify(uuids)],
      );
      return new Map(rows.map((row) => [String(row.uuid), String(row.id)]));
    },

    /** The uuids of what was picked by hand in a server. */
    async listUuids(serverId: string): Promise<string[]> {
      const { rows } = await db.execute(
        "SELECT uuid FROM repositories WHERE server_id = ? AND picked = 1 ORDER BY uuid",
        [serverId],
      );
      return rows.map((row) => String(row.uuid));
    },

    /** Picks repositories that no discovery has saved yet; the first one then asks for their scans. */
    async add(serverId: string, repositories: readonly RemoteRepository[]): Promise<void> {
      const now = clock.now();
      const rows = repositories.map((repository) => ({ ...repository, id: newId(now) }));
      const get = (name: string) => `v.value ->> '$.${name}'`;
      await db.execute(
        `INSERT INTO repositories (id, server_id, uuid, slug, full_name, name, project_key,
           project_name, is_private, size_bytes, language, default_branch, remote_created_at,
           remote_updated_at, html_url, picked, selected, created_at)
         SELECT ${get("id")}, ?1, ${get("uuid")}, ${get("slug")}, ${get("fullName")},
           ${get("name")}, ${get("projectKey")}, ${get("projectName")}, ${get("isPrivate")},
           ${get("sizeBytes")}, ${get("language")}, ${get("defaultBranch")},
           ${get("createdAt")}, coalesce(${get("updatedAt")}, 0), ${get("htmlUrl")}, 1, 1, ?2
         FROM json_each(?3) v WHERE true
         ON CONFLICT (server_id, uuid) DO UPDATE SET picked = 1, selected = 1`,
        [serverId, now, JSON.stringify(rows)],
      );
    },
  };
}
