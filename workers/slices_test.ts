/** Histories too large for one pack, or interrupted again and again, still get to the end. */

import assert from "node:assert/strict";
import type { FakeGitHabits } from "@/lib/codeserver/bitbucket_cloud/fake_git.ts";
import { RULES_VERSION } from "@/lib/detect/mod.ts";
import { seeded, type TestRepository, testRepository } from "@/lib/git/test_repository.ts";
import { MIXED_RULES } from "@/lib/rules_version.ts";
import type { Db } from "@/lib/store/db.ts";
import type { ClaimedJob } from "@/lib/store/job_moves.ts";
import { mainJob } from "@/workers/fake_main_job.ts";
import { sliceAt } from "@/workers/slices.ts";

const token = (letter: string) => ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", letter, "R"].join("");

/** Sixty commits of incompressible files on two branches; secrets in the first, middle and last. */
async function longHistory(): Promise<TestRepository> {
  const repository = await testRepository();
  const random = seeded(7);
  const noise = () =>
    Array.from({ length: 3_000 }, () => String.fromCharCode(33 + random(90))).join("");
  for (let i = 0; i < 60; i++) {
    const files: Record<string, string | null> = { [`noise/${i}.txt`]: noise() + "\n" };
    if (i === 0) files["first.py"] = `TOKEN = "${token("a")}"\n`;
    if (i === 30) files["middle.py"] = `TOKEN = "${token("b")}"\n`;
    if (i === 31) files["middle.py"] = null;
    if (i === 59) files["last.py"] = `TOKEN = "${token("c")}"\n`;
    await repository.commit({ files, ...(i === 40 ? { branch: "side" } : {}) });
  }
  return repository;
}

/** What a scan of the repository comes to where a pack may have `limit` bytes. */
async function scanned(
  repository: TestRepository,
  { git, limit = 60_000 }: { git?: FakeGitHabits; limit?: number } = {},
) {
  await using app = await mainJob({
    repositories: [{ name: "one", git: repository.dir }],
    ...(git ? { git } : {}),
  }, { maxPackBytes: limit });
  await app.run(app.settled);
  const { rows } = await app.store.findings.list({}, { limit: 10 });
  const [scan] = await app.rows(
    "SELECT repository_id, result, left_out FROM jobs WHERE kind = 'scan'",
  );
  assert.deepEqual(await app.rows("SELECT * FROM commit_parts"), [], "gone with the scan");
  return {
    found: rows.map((f) => [f.firstPath, f.firstCommit, f.firstDate, f.atTip, f.missingAt]).sort(),
    tips: await app.store.scans.refTips(String(scan!.repository_id)),
    fetches: app.fake.count("POST /demo/one.git/git-upload-pack"),
    result: scan!.result,
    leftOut: JSON.parse(String(scan!.left_out)) as string[],
  };
}

const NO_LIMIT = { limit: 1e9 };
const NO_FILTER = { git: { filter: false } };

Deno.test("a history larger than the limit is read in slices, and equals a reading in one piece", async () => {
  await using repository = await longHistory();
  const whole = await scanned(repository, NO_LIMIT);
  const sliced = await scanned(repository);
  assert.equal(whole.found.length, 3);
  assert.deepEqual({ ...sliced, fetches: 0 }, { ...whole, fetches: 0 });
  assert.deepEqual([sliced.result, sliced.leftOut], ["complete", []]);
  assert.ok(sliced.fetches > whole.fetches + 4, `${sliced.fetches} fetches`);
});

Deno.test("a commit larger than the limit leaves the rest found, and says what was left out", async () => {
  await using repository = await longHistory();
  const random = seeded(8);
  const huge = Array.from({ length: 200_000 }, () => String.fromCharCode(33 + random(90))).join("");
  await repository.commit({ files: { "huge.txt": huge } });
  const { result, leftOut, found } = await scanned(repository);
  assert.equal(result, "partial");
  assert.match(leftOut.join(" "), /larger than/);
  assert.equal(found.length, 3);
});

/** A history whose commits come with few files, but for one in its middle. */
async function historyWithHugeMiddle(): Promise<TestRepository> {
  const repository = await testRepository();
  const random = seeded(9);
  const noise = (size: number) =>
    Array.from({ length: size }, () => String.fromCharCode(33 + random(90))).join("");
  for (let i = 0; i < 40; i++) {
    const files: Record<string, string | null> = { "noise.txt": noise(3_000) + "\n" };
    if (i === 5) files["before.py"] = `TOKEN = "${token("a")}"\n`;
    if (i === 6) files["before.py"] = null;
    if (i === 20) files["huge.txt"] = noise(200_000);
    if (i === 21) files["huge.txt"] = null;
    if (i === 25) files["after.py"] = `TOKEN = "${token("b")}"\n`;
    if (i === 26) files["after.py"] = null;
    await repository.commit({ files });
  }
  return repository;
}

Deno.test("without filters, what lies above a commit that is too large is read, and the rest named", async () => {
  await using repository = await historyWithHugeMiddle();
  const { result, leftOut, found } = await scanned(repository, NO_FILTER);
  const huge = (await repository.git(["rev-parse", "main~19"])).trim();
  assert.equal(result, "partial");
  assert.deepEqual(leftOut, [
    `commit ${huge.slice(0, 10)} and those behind it: pack larger than 60000 bytes`,
  ]);
  const first = (await repository.git(["rev-parse", "main~14"])).trim();
  assert.deepEqual(found.map((row) => row.slice(0, 2)), [["after.py", first]]);
});

Deno.test("without filters, a newest commit that is too large alone ends the scan with its figures", async () => {
  await using repository = await longHistory();
  const { result, leftOut } = await scanned(repository, NO_FILTER);
  assert.equal(result, "skipped");
  assert.match(leftOut.join(" "), /newest commit .* does not fit: .* larger than 60000 bytes/);
});

/** A store's door behind which `act` runs once, when the first slice is written down. */
function afterFirstSlice(act: (db: Db) => Promise<unknown>) {
  const seen = { slices: 0 };
  const door = (db: Db): Db =>
    new Proxy(db, {
      get(target, name) {
        if (name !== "execute") return Reflect.get(target, name);
        return async (sql: string, args?: Parameters<Db["execute"]>[1]) => {
          const result = await target.execute(sql, args);
          const isSlice = /cursor = \?/.test(sql) &&
            JSON.stringify(args).includes('frontier\\":[\\"');
          if (isSlice && seen.slices++ === 0) await act(target);
          return result;
        };
      },
    });
  return { door, seen };
}

Deno.test("where a rule was edited between two slices, all is read again by it", async () => {
  await using repository = await testRepository();
  const random = seeded(10);
  for (let i = 0; i < 40; i++) {
    const noise = Array.from({ length: 3_000 }, () => String.fromCharCode(33 + random(90))).join(
      "",
    );
    const door = i === 0 ? "acme door: ACME-4711-0815\n" : null;
    await repository.commit({
      files: { "noise.txt": noise, ...(i < 2 ? { "door.txt": door } : {}) },
    });
  }
  const { door, seen } = afterFirstSlice((db) =>
    db.execute("UPDATE custom_rules SET pattern = 'ACME-[0-9]{4}-[0-9]{4}'")
  );
  await using app = await mainJob(
    { repositories: [{ name: "one", git: repository.dir }] },
    { maxPackBytes: 30_000, door },
  );
  await app.store.customRules.create("acme", {
    name: "Acme door code",
    pattern: "ACME-[A-Z]{4}-[A-Z]{4}",
    keywords: ["acme-"],
    severity: "high",
    help: "",
  }, "ada");
  await app.run(app.settled);
  assert.ok(seen.slices > 1, "the edit came between two slices");
  const found = async () =>
    (await app.store.findings.list({}, { limit: 5 })).rows.map(({ firstPath }) => firstPath);
  assert.deepEqual(await found(), [], "the first slice looked by the rule of before");

  // What the sweep does once a minute.
  const version = await app.store.customRules.version(RULES_VERSION);
  assert.equal(await app.store.jobs.rescanOutdated(version, 10), 1);
  await app.run(app.settled);
  assert.deepEqual(await found(), ["door.txt"]);
  assert.equal(await app.store.jobs.rescanOutdated(version, 10), 0);
});

Deno.test("slices that an older version read, which noted no rules, count as read by others", () => {
  const job = { cursor: null, crashes: 0 } as ClaimedJob;
  const cursor = (frontier: string[]) =>
    JSON.stringify({ frontier, commits: 100, leftOut: [], wasTooLarge: false });
  assert.deepEqual(sliceAt(job).rulesVersions, []);
  assert.deepEqual(sliceAt({ ...job, cursor: cursor([]) }).rulesVersions, []);
  assert.deepEqual(sliceAt({ ...job, cursor: cursor(["c1"]) }).rulesVersions, [MIXED_RULES]);
});
