/** The rows of the bench of pages: one workspace with as many scanned repositories as are asked for. */

import { WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";
import { createSeal } from "@/lib/seal.ts";
import { openDb } from "@/lib/store/db.ts";
import { openStore } from "@/lib/store/mod.ts";

/** A paused server with that many scanned repositories, a finding in every third. */
export async function seed(
  dataDir: string,
  workspace: Workspace,
  repositories: number,
): Promise<void> {
  const url = `file:${dataDir}/sluice.db`;
  const store = await openStore({ url, seal: await createSeal(workspace.secretKey) });
  const serverId = await store.servers.create({
    draftId: null,
    type: "bitbucket_cloud",
    workspace: { slug: WORKSPACE, uuid: "{0}", name: WORKSPACE },
    credential: { kind: "access_token", user: null, secret: workspace.token },
    tokenExpiresAt: null,
  });
  await store.jobs.requestDiscovery(serverId, "wizard");
  const job = (await store.jobs.claim("discovery", "bench"))!;
  for (let start = 0; start < repositories; start += 1000) {
    const items = Array.from(
      { length: Math.min(1000, repositories - start) },
      (_, index) => remote(start + index),
    );
    await store.discoveries.savePage(job, { repositories: items, cursor: "", total: repositories });
  }
  await store.discoveries.finish(job, { found: repositories, reported: repositories });
  await store.servers.pause(serverId, true);
  store.close();

  const db = await openDb(url);
  await db.execute(
    `UPDATE jobs SET state = 'succeeded', step = 'done', result = 'complete', finished_at = ?
     WHERE kind = 'scan'`,
    [Date.now()],
  );
  await db.execute(
    `INSERT INTO findings (id, server_id, repository_id, rule_id, fingerprint, preview, severity,
       confidence, path_kind, at_tip, first_commit, first_path, first_line, occurrence_count,
       last_scan_id, created_at)
     SELECT 'f' || id, server_id, id, 'github-personal-token', hex(randomblob(32)), 'ghp_…9x',
       CASE rowid % 4 WHEN 0 THEN 'critical' WHEN 1 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END,
       'high', 'source', 1, hex(randomblob(20)), 'src/app.ts', 1, 1, scan_id, ?
     FROM repositories WHERE rowid % 3 = 0`,
    [Date.now()],
  );
  db.close();
}

function remote(index: number) {
  const slug = `repository-${String(index).padStart(6, "0")}`;
  const at = Date.UTC(2025, 0, 1) + index * 60_000;
  return {
    uuid: `{${slug}}`,
    slug,
    fullName: `${WORKSPACE}/${slug}`,
    name: slug,
    projectKey: "MAIN",
    projectName: "Main",
    isPrivate: true,
    sizeBytes: 1000,
    language: null,
    defaultBranch: "main",
    createdAt: at,
    updatedAt: at,
    htmlUrl: `https://bitbucket.org/${WORKSPACE}/${slug}`,
    selected: true,
  };
}
