/** How long is waited, and what is counted, when Bitbucket asks for patience. */

import assert from "node:assert/strict";
import { systemClock } from "@/lib/clock.ts";
import { manyRepositories } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const LIST = "GET /2.0/repositories/*";

/** A clock that stands still until it is moved, so that waits are exact on a slow machine. */
function stillClock() {
  let now = Date.now();
  return { now: () => now, sleep: systemClock.sleep, advance: (ms: number) => void (now += ms) };
}

/** Milliseconds from now until the discovery is tried again, once it waits. */
async function wait(job: MainJob, clock: { now: () => number }): Promise<number> {
  let runAt = 0;
  await job.run(async () => {
    const [row] = await job.rows("SELECT state, run_at FROM jobs WHERE kind = 'discovery'");
    runAt = Number(row!.run_at);
    return row!.state === "queued" && runAt > clock.now();
  });
  return runAt - clock.now();
}

Deno.test("a wait of nothing, or a date that is over, is no reason to ask at once", async () => {
  for (const value of ["0", "-5", new Date(0).toUTCString()]) {
    const clock = stillClock();
    await using job = await mainJob({
      repositories: manyRepositories(3, []),
      faults: [{ on: LIST, status: 429, headers: { "retry-after": value } }],
    }, { clock });
    const first = await wait(job, clock);
    assert.ok(first >= 5_000, `${value}: ${first}`);
    assert.equal(job.fake.count(LIST), 1, value);
    clock.advance(first);
    job.dispatcher.wake();
    assert.equal(await wait(job, clock), 2 * first, value);
    assert.equal(job.fake.count(LIST), 2, value);
    assert.equal((await job.store.servers.find(job.serverId))!.state, "waiting");
  }
});

Deno.test("git is not asked again at once either, and its server is shown as waiting", async () => {
  const clock = stillClock();
  await using job = await mainJob({
    repositories: manyRepositories(1, []),
    faults: [{ on: "GET /demo/*", status: 429, headers: { "retry-after": "0" } }],
  }, { clock });
  await job.run(async () => (await job.store.servers.find(job.serverId))!.waitingUntil !== null);
  const server = (await job.store.servers.find(job.serverId))!;
  assert.ok(server.waitingUntil! >= clock.now() + 5_000);
  assert.equal(job.fake.count("GET /demo/*"), 1);
});

Deno.test("a limit that tells no time is waited for twice as long each time, up to an hour", async () => {
  const clock = stillClock();
  await using job = await mainJob({
    repositories: manyRepositories(250, []),
    faults: [{ on: LIST, skip: 1, times: 8, status: 429 }],
  }, { clock });
  const minutes: number[] = [];
  for (let i = 0; i < 8; i++) {
    const ms = await wait(job, clock);
    minutes.push(ms / 60_000);
    clock.advance(ms);
    job.dispatcher.wake();
  }
  assert.deepEqual(minutes, [1, 2, 4, 8, 16, 32, 60, 60]);
  await job.run(async () =>
    (await job.store.servers.find(job.serverId))!.discoveryState === "succeeded"
  );
});

Deno.test("a shorter wait does not end a longer one", async () => {
  const clock = stillClock();
  await using job = await mainJob({ repositories: [] }, { clock });
  await job.store.servers.wait(job.serverId, clock.now() + 3_600_000);
  await job.store.servers.wait(job.serverId, clock.now() + 60_000);
  assert.equal(
    (await job.store.servers.find(job.serverId))!.waitingUntil,
    clock.now() + 3_600_000,
  );
});

Deno.test("an outage that asks for no wait is not tried out within seconds", async () => {
  const clock = stillClock();
  await using job = await mainJob({
    repositories: manyRepositories(3, []),
    faults: [{ on: LIST, times: 2, status: 503, headers: { "retry-after": "0" } }],
  }, { clock });
  const first = await wait(job, clock);
  clock.advance(first);
  job.dispatcher.wake();
  assert.deepEqual([first, await wait(job, clock)], [5_000, 30_000]);
});

Deno.test("one odd row costs that repository alone: the rest is scanned, nothing is called gone", async () => {
  let odd = false;
  await using job = await mainJob({ repositories: manyRepositories(5, []) }, {
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (!odd || pathname !== "/2.0/repositories/demo") return answer;
      const page = await answer.json();
      page.values[2] = { ...page.values[2], full_name: "demo/c++" };
      return Response.json(page);
    },
  });
  await job.run(job.settled);
  odd = true;
  await job.store.jobs.requestDiscovery(job.serverId, "person");
  job.dispatcher.wake();
  await job.run(async () =>
    (await job.rows(
      "SELECT count(*) AS n FROM jobs WHERE kind = 'discovery' AND result = 'partial'",
    ))[0]!.n === 1
  );
  const server = (await job.store.servers.find(job.serverId))!;
  assert.deepEqual([server.foundCount, server.reportedCount], [4, 5]);
  assert.equal(server.attentionReason, null);
  assert.equal((await job.store.repositories.countByState()).gone ?? 0, 0);
});

Deno.test("the pre-flight is counted, and a refusal's figures are not taken for the allowance", async () => {
  await using job = await mainJob({ repositories: manyRepositories(2, []) });
  await job.openWorkspace("bitbucket_cloud", "demo", job.credential).checkAccess();
  const server = (await job.store.servers.find(job.serverId))!;
  const before = (await job.store.restCalls.budget(server)).used;
  assert.ok(before >= 3, String(before));
  job.fake.faults.add({
    on: "GET /2.0/*",
    status: 401,
    headers: { "x-ratelimit-limit": "60, 60;w=3600" },
  });
  await job.openWorkspace("bitbucket_cloud", "demo", job.credential).checkAccess();
  const after = (await job.store.servers.find(job.serverId))!;
  assert.equal(after.restLimit, 1000);
  assert.ok((await job.store.restCalls.budget(after)).used > before);
});

Deno.test("the last calls of an hour are for what a person asked for", async () => {
  await using job = await mainJob({ repositories: manyRepositories(1, []) });
  const server = (await job.store.servers.find(job.serverId))!;
  await job.db.execute("INSERT INTO credential_calls VALUES (?, ?, 960)", [
    server.credentialKey,
    Math.floor(Date.now() / 60_000),
  ]);
  await assert.rejects(
    async () => await (await job.openServer(server)).listRepositories(null),
    /REST calls of this hour are used/,
  );
  const asked = await job.openServer(server, { asked: true });
  assert.equal((await asked.listRepositories(null)).items.length, 1);
});

Deno.test("a full disk and an outage are no rate limit: the first wait after them is a minute", async () => {
  const clock = stillClock();
  await using job = await mainJob({
    repositories: manyRepositories(250, []),
    faults: [{ on: LIST, skip: 1, times: 1, status: 429 }],
  }, { clock });
  for (const reason of ["disk_full", "disk_full", "unreadable"]) {
    const claimed = await job.store.jobs.claim("discovery", "test");
    assert.ok(await job.store.jobs.snooze(claimed!, clock.now(), reason));
  }
  job.dispatcher.wake();
  assert.equal(await wait(job, clock), 60_000);
});

Deno.test("another token does not wait for the one before it, the same one does", async () => {
  const clock = stillClock();
  await using job = await mainJob({
    repositories: manyRepositories(1, []),
    faults: [{ on: "GET /demo/*", status: 429, headers: { "retry-after": "3600" } }],
  }, { clock });
  await job.run(async () => (await job.store.servers.find(job.serverId))!.waitingUntil !== null);
  const until = clock.now() + 3_600_000;
  await job.store.servers.replaceCredential(job.serverId, job.credential, null);
  assert.equal((await job.store.servers.find(job.serverId))!.waitingUntil, until);
  await job.store.servers.replaceCredential(
    job.serverId,
    { ...job.credential, secret: job.credential.secret + "another" },
    null,
  );
  assert.equal((await job.store.servers.find(job.serverId))!.waitingUntil, null);
  const [scan] = await job.rows("SELECT run_at, wait_reason FROM jobs WHERE kind = 'scan'");
  assert.deepEqual({ ...scan }, { run_at: clock.now(), wait_reason: null });
});

Deno.test("a row that is odd is reported once, though the list is walked again", async () => {
  const odd = async (input: RequestInfo | URL, init?: RequestInit) => {
    const answer = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== "/2.0/repositories/demo" || !answer.ok) return answer;
    const page = await answer.json();
    page.values = page.values.map((row: { full_name: string }) =>
      row.full_name === "demo/repository-00007" ? { ...row, full_name: "demo/c++" } : row
    );
    return Response.json(page);
  };
  await using job = await mainJob(
    { repositories: manyRepositories(250, []), listing: { q: "ignored" } },
    { fetch: odd },
  );
  await job.run(async () =>
    (await job.store.servers.find(job.serverId))!.discoveryState === "succeeded"
  );
  const server = (await job.store.servers.find(job.serverId))!;
  assert.deepEqual([server.foundCount, server.reportedCount], [249, 250]);
});

Deno.test("a workspace whose ID was changed is found again by its uuid, with all that is known of it", async () => {
  await using job = await mainJob({ repositories: manyRepositories(120, []) });
  await job.run(job.settled);
  job.fake.state.renameWorkspace("demo", "demo-two");
  await job.store.jobs.requestDiscovery(job.serverId, "person");
  job.dispatcher.wake();
  await job.run(async () =>
    (await job.rows(
      "SELECT count(*) AS n FROM jobs WHERE kind = 'discovery' AND result = 'complete'",
    ))[0]!.n === 2
  );
  const server = (await job.store.servers.find(job.serverId))!;
  assert.deepEqual([server.workspace, server.attentionReason], ["demo-two", null]);
  assert.equal(server.repositoryCount, 120);
  const names = await job.rows(
    "SELECT full_name FROM repositories WHERE full_name LIKE 'demo-two/%'",
  );
  assert.equal(names.length, 120);
  assert.equal((await job.store.repositories.countByState()).gone ?? 0, 0);
});
