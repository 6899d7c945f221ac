/** A database that may not grow: nothing is lost, no try is used up, and the work goes on with room. */

import assert from "node:assert/strict";
import { addCommits, makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken } from "@/e2e/harness/secrets.ts";
import { systemClock } from "@/lib/clock.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const SECRETS = 400;

/** As a full disk: SQLite refuses each write that needs another page. */
async function setRoom(job: MainJob, room: "none" | "enough"): Promise<void> {
  const { rows } = await job.db.execute("PRAGMA page_count");
  const pages = Number(Object.values(rows[0]!)[0]);
  await job.db.execute(`PRAGMA max_page_count = ${room === "none" ? pages : pages * 100}`);
}

async function waitFor(ask: () => Promise<boolean>): Promise<void> {
  while (!await ask()) await systemClock.sleep(50);
}

Deno.test("on a full disk a scan waits without using up a try, and is complete when there is room", async () => {
  const dir = await Deno.makeTempDir();
  // Waits of a minute pass at once: the clock runs ahead on request.
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 50), signal),
  };
  try {
    const secrets = Array.from({ length: SECRETS }, () => `KEY=${githubToken()}\n`).join("");
    await makeRepository(dir, [{ message: "One", files: { "a.env": secrets } }]);
    await addCommits(dir, [{ message: "Two", files: { "b.txt": "text\n" } }]);
    await using job = await mainJob({ repositories: [{ name: "one", git: dir }] }, { clock });
    // The list is known; the findings no longer fit.
    const full = Promise.withResolvers<void>();
    const record = job.store.scans.record;
    job.store.scans.record = async (...args) => {
      await setRoom(job, "none");
      try {
        return await record(...args);
      } finally {
        full.resolve();
      }
    };
    job.dispatcher.wake();
    await full.promise;
    await waitFor(() => Promise.resolve(job.vitals.isDiskFull()));
    assert.equal(
      job.threads.free,
      job.threads.size,
      "the reading that could not be written is over",
    );
    assert.equal((await job.store.findings.list({}, { limit: 1 })).rows.length, 0);
    job.store.scans.record = record;
    await setRoom(job, "enough");
    const scan = async () => {
      const { rows: [row] } = await job.store.repositories.list({}, {
        sort: "name",
        descending: false,
        limit: 1,
      });
      return row!.scan!;
    };
    await waitFor(async () => {
      ahead += 30_000;
      job.dispatcher.wake();
      return (await scan()).state === "succeeded";
    });
    assert.deepEqual([(await scan()).attempts, (await scan()).result], [0, "complete"]);
    const { rows } = await job.db.execute("SELECT count(*) AS n FROM findings");
    assert.equal(rows[0]!.n, SECRETS);
    const { rows: [check] } = await job.db.execute("PRAGMA integrity_check");
    assert.equal(Object.values(check!)[0], "ok");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
