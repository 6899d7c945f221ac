/** The main job over a stand-in workspace, in one process and without threads: for tests. */

import assert from "node:assert/strict";
import { type Clock, systemClock } from "@/lib/clock.ts";
import {
  fakeBitbucketCloud,
  type FakeSetup,
} from "@/lib/codeserver/bitbucket_cloud/fake_server.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { silentLog } from "@/lib/log.ts";
import { createMetrics } from "@/lib/metrics.ts";
import { createSeal } from "@/lib/seal.ts";
import { type Db, openDb } from "@/lib/store/db.ts";
import { createStore } from "@/lib/store/mod.ts";
import { createVitals } from "@/lib/vitals.ts";
import type { Deps } from "@/workers/deps.ts";
import { readLimits } from "@/workers/limits.ts";
import { createDispatcher } from "@/workers/mod.ts";
import { createOpener } from "@/workers/open_server.ts";
import { createInPlacePool } from "@/workers/pool.ts";
import { sweep } from "@/workers/sweep.ts";

export type MainJob = Awaited<ReturnType<typeof mainJob>>;

const SECRET = ["ATATT3x", "F".repeat(40)].join("");

/** Connects the workspace `demo`; nothing runs before the first `run`. */
export async function mainJob(
  fakeSetup: FakeSetup,
  options: {
    publicUrl?: string;
    maxPackBytes?: number;
    /** So that fingerprints can be compared. */
    key?: Uint8Array<ArrayBuffer>;
    clock?: Clock;
    /** A way to the network with faults of its own. */
    fetch?: typeof fetch;
    /** Stands between the store and its database. */
    door?: (db: Db) => Db;
    /** How long an answer, or a piece of one, may take. */
    timeoutMs?: number;
  } = {},
) {
  const { clock = systemClock, timeoutMs } = options;
  const way = options.fetch ? { fetch: options.fetch } : {};
  const dir = await Deno.makeTempDir();
  const fake = fakeBitbucketCloud({
    credentials: [{ kind: "api_token", secret: SECRET, email: "ada@example.org" }],
    ...fakeSetup,
  });
  const running = fake.serve();
  const seal = await createSeal(options.key ?? crypto.getRandomValues(new Uint8Array(32)));
  const db = await openDb(`file:${dir}/test.db`);
  await db.migrate();
  const store = createStore(options.door?.(db) ?? db, clock, seal);
  const metrics = createMetrics();
  const vitals = createVitals(clock, null);
  const opener = createOpener({
    store,
    clock,
    metrics,
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
    http: { ...way, ...(timeoutMs ? { timeoutMs } : {}) },
  });
  const threads = createInPlacePool({ threads: 2, ...way });
  const deps: Deps = {
    store,
    clock,
    log: silentLog,
    metrics,
    vitals,
    threads,
    heavyScans: 2,
    limits: {
      ...readLimits({ maxPackBytes: options.maxPackBytes ?? 1e9, maxBlobBytes: 1e7 }),
      ...(timeoutMs ? { idleSeconds: timeoutMs / 1000 } : {}),
    },
    spoolDir: null,
    fingerprintKey: seal.fingerprintKey,
    rulesVersion: RULES_VERSION,
    openServer: opener.openServer,
    publicUrl: options.publicUrl ?? null,
    owner: "test",
  };
  let dispatcher = createDispatcher(deps);
  const workspace = fake.state.workspaces.get("demo")!;
  const serverId = await store.servers.create({
    draftId: null,
    type: "bitbucket_cloud",
    workspace: { slug: "demo", uuid: workspace.uuid, name: "Demo" },
    credential: { kind: "api_token", user: "ada@example.org", secret: SECRET },
    tokenExpiresAt: null,
  });
  await store.jobs.requestDiscovery(serverId, "wizard");
  const states = async () => {
    const { rows } = await store.repositories.list({}, {
      sort: "name",
      descending: false,
      limit: 100,
    });
    return Object.fromEntries(rows.map((row) => [row.slug, row.state]));
  };
  return {
    fake,
    metrics,
    vitals,
    threads,
    db,
    openServer: opener.openServer,
    openWorkspace: opener.openWorkspace,
    credential: { kind: "api_token", user: "ada@example.org", secret: SECRET } as const,
    store,
    serverId,
    get dispatcher() {
      return dispatcher;
    },
    /** Stops the worker and puts another in its place, which heals what the first one left. */
    async restart() {
      await dispatcher.stop();
      dispatcher = createDispatcher(deps);
      await sweep(deps);
    },
    /** Asks the database itself. */
    rows: async (sql: string) => (await db.execute(sql)).rows.map((row) => ({ ...row })),
    states,
    /** Runs until `enough`, at most 200 seconds. */
    async run(enough: () => Promise<boolean>) {
      dispatcher.wake();
      for (let i = 0; i < 4_000; i++) {
        if (await enough()) return;
        await systemClock.sleep(50);
      }
      assert.fail(`still not there: ${JSON.stringify(await states())}`);
    },
    async settled() {
      const counts = await store.repositories.countByState();
      const open = ["queued", "scanning", "waiting"].some((state) => counts[state]);
      const server = await store.servers.find(serverId);
      return !open && server!.discoveryState === "succeeded";
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.stop();
      await threads.close();
      await fake.close();
      store.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
