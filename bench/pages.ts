/**
 * `deno task bench:pages N`: how long pages take with 100 repositories and with N (100,000), by the
 * app as a process. Lists are read by keys and counts are kept by triggers, so both should be close.
 */

import { startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import type { Visitor } from "@/e2e/harness/visitor.ts";
import { openWorkspace, WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";
import { createSeal } from "@/lib/seal.ts";
import { openDb } from "@/lib/store/db.ts";
import { openStore } from "@/lib/store/mod.ts";

const PATHS: Record<string, string> = {
  "repositories": "/repositories",
  "last page": "/repositories?sort=-name",
  "most findings first": "/repositories?sort=-findings",
  "newest scan first": "/repositories?sort=-scanned",
  "one state": "/repositories?state=findings",
  "search": "/repositories?q=repository-0000",
  "search without a match": "/repositories?q=zzzz",
  "poll": "/repositories/refresh",
  "findings": "/findings",
  "findings of one severity": "/findings?severity=critical",
  "code servers": "/servers",
};
const TIMES = 30;

/** A full page, so that both measure the same amount of HTML. */
const FEW = 100;

const count = Number(Deno.args[0] ?? 100_000);
if (!Number.isInteger(count) || count < FEW || count > 1_000_000) {
  console.error("Say how many repositories, from 100 to 1000000: deno task bench:pages 100000");
  Deno.exit(2);
}

const [few, many] = [await measure(FEW), await measure(count)];
console.table(Object.fromEntries(
  Object.keys(PATHS).map((name) => [name, {
    [`${FEW}, median ms`]: few[name]!.median,
    [`${FEW}, p95 ms`]: few[name]!.p95,
    [`${count}, median ms`]: many[name]!.median,
    [`${count}, p95 ms`]: many[name]!.p95,
  }]),
));

type Times = Record<string, { median: number; p95: number }>;

async function measure(repositories: number): Promise<Times> {
  return await withFolder(async (dataDir) => {
    await using workspace = openWorkspace({});
    await seed(dataDir, workspace, repositories);
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      const visitor = await signIn(app, workspace);
      const times: Times = {};
      for (const [name, path] of Object.entries(PATHS)) times[name] = await time(visitor, path);
      return times;
    } finally {
      await app.stop();
    }
  });
}

async function time(visitor: Visitor, path: string): Promise<{ median: number; p95: number }> {
  const taken: number[] = [];
  for (let run = 0; run < TIMES; run++) {
    const before = performance.now();
    const { status } = await visitor.open(path);
    taken.push(performance.now() - before);
    if (status !== 200) throw new Error(`Cannot measure ${path}: it answered ${status}`);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => Math.round(taken[Math.floor(taken.length * share)]! * 10) / 10;
  return { median: at(0.5), p95: at(0.95) };
}

/** A paused server with that many scanned repositories, a finding in every third. */
async function seed(dataDir: string, workspace: Workspace, repositories: number): Promise<void> {
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
