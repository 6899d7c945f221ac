/** Counts and mirrors are kept by triggers; after any moves they equal a recount of the rows. */

import assert from "node:assert/strict";
import { LEASE_MS, PRIORITY } from "@/lib/store/job_moves.ts";
import { TRIAGE_STATES } from "@/lib/store/findings.ts";
import {
  addServer,
  addUser,
  claimed,
  COMPLETE,
  discover,
  remote,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

/** Numbers from 0 to 1 by a seed (mulberry32, public domain), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OPEN = "state IN ('open', 'to_fix')";

/** Each kept figure beside its recount. */
const RECOUNTS: [what: string, kept: string, recounted: string][] = [
  [
    "state_counts",
    "SELECT server_id, state, count FROM state_counts WHERE count <> 0 ORDER BY 1, 2",
    "SELECT server_id, state, count(*) AS count FROM repositories GROUP BY 1, 2 ORDER BY 1, 2",
  ],
  [
    "finding_counts",
    `SELECT server_id, state, severity, count FROM finding_counts WHERE count <> 0
     ORDER BY 1, 2, 3`,
    `SELECT server_id, state, severity, count(*) AS count FROM findings GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3`,
  ],
  [
    "counts of repositories",
    "SELECT id, critical, high, medium, low FROM repositories ORDER BY id",
    `SELECT r.id, ${
      ["critical", "high", "medium", "low"].map((severity) =>
        `(SELECT count(*) FROM findings f WHERE f.repository_id = r.id
          AND f.severity = '${severity}' AND f.${OPEN}) AS ${severity}`
      ).join(", ")
    } FROM repositories r ORDER BY r.id`,
  ],
  [
    "counts of servers",
    "SELECT id, repository_count AS a, selected_count AS b, running_count AS c FROM servers ORDER BY id",
    `SELECT s.id,
       (SELECT count(*) FROM repositories WHERE server_id = s.id AND gone_at IS NULL) AS a,
       (SELECT count(*) FROM repositories WHERE server_id = s.id AND gone_at IS NULL
          AND selected = 1) AS b,
       (SELECT count(*) FROM repositories WHERE server_id = s.id AND gone_at IS NULL
          AND scan_state = 'running') AS c
     FROM servers s ORDER BY s.id`,
  ],
  [
    "mirrors of the newest scan",
    `SELECT id, scan_state, scan_result, scan_wait_reason FROM repositories
     WHERE scan_id IS NOT NULL ORDER BY id`,
    `SELECT r.id, j.state AS scan_state, j.result AS scan_result,
       j.wait_reason AS scan_wait_reason
     FROM repositories r JOIN jobs j ON j.id = (SELECT id FROM jobs
       WHERE repository_id = r.id ORDER BY rowid DESC LIMIT 1) ORDER BY r.id`,
  ],
  [
    "mirrors of the newest discovery",
    "SELECT id, discovery_state FROM servers WHERE discovery_id IS NOT NULL ORDER BY id",
    `SELECT s.id, CASE WHEN j.requested_by = 'schedule' AND j.state IN ('queued', 'running')
         AND j.wait_reason IS NULL AND s.discovered_at IS NOT NULL
         THEN 'checking' ELSE j.state END AS discovery_state FROM servers s JOIN jobs j ON j.id = (SELECT id
       FROM jobs WHERE server_id = s.id AND kind = 'discovery' ORDER BY rowid DESC LIMIT 1)
     ORDER BY s.id`,
  ],
];

async function checkCounts(store: TestStore, after: string): Promise<void> {
  for (const [what, kept, recounted] of RECOUNTS) {
    assert.deepEqual(
      await rowsOf(store.db, kept),
      await rowsOf(store.db, recounted),
      `${what} ${after}`,
    );
  }
}

/** Moves of every kind on two servers, chosen by the seed. */
async function walk(store: TestStore, seed: number, steps: number): Promise<void> {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const servers = [await addServer(store, "one"), await addServer(store, "two")];
  const slugs = Array.from({ length: 8 }, (_, i) => `r${i}`);
  const someSlugs = () => slugs.filter(() => next() < 0.7);
  const listing = () =>
    someSlugs().map((slug) => ({
      ...remote(slug, { updatedAt: Math.floor(next() * 1000) }),
      selected: next() < 0.8,
    }));
  const secrets = () =>
    ["a", "b", "c", "d"].filter(() => next() < 0.6).map((name) =>
      secret(name, {
        severity: pick(["critical", "high", "medium", "low"]),
        atTip: next() < 0.5,
        suppressedBy: next() < 0.2 ? "inline comment" : null,
      })
    );
  const job = () => store.jobs.claim("scan", "walk");
  const moves: Record<string, () => Promise<unknown>> = {
    discover: async () => {
      await store.jobs.requestDiscovery(pick(servers), "schedule");
      const job = await store.jobs.claim("discovery", "walk");
      if (!job) return;
      const page = { repositories: listing(), cursor: "x", total: null };
      const found = await store.discoveries.savePage(job, page);
      const end = next();
      if (end < 0.6) await store.discoveries.finish(job, { found: found!, reported: null });
      else if (end < 0.8) await store.jobs.retry(job, store.clock.now(), "unavailable");
      else await store.jobs.fail(job, "forbidden", "");
    },
    claim: job,
    finish: async () => {
      const held = await job();
      if (!held) return;
      await store.scans.record(held, secrets(), pick(["tip", "history", "new"]));
      await store.scans.finish(held, {
        ...COMPLETE,
        result: pick(["complete", "partial", "skipped"]),
        scope: pick(["history", "new"]),
      });
    },
    stop: async () => {
      const held = await job();
      if (!held) return;
      await store.scans.record(held, secrets(), "tip");
      await pick([
        () => store.jobs.advance(held, "history", PRIORITY.history),
        () => store.jobs.snooze(held, store.clock.now() + 50, "rate_limited"),
        () => store.jobs.retry(held, store.clock.now() + 50, "unavailable"),
        () => store.jobs.giveBack(held),
        () => store.jobs.fail(held, "not_found", ""),
        () => store.jobs.cancel(held.id),
      ])();
    },
    heal: () => {
      store.clock.advance(LEASE_MS + 1);
      return store.jobs.healLost();
    },
    select: () =>
      store.servers.select(pick(servers), {
        mode: pick(["all", "custom"]),
        include: [pick(slugs)],
        exclude: [pick(slugs)],
      }, null),
    rescan: () => store.jobs.rescanServer(pick(servers), 50, "rules"),
    triage: async () => {
      const ids = (await store.findings.list({}, { limit: 50 })).rows.map((row) => row.id);
      await store.findings.triage(ids.filter(() => next() < 0.3), pick(TRIAGE_STATES), {
        who: "ada",
        reason: "",
      });
    },
  };
  const states = new Set<unknown>();
  for (let step = 0; step < steps; step++) {
    store.clock.advance(20);
    const name = pick(Object.keys(moves));
    await moves[name]!();
    await checkCounts(store, `after step ${step}, ${name}, of seed ${seed}`);
    for (const row of await rowsOf(store.db, "SELECT DISTINCT state FROM repositories")) {
      states.add(row.state);
    }
  }
  assert.ok(states.size >= 3, `the walk of seed ${seed} went nowhere`);
}

for (const seed of [1, 2, 3]) {
  storeTest(
    `counts equal recounts all along a walk of 150 moves, seed ${seed}`,
    (store) => walk(store, seed, 150),
  );
}

storeTestOnBoth("removing a server leaves nothing of it behind in any table", async (store) => {
  const kept = await addServer(store, "kept");
  await discover(store, kept, [remote("api")]);
  const tables = (await rowsOf(
    store.db,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
  )).map((row) => String(row.name)).filter((name) => !/^(sqlite_|change_numbers)/.test(name));
  const everything = async () =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (name) => [name, await rowsOf(store.db, `SELECT * FROM ${name}`)]),
      ),
    );
  const before = await everything();

  const draftId = await store.drafts.create(await addUser(store));
  const gone = await addServer(store, "gone", { draftId });
  await discover(store, gone, [remote("web"), remote("cli")]);
  await store.servers.publish(draftId, [gone]);
  await store.drafts.remove(draftId);
  await store.servers.pause(kept, true);
  await store.scans.record(await claimed(store, "scan"), [secret("a"), secret("b")], "history");
  await store.scans.finish(await claimed(store, "scan"), COMPLETE);
  await store.servers.pause(kept, false);
  assert.equal((await rowsOf(store.db, "SELECT * FROM occurrences")).length, 2);
  await store.servers.remove(gone);

  const after = await everything();
  delete after.users;
  const { users: _, ...rest } = before;
  // The pause and its end raised the version of the server that stays.
  after.servers[0].version = rest.servers[0].version;
  assert.deepEqual(after, rest);
});
