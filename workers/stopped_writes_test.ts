/** Each step, stopped between any two of its writes, begins anew and ends with the same rows. */

import assert from "node:assert/strict";
import { type Clock, systemClock } from "@/lib/clock.ts";
import { seeded, type TestCommit, testRepository } from "@/lib/git/test_repository.ts";
import type { Db } from "@/lib/store/db.ts";
import { LEASE_MS, PRIORITY } from "@/lib/store/job_moves.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const line = (letter: string) =>
  `TOKEN = "${["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", letter, "R"].join("")}"\n`;

/** A door through which a process can write only so often, as if it were killed then. */
function mortal() {
  const life = { writesLeft: Infinity, writes: 0 };
  const door = (db: Db): Db => {
    const counted = <Result>(sql: string, call: () => Promise<Result>) => {
      if (/^\s*(select|pragma)\b/i.test(sql)) return call();
      if (life.writesLeft <= 0) return Promise.reject(new Error("the process is dead"));
      life.writesLeft--;
      life.writes++;
      return call();
    };
    return new Proxy(db, {
      get(target, name) {
        if (name === "execute") {
          return (sql: string, args?: Parameters<Db["execute"]>[1]) =>
            counted(sql, () => target.execute(sql, args));
        }
        if (name === "batch") {
          return (statements: Parameters<Db["batch"]>[0]) =>
            counted("batch", () => target.batch(statements));
        }
        return Reflect.get(target, name);
      },
    });
  };
  return { life, door };
}

/** The machine's clock, which can be set forward. */
function leapingClock(): Clock & { leap(ms: number): void } {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    sleep: systemClock.sleep,
    leap: (ms) => ahead += ms,
  };
}

/** All that a person could see of the work, without times and ids. */
async function outcome(app: MainJob): Promise<unknown> {
  return {
    server: await app.rows("SELECT state, found_count, reported_count FROM servers"),
    repositories: await app.rows(
      "SELECT slug, state, gone_at IS NULL AS here FROM repositories ORDER BY slug",
    ),
    scans: await app.rows(
      `SELECT r.slug, j.kind, j.state, j.result FROM jobs j
       LEFT JOIN repositories r ON r.id = j.repository_id ORDER BY 1, 2, 3, 4`,
    ),
    findings: await app.rows(
      `SELECT r.slug, f.rule_id, f.state, f.at_tip, f.first_path, f.first_line, f.first_commit,
         f.occurrence_count, f.missing_at IS NULL AS present FROM findings f
       JOIN repositories r ON r.id = f.repository_id ORDER BY 1, 2, 5, 6`,
    ),
    occurrences: await app.rows(
      `SELECT f.first_path, o.path, o.line, o.at_tip FROM occurrences o
       JOIN findings f ON f.id = o.finding_id ORDER BY 1, 2, 3, 4`,
    ),
    refs: await app.rows(
      "SELECT r.slug, t.refs FROM ref_tips t JOIN repositories r ON r.id = t.repository_id ORDER BY 1",
    ),
  };
}

interface Played {
  outcome: unknown;
  /** Writes of the work itself, in a life that was not cut short. */
  writes: number;
}

interface Story {
  name: string;
  commits: readonly TestCommit[];
  /** Pushed and asked for after the first scan; only then the life that is cut short begins. */
  push?: readonly TestCommit[];
  /** As the code server tells it: from 2 MB on the tip is read before the history. */
  size?: number;
  maxPackBytes?: number;
  /** Where it writes much alike: cuts only after each so many writes. */
  every?: number;
}

/** Plays a story; with `cutAfter`, the process dies after so many writes and another goes on. */
async function play(story: Story, cutAfter = Infinity): Promise<Played> {
  const { life, door } = mortal();
  const clock = leapingClock();
  const { size = 0, maxPackBytes = 1e9 } = story;
  await using repository = await testRepository();
  await repository.commit(...story.commits);
  await using app = await mainJob(
    { repositories: [{ name: "one", git: repository.dir, size }, { name: "two" }] },
    { door, clock, maxPackBytes },
  );
  if (story.push) {
    await app.run(app.settled);
    await repository.commit(...story.push);
    const { rows } = await app.store.repositories.list({}, {
      sort: "name",
      descending: false,
      limit: 10,
    });
    const wish = { step: "history", priority: PRIORITY.history, by: "schedule" } as const;
    for (const one of rows) await app.store.jobs.requestScan(one, wish);
  }
  life.writes = 0;
  life.writesLeft = cutAfter;
  app.dispatcher.wake();
  await app.run(async () => life.writesLeft <= 0 || await app.settled());
  const { writes } = life;
  if (life.writesLeft <= 0) {
    await app.dispatcher.stop();
    life.writesLeft = Infinity;
    clock.leap(LEASE_MS + 1);
    await app.restart();
    await app.run(app.settled);
  }
  return { outcome: await outcome(app), writes };
}

const noise = seeded(5);
const file = () =>
  Array.from({ length: 3_000 }, () => String.fromCharCode(33 + noise(90))).join("");

const STORIES: readonly Story[] = [
  {
    name: "a discovery and first scans, tip and history",
    size: 5e6,
    commits: [
      { files: { "a.py": line("a"), "b/c.py": line("b") } },
      { files: { "a.py": "TOKEN = read()\n" } },
    ],
  },
  {
    name: "a scan of what was pushed",
    commits: [{ files: { "a.py": line("a"), "b/c.py": line("b") } }],
    push: [{ files: { "a.py": "TOKEN = read()\n", "d.py": line("d") } }],
  },
  {
    name: "a history in slices",
    maxPackBytes: 12_000,
    every: 5,
    commits: Array.from({ length: 9 }, (_, i) => ({
      files: { [`noise/${i}.txt`]: file(), ...(i % 4 === 0 ? { [`${i}.py`]: line(`${i}`) } : {}) },
    })),
  },
];

for (const story of STORIES) {
  Deno.test(`${story.name}, stopped between any two writes, ends with the same rows`, async () => {
    const whole = await play(story);
    assert.ok(whole.writes >= 5, "the story writes");
    for (let cut = 1; cut < whole.writes; cut += story.every ?? 1) {
      const { outcome } = await play(story, cut);
      assert.deepEqual(outcome, whole.outcome, `stopped after ${cut} of ${whole.writes} writes`);
    }
  });
}
