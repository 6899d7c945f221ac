/** Stores for tests, on a file of their own or over HTTP, and the rows that a test starts from. */

import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import type { RemoteRepository } from "@/lib/codeserver/mod.ts";
import { createSeal, type Seal } from "@/lib/seal.ts";
import type { Selection } from "@/lib/selection.ts";
import { type Db, openDb } from "@/lib/store/db.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";
import type { ClaimedJob, JobKind } from "@/lib/store/job_moves.ts";
import { createStore, type Store } from "@/lib/store/mod.ts";
import type { SecretToRecord } from "@/lib/store/scans.ts";

/** A migrated, empty store with the doors behind it. */
export interface TestStore extends Store {
  db: Db;
  clock: ReturnType<typeof manualClock>;
  seal: Seal;
  /** The folder that goes away with the test. */
  dir: string;
}

export type Reach = "file" | "http";

/** Runs a test on an empty store; closed and removed afterwards, whatever happens. */
export async function withStore(
  run: (store: TestStore) => Promise<void>,
  reach: Reach = "file",
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "sluice-store-" });
  const path = `${dir}/sluice.db`;
  const server = reach === "http" ? fakeHranaServer(path) : null;
  try {
    const db = await openDb(server?.url ?? `file:${path}`);
    try {
      await db.migrate();
      const clock = manualClock();
      const seal = await createSeal(new Uint8Array(32).fill(7));
      await run(Object.assign(createStore(db, clock, seal), { db, clock, seal, dir }));
    } finally {
      db.close();
    }
  } finally {
    await server?.close();
    await Deno.remove(dir, { recursive: true });
  }
}

/** A test over a file. */
export function storeTest(name: string, run: (store: TestStore) => Promise<void>): void {
  Deno.test(name, () => withStore(run));
}

/** The same test over a file and over HTTP. */
export function storeTestOnBoth(name: string, run: (store: TestStore) => Promise<void>): void {
  Deno.test(`${name} (file)`, () => withStore(run, "file"));
  Deno.test(`${name} (HTTP)`, () => withStore(run, "http"));
}

/** A user's id, for what belongs to one. */
export async function addUser(store: TestStore, email = "ada@example.com"): Promise<string> {
  const id = await store.users.create({ email, passwordHash: "scrypt$x", role: "admin" });
  assert.ok(id);
  return id;
}

/** A server of the workspace `name`, all repositories selected unless told otherwise. */
export function addServer(
  store: TestStore,
  name = "acme",
  options: { draftId?: string; selection?: Selection } = {},
): Promise<string> {
  return store.servers.create({
    draftId: options.draftId ?? null,
    type: "bitbucket_cloud",
    workspace: { slug: name, uuid: `{${name}}`, name: name.toUpperCase() },
    credential: { kind: "api_token", user: "ada@example.com", secret: `token of ${name}` },
    tokenExpiresAt: null,
    ...(options.selection ? { selection: options.selection } : {}),
  });
}

/** A repository as a code server lists it. */
export function remote(slug: string, given: Partial<RemoteRepository> = {}): RemoteRepository {
  return {
    uuid: `{${slug}}`,
    slug,
    fullName: `acme/${slug}`,
    name: slug,
    projectKey: "PAY",
    projectName: "Payments",
    isPrivate: true,
    sizeBytes: 1000,
    language: "go",
    defaultBranch: "main",
    createdAt: 1,
    updatedAt: 1000,
    htmlUrl: `https://bitbucket.org/acme/${slug}`,
    ...given,
  };
}

/** The next job of a kind, which must be due. */
export async function claimed(
  store: TestStore,
  kind: JobKind,
  owner = "test",
): Promise<ClaimedJob> {
  const job = await store.jobs.claim(kind, owner);
  assert.ok(job, `no ${kind} is due`);
  return job;
}

/** Runs one whole discovery that finds `repositories`, in one page. */
export async function discover(
  store: TestStore,
  serverId: string,
  repositories: readonly (RemoteRepository & { selected?: boolean })[],
  reported: number | null = repositories.length,
): Promise<void> {
  await store.jobs.requestDiscovery(serverId, "schedule");
  const job = await claimed(store, "discovery");
  assert.equal(job.serverId, serverId);
  const found = await store.discoveries.savePage(job, {
    repositories: repositories.map((one) => ({ selected: true, ...one })),
    cursor: "end",
    total: reported,
  });
  assert.ok(found !== null);
  assert.ok(await store.discoveries.finish(job, { found, reported }));
}

/** A server with repositories, each with its first scan requested; gives the ids by slug. */
export async function addRepositories(
  store: TestStore,
  slugs: readonly string[],
  name = "acme",
): Promise<{ serverId: string; ids: Record<string, string> }> {
  const serverId = await addServer(store, name);
  await discover(store, serverId, slugs.map((slug) => remote(slug)));
  return { serverId, ids: await idsBySlug(store, serverId) };
}

/** The ids of a server's repositories by their slugs. */
export async function idsBySlug(
  store: TestStore,
  serverId: string,
): Promise<Record<string, string>> {
  const slugs = await store.repositories.listSlugs(serverId);
  return Object.fromEntries(slugs.map(({ slug, id }) => [slug, id]));
}

/** One secret at one place, as a thread reports it. */
export function secret(
  name: string,
  given: Partial<SecretToRecord> & { place?: Partial<SecretToRecord["occurrences"][number]> } = {},
): SecretToRecord {
  const { place, ...rest } = given;
  const atTip = given.atTip ?? true;
  return {
    ruleId: "aws-access-key",
    severity: "high",
    confidence: "high",
    preview: "AKIA****",
    fingerprint: `print of ${name}`,
    reasons: ["checksum fits"],
    pathKind: "source",
    atTip,
    suppressedBy: null,
    occurrenceCount: 1,
    occurrences: [{
      commit: "c1",
      path: `${name}.env`,
      line: 3,
      column: 7,
      blob: `blob of ${name}`,
      authorName: "Ada",
      authorEmail: "ada@example.com",
      date: 5000,
      atTip,
      suppressedBy: null,
      ...place,
    }],
    ...rest,
  };
}

/** How a scan of everything ended well. */
export const COMPLETE = {
  result: "complete",
  refs: [{ name: "refs/heads/main", oid: "o1" }],
  headCommit: "o1",
  rulesVersion: "1",
  scope: "history",
} as const;

/** All rows of a statement as plain objects. */
export async function rowsOf(
  db: Db,
  sql: string,
  args: (string | number | null)[] = [],
): Promise<Record<string, unknown>[]> {
  return (await db.execute(sql, args)).rows.map((row) => ({ ...row }));
}
