import assert from "node:assert/strict";
import {
  type ClaimedJob,
  type JobState,
  LEASE_MS,
  MAX_CRASHES,
  PRIORITY,
} from "@/lib/store/job_moves.ts";
import {
  addRepositories,
  addServer,
  claimed,
  COMPLETE,
  remote,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const STATES: JobState[] = ["queued", "running", "succeeded", "failed", "cancelled"];

type Move = (store: TestStore, job: ClaimedJob) => Promise<unknown>;

/** What the holder of a scan can write. */
const SCAN_MOVES: Record<string, Move> = {
  beat: (store, job) => store.jobs.beat(job, { blobs: 1 }),
  "beat without progress": (store, job) => store.jobs.beat(job, null),
  advance: (store, job) => store.jobs.advance(job, "history", PRIORITY.history),
  snooze: (store, job) => store.jobs.snooze(job, store.clock.now() + 1000, "rate_limited"),
  retry: (store, job) => store.jobs.retry(job, store.clock.now() + 1000, "unavailable"),
  giveBack: (store, job) => store.jobs.giveBack(job),
  fail: (store, job) => store.jobs.fail(job, "forbidden", "no right"),
  succeed: (store, job) => store.jobs.succeed(job, { result: "complete" }),
  record: (store, job) => store.scans.record(job, [secret("a")], "history"),
  finish: (store, job) => store.scans.finish(job, COMPLETE),
};

/** What anybody can do. */
const OTHER_MOVES: Record<string, Move> = {
  claim: (store) => store.jobs.claim("scan", "other"),
  cancel: (store, job) => store.jobs.cancel(job.id),
  healLost: (store) => {
    store.clock.advance(LEASE_MS + 1);
    return store.jobs.healLost();
  },
  "healLost at the last crash": async (store, job) => {
    await store.db.execute("UPDATE jobs SET crashes = ? WHERE id = ?", [MAX_CRASHES - 1, job.id]);
    store.clock.advance(LEASE_MS + 1);
    return store.jobs.healLost();
  },
};

/** Every change of state that there is; all other pairs have no move. */
const ALLOWED: Record<string, string[]> = {
  "queued > running": ["claim"],
  "queued > cancelled": ["cancel"],
  "running > queued": ["advance", "snooze", "retry", "giveBack", "healLost"],
  "running > succeeded": ["succeed", "finish"],
  "running > failed": ["fail", "healLost at the last crash"],
  "running > cancelled": ["cancel"],
};

async function stateOf(store: TestStore, id: string): Promise<JobState> {
  return (await rowsOf(store.db, "SELECT state FROM jobs WHERE id = ?", [id]))[0]!
    .state as JobState;
}

storeTestOnBoth("of the 25 pairs of states, moves join exactly six", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  await store.jobs.cancel((await claimed(store, "scan")).id);
  const repository = { id: ids.api!, serverId };
  const options = { step: "tip", priority: PRIORITY.person, by: "person" } as const;
  const reach: Record<JobState, Move> = {
    queued: SCAN_MOVES.giveBack!,
    running: () => Promise.resolve(),
    succeeded: SCAN_MOVES.finish!,
    failed: SCAN_MOVES.fail!,
    cancelled: OTHER_MOVES.cancel!,
  };
  const seen: Record<string, string[]> = {};
  for (const from of STATES) {
    for (const [name, move] of Object.entries({ ...SCAN_MOVES, ...OTHER_MOVES })) {
      const id = await store.jobs.requestScan(repository, options);
      const job = await claimed(store, "scan");
      assert.equal(job.id, id);
      await reach[from](store, job);
      assert.equal(await stateOf(store, job.id), from);
      await move(store, job);
      const to = await stateOf(store, job.id);
      if (to !== from) (seen[`${from} > ${to}`] ??= []).push(name);
      await store.jobs.cancel(job.id);
    }
  }
  for (const from of STATES) {
    for (const to of STATES) {
      const pair = `${from} > ${to}`;
      assert.deepEqual(seen[pair]?.sort(), ALLOWED[pair]?.toSorted(), pair);
    }
  }
});

const DISCOVERY_MOVES: Record<string, Move> = {
  ...SCAN_MOVES,
  savePage: (store, job) =>
    store.discoveries.savePage(job, {
      repositories: [{ ...remote("ghost"), selected: true }],
      cursor: "x",
      total: 1,
    }),
  "finish of a discovery": (store, job) => store.discoveries.finish(job, { found: 1, reported: 1 }),
};
delete DISCOVERY_MOVES.record;
delete DISCOVERY_MOVES.finish;
delete DISCOVERY_MOVES.advance;

/** Everything that a holder could write to. */
async function everything(store: TestStore) {
  const tables = ["jobs", "servers", "repositories", "findings", "occurrences", "ref_tips"];
  return await Promise.all(tables.map((table) => rowsOf(store.db, `SELECT * FROM ${table}`)));
}

for (const [kind, moves] of [["scan", SCAN_MOVES], ["discovery", DISCOVERY_MOVES]] as const) {
  for (const [name, move] of Object.entries(moves)) {
    storeTest(
      `${name}: a worker that lost its claim of a ${kind} writes nothing`,
      async (store) => {
        const { serverId } = await addRepositories(store, ["api"]);
        if (kind === "discovery") await store.jobs.requestDiscovery(serverId, "schedule");
        const lost = await claimed(store, kind, "slow");
        store.clock.advance(LEASE_MS + 1);
        await store.jobs.healLost();
        const holder = await claimed(store, kind, "quick");
        assert.deepEqual([holder.id, holder.claim], [lost.id, lost.claim + 1]);

        const before = await everything(store);
        store.clock.advance(5);
        assert.ok(!await move(store, lost));
        assert.deepEqual(await everything(store), before);

        await store.jobs.cancel(holder.id);
        const after = await everything(store);
        assert.ok(!await move(store, holder));
        assert.deepEqual(await everything(store), after);
      },
    );
  }
}

storeTestOnBoth("claim() gives the row to one of twenty callers", async (store) => {
  await addRepositories(store, ["api"]);
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, i) => store.jobs.claim("scan", `caller ${i}`)),
  );
  const [job, ...others] = claims.filter((claim) => claim !== null);
  assert.deepEqual(others, []);
  assert.deepEqual([job!.step, job!.claim, job!.attempts], ["history", 1, 0]);
});

storeTest(
  "a lost lease is healed, and a silent job is set aside after its last crash",
  async (store) => {
    const { ids } = await addRepositories(store, ["api"]);
    for (let crash = 1; crash < MAX_CRASHES; crash++) {
      await claimed(store, "scan");
      assert.deepEqual(await store.jobs.healLost(), { requeued: 0, setAside: 0 });
      store.clock.advance(LEASE_MS + 1);
      assert.deepEqual(await store.jobs.healLost(), { requeued: 1, setAside: 0 });
    }
    const last = await claimed(store, "scan");
    assert.equal(last.crashes, MAX_CRASHES - 1);
    store.clock.advance(LEASE_MS + 1);
    assert.deepEqual(await store.jobs.healLost(), { requeued: 0, setAside: 1 });
    const { scan, state } = (await store.repositories.find(ids.api!))!;
    assert.deepEqual([state, scan!.failureReason], ["failed", "crashed"]);
    assert.match(scan!.failureDetail!, new RegExp(`without a word ${MAX_CRASHES} times`));
  },
);

storeTest(
  "a beat keeps the lease, and a word to the store forgets earlier crashes",
  async (store) => {
    await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    for (let i = 0; i < 3; i++) {
      store.clock.advance(LEASE_MS - 1);
      assert.ok(await store.jobs.beat(job, null));
      assert.deepEqual(await store.jobs.healLost(), { requeued: 0, setAside: 0 });
    }
    store.clock.advance(LEASE_MS + 1);
    await store.jobs.healLost();
    const again = await claimed(store, "scan");
    assert.equal(again.crashes, 1);
    await store.jobs.snooze(again, store.clock.now(), "rate_limited");
    assert.equal((await claimed(store, "scan")).crashes, 0);
  },
);

storeTest(
  "retry() uses up a try, snooze() and giveBack() do not, advance() starts anew",
  async (store) => {
    await addRepositories(store, ["api"]);
    const until = store.clock.now() + 60_000;
    await store.jobs.retry(await claimed(store, "scan"), until, "unavailable");
    assert.equal(await store.jobs.claim("scan", "early"), null);
    assert.equal(await store.jobs.nextDueAt(), until);
    store.clock.advance(60_000);
    let job = await claimed(store, "scan");
    assert.equal(job.attempts, 1);
    await store.jobs.snooze(job, store.clock.now(), "rate_limited");
    job = await claimed(store, "scan");
    await store.jobs.giveBack(job);
    job = await claimed(store, "scan");
    assert.equal(job.attempts, 1);
    await store.jobs.advance(job, "history", PRIORITY.history);
    job = await claimed(store, "scan");
    assert.deepEqual([job.attempts, job.step], [0, "history"]);
  },
);

storeTest("a repository has one open scan, a server one open discovery", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api"]);
  const repository = { id: ids.api!, serverId };
  const options = { step: "tip", priority: PRIORITY.person, by: "person" } as const;
  assert.equal(await store.jobs.requestScan(repository, options), null);
  await claimed(store, "scan");
  assert.equal(await store.jobs.requestScan(repository, options), null);
  assert.ok(await store.jobs.requestDiscovery(serverId, "person"));
  assert.equal(await store.jobs.requestDiscovery(serverId, "person"), null);
  await assert.rejects(
    store.db.execute(
      `INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by, run_at,
         created_at) VALUES ('x', 'scan', ?, ?, 'tip', 1, 'person', 0, 0)`,
      [serverId, ids.api!],
    ),
    /UNIQUE/,
  );
});

storeTest("a scan is hastened in line only, and goes on waiting where it has to", async (store) => {
  const { ids } = await addRepositories(store, ["a", "b"]);
  const first = await claimed(store, "scan");
  assert.equal(await store.jobs.hastenScan(first.repositoryId!), false);
  const untilMs = store.clock.now() + 60_000;
  await store.jobs.snooze(first, untilMs, "rate_limited");
  assert.ok(await store.jobs.hastenScan(first.repositoryId!));
  const other = first.repositoryId === ids.a ? ids.b : ids.a;
  assert.equal((await claimed(store, "scan")).repositoryId, other);
  assert.equal(await store.jobs.claim("scan", "x"), null);
  store.clock.advance(60_000);
  assert.equal((await claimed(store, "scan")).repositoryId, first.repositoryId);
});

storeTest("a discovery that waits is due at once when a person asks", async (store) => {
  const serverId = await addServer(store);
  await store.jobs.requestDiscovery(serverId, "schedule", store.clock.now() + 60_000);
  assert.equal(await store.jobs.claim("discovery", "early"), null);
  assert.ok(await store.jobs.hastenDiscovery(serverId));
  await claimed(store, "discovery");
  assert.equal(await store.jobs.hastenDiscovery(serverId), false);
});

storeTest(
  "endLeases() ends those of the owner's name alone, wildcards taken literally",
  async (store) => {
    await addRepositories(store, ["a", "b", "c"]);
    const owners = ["host_1:5", "host_1:6", "hostX1:5"];
    for (const owner of owners) await claimed(store, "scan", owner);
    await store.jobs.endLeases("host_1:");
    assert.deepEqual(await store.jobs.healLost(), { requeued: 2, setAside: 0 });
  },
);
