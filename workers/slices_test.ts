/** Histories too large for one pack, or interrupted again and again, still get to the end. */

import assert from "node:assert/strict";
import { seeded, type TestRepository, testRepository } from "@/lib/git/test_repository.ts";
import { mainJob } from "@/workers/fake_main_job.ts";

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

Deno.test("a history larger than the limit is read in slices, and equals a reading in one piece", async () => {
  await using repository = await longHistory();
  const findings = async (maxPackBytes?: number) => {
    await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] }, {
      ...(maxPackBytes ? { maxPackBytes } : {}),
    });
    await app.run(app.settled);
    const { rows: [row] } = await app.store.repositories.list({}, {
      sort: "name",
      descending: false,
      limit: 1,
    });
    assert.equal(row!.scan!.result, "complete", JSON.stringify(row!.scan));
    const { rows } = await app.store.findings.list({}, { limit: 10 });
    const found = rows.map((f) => [f.firstPath, f.firstCommit, f.firstDate, f.atTip, f.missingAt]);
    const tips = await app.store.scans.refTips(row!.id);
    const fetches = app.fake.count("POST /demo/one.git/git-upload-pack");
    return { found: found.sort(), tips, fetches };
  };
  const whole = await findings();
  const sliced = await findings(60_000);
  assert.equal(whole.found.length, 3);
  assert.deepEqual(sliced.found, whole.found);
  assert.deepEqual(sliced.tips, whole.tips);
  assert.ok(sliced.fetches > whole.fetches + 4, `${sliced.fetches} fetches`);
});

Deno.test("a commit larger than the limit leaves the rest found, and says what was left out", async () => {
  await using repository = await longHistory();
  const random = seeded(8);
  const huge = Array.from({ length: 200_000 }, () => String.fromCharCode(33 + random(90))).join("");
  await repository.commit({ files: { "huge.txt": huge } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] }, {
    maxPackBytes: 60_000,
  });
  await app.run(app.settled);
  const { rows: [row] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  assert.equal(row!.state, "partial");
  assert.match(row!.scan!.leftOut.join(" "), /larger than/);
  assert.equal((await app.store.findings.list({}, { limit: 10 })).rows.length, 3);
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
  await using app = await mainJob({
    repositories: [{ name: "one", git: repository.dir }],
    git: { filter: false },
  }, { maxPackBytes: 60_000 });
  await app.run(app.settled);
  const [scan] = await app.rows("SELECT result, left_out FROM jobs WHERE kind = 'scan'");
  const huge = (await repository.git(["rev-parse", "main~19"])).trim();
  assert.equal(scan!.result, "partial");
  assert.deepEqual(JSON.parse(String(scan!.left_out)), [
    `commit ${huge.slice(0, 10)} and those behind it: pack larger than 60000 bytes`,
  ]);
  const { rows } = await app.store.findings.list({}, { limit: 10 });
  const first = (await repository.git(["rev-parse", "main~14"])).trim();
  assert.deepEqual(rows.map((row) => [row.firstPath, row.firstCommit]), [["after.py", first]]);
});

Deno.test("without filters, a newest commit that is too large alone ends the scan with its figures", async () => {
  await using repository = await longHistory();
  await using app = await mainJob({
    repositories: [{ name: "one", git: repository.dir }],
    git: { filter: false },
  }, { maxPackBytes: 60_000 });
  await app.run(app.settled);
  const [scan] = await app.rows("SELECT result, left_out FROM jobs WHERE kind = 'scan'");
  assert.equal(scan!.result, "skipped");
  assert.match(String(scan!.left_out), /newest commit .* does not fit: .* larger than 60000 bytes/);
  assert.deepEqual(await app.rows("SELECT * FROM commit_parts"), []);
});
