/** A history read in slices comes to exactly the rows of one reading, whatever the server can do. */

import assert from "node:assert/strict";
import { type Clock, systemClock } from "@/lib/clock.ts";
import type { FakeGitHabits } from "@/lib/codeserver/bitbucket_cloud/fake_git.ts";
import {
  type Files,
  seeded,
  type TestCommit,
  type TestRepository,
  testRepository,
} from "@/lib/git/test_repository.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const KEY = new Uint8Array(32).fill(5);
const LETTERS = "abcdefghijklmnop";
const token = (n: number) => ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", LETTERS[n]!, "R"].join("");

/**
 * Branches, merges, roots and tags; secrets that come, go, come again, move with their folder or
 * alone, and are judged by their path; clocks that go wrong, and many that say the same.
 */
async function oddHistory(
  seed: number,
  { commits, noise, skew }: { commits: number; noise: number; skew: boolean },
): Promise<TestRepository> {
  const random = seeded(seed);
  const text = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(33 + random(90))).join("");
  const paths = ["src/a.py", "src/deep/b.py", "test/c.py", "moved/a.py", ".env", "docs/d.md"];
  const branches = ["main", "side", "other", "root"];
  const known = new Map<string, Map<string, string>>();
  const list: TestCommit[] = [];
  for (let i = 0; i < commits; i++) {
    const branch = i < 6 ? "main" : branches[random(branches.length)]!;
    const orphan = i === 0 || !known.has(branch);
    if (orphan) known.set(branch, new Map());
    const tree = known.get(branch)!;
    const files: Record<string, string | null> = {};
    const put = (path: string, content: string | null) => {
      files[path] = content;
      if (content === null) tree.delete(path);
      else tree.set(path, content);
    };
    put(`noise/${i % 9}.txt`, `${text(noise)}\n`);
    const path = paths[random(paths.length)]!;
    const held = tree.get(path);
    const what = random(7);
    if (what < 3) {
      const lines = [
        "import os",
        `TOKEN = "${token(random(8))}"${what === 0 ? " # gitleaks:allow" : ""}`,
      ];
      put(path, `${random(2) ? lines.join("\n") : lines.reverse().join("\n")}\n`);
    } else if (what === 3 && held) put(path, null);
    else if (what === 4 && held) put(path, "TOKEN = read()\n");
    else if (what === 5) {
      const [from, to] = random(2) ? ["src/", "lib/"] : ["lib/", "src/"];
      for (const [name, content] of [...tree]) {
        if (!name.startsWith(from)) continue;
        put(name, null);
        put(name.replace(from, to), content);
      }
    } else if (held) put(`copy/${random(3)}.py`, held);
    const merge = branch === "main" && i > 20 && random(4) === 0 && known.has("side");
    list.push({
      branch,
      files: files as Files,
      ...(orphan ? { orphan } : {}),
      ...(merge ? { merge: ["side"] } : {}),
      author: `${["Ada", "Bob"][random(2)]} <${LETTERS[random(5)]}@example.org>`,
      // Three at a time.
      at: 1_700_000_000 + 60 * Math.floor(i / 3),
      ...(skew && random(5) === 0 ? { at: 1_600_000_000 + random(9) * 1000 } : {}),
      ...(skew && random(4) === 0 ? { at: 1_700_000_000 } : {}),
    });
  }
  list.push({
    files: {
      ".sluice.yml": "ignore:\n  paths: [docs/**]\n",
      "kept/in/here.py": `TOKEN = "${token(12)}"\n`,
    },
    at: 1_700_090_000,
  });
  const repository = await testRepository();
  await repository.commit(...list);
  const { git } = repository;
  const tagged = (await git(["hash-object", "-w", "--stdin"], `T = "${token(9)}"\n`)).trim();
  await git(["tag", "blob-tag", tagged]);
  const inTree = (await git(["hash-object", "-w", "--stdin"], `T = "${token(10)}"\n`)).trim();
  const tree = (await git(["mktree"], `100644 blob ${inTree}\tinside.py\n`)).trim();
  await git(["tag", "-a", "-m", "a tree", "tree-tag", tree]);
  await git(["tag", "-a", "-m", "a folder of the history", "folder-tag", "main:kept/in"]);
  await git(["tag", "-a", "-m", "a commit", "commit-tag", "main~3"]);
  await git(["tag", "-a", "-m", "a tag", "tag-tag", "commit-tag"]);
  await git(["repack", "-adfq"]);
  return repository;
}

/** Everything a scan has written, without what differs by its nature. */
async function rowsOf(app: MainJob) {
  const findings = await app.rows(
    `SELECT rule_id, fingerprint, preview, severity, confidence, state, reasons, path_kind,
       suppressed_by, at_tip, missing_at, first_commit, first_path, first_line, first_author,
       first_email, first_date, occurrence_count FROM findings ORDER BY rule_id, fingerprint`,
  );
  const occurrences = await app.rows(
    `SELECT f.rule_id, f.fingerprint, o.path, o.blob, o.line, o."column", o."commit", o.author,
       o.email, o.date, o.at_tip, o.suppressed_by
     FROM occurrences o JOIN findings f ON f.id = o.finding_id
     ORDER BY f.rule_id, f.fingerprint, o.path, o.blob, o.line, o."column"`,
  );
  const order = await app.rows(
    `SELECT f.rule_id, f.fingerprint, o.path, o.blob FROM occurrences o
     JOIN findings f ON f.id = o.finding_id ORDER BY f.rule_id, f.fingerprint, o.date, o.id`,
  );
  const tips = await app.rows("SELECT refs FROM ref_tips");
  const [repository] = await app.rows(
    "SELECT scanned_commit, rules_version, state, high, medium, low FROM repositories",
  );
  const [scan] = await app.rows(
    `SELECT state, result, left_out, progress ->> '$.commits' AS commits FROM jobs
     WHERE kind = 'scan'`,
  );
  const files = await app.rows("SELECT files, entries, problems FROM repository_suppressions");
  return { findings, occurrences, order, tips, repository, scan, files };
}

interface Way {
  git?: FakeGitHabits;
  maxPackBytes?: number;
  /** Stops the worker at each checkpoint, and goes on with another. */
  stops?: boolean;
  /** What happens at the third of them. */
  meanwhile?: (app: MainJob) => Promise<unknown>;
  clock?: Clock;
}

async function scanned(repository: TestRepository, way: Way) {
  await using app = await mainJob({
    repositories: [{ name: "one", git: repository.dir }],
    ...(way.git ? { git: way.git } : {}),
  }, {
    key: KEY,
    ...(way.maxPackBytes ? { maxPackBytes: way.maxPackBytes } : {}),
    ...(way.clock ? { clock: way.clock } : {}),
  });
  const checkpoints = new Set<string>();
  let { meanwhile } = way;
  let learned = 0;
  while (!await app.settled()) {
    const before = checkpoints.size + learned;
    await app.run(async () => {
      const [job] = await app.rows("SELECT cursor FROM jobs WHERE kind = 'scan'");
      if (job?.cursor) checkpoints.add(JSON.stringify(JSON.parse(String(job.cursor)).frontier));
      const [kept] = await app.rows("SELECT count(*) AS parts FROM commit_parts");
      learned = Math.max(learned, Number(kept!.parts));
      return await app.settled() || way.stops === true && checkpoints.size + learned > before;
    });
    if (!await app.settled()) await app.restart();
    if (checkpoints.size < 3) continue;
    await meanwhile?.(app);
    meanwhile = undefined;
  }
  const [left] = await app.rows("SELECT count(*) AS parts FROM commit_parts");
  assert.equal(left!.parts, 0, "what was learned is gone when the scan ends");
  return { rows: await rowsOf(app), slices: checkpoints.size, learned };
}

/** An old server's git takes commits behind wrong clocks for unreachable: it is not asked for those. */
const SETUPS: { seed: number; skew: boolean; ways: Way[] }[] = [
  { seed: 1, skew: true, ways: [{ git: { filter: false } }, { git: { filter: true } }] },
  { seed: 2, skew: true, ways: [{ git: { filter: false }, stops: true }] },
  { seed: 3, skew: false, ways: [{ git: { filter: false, protocol: 0 } }] },
  { seed: 4, skew: false, ways: [{ git: { filter: true, protocol: 0 }, stops: true }] },
];

for (const { seed, skew, ways } of SETUPS) {
  Deno.test(`slices of a history come to the rows of one reading (history ${seed})`, async () => {
    await using repository = await oddHistory(seed, { commits: 100, noise: 1500, skew });
    const whole = await scanned(repository, {});
    assert.ok(whole.rows.occurrences.length > 20, `${whole.rows.occurrences.length} occurrences`);
    assert.equal(whole.rows.scan!.result, "complete", JSON.stringify(whole.rows.scan));
    assert.equal(whole.slices, 0);
    for (const way of ways) {
      const sliced = await scanned(repository, { maxPackBytes: 45_000, ...way });
      const say = `${JSON.stringify(way)}: ${sliced.slices} slices, ${sliced.learned} parts`;
      assert.ok(sliced.slices > 4, say);
      assert.ok(way.git?.filter !== false || sliced.learned > 2, say);
      for (const [table, rows] of Object.entries(whole.rows)) {
        assert.deepEqual(sliced.rows[table as keyof typeof sliced.rows], rows, `${table}, ${say}`);
      }
    }
  });
}

Deno.test("what is pushed while slices are read is read too, as if it had been there", async () => {
  await using repository = await oddHistory(5, { commits: 80, noise: 1500, skew: false });
  const push = () =>
    repository.commit(
      { files: { "pushed.py": `TOKEN = "${token(11)}"\n` }, at: 1_700_100_000 },
      { files: { "src/a.py": `TOKEN = "${token(0)}"\n` }, branch: "newer", at: 1_700_100_060 },
    );
  const git = { filter: false };
  const sliced = await scanned(repository, {
    maxPackBytes: 45_000,
    git,
    stops: true,
    meanwhile: push,
  });
  assert.ok(sliced.slices > 4, `${sliced.slices} slices`);
  const whole = await scanned(repository, {});
  assert.deepEqual(sliced.rows, whole.rows);
  const pushed = (await repository.git(["rev-parse", "main"])).trim();
  assert.equal(whole.rows.repository!.scanned_commit, pushed);
});

Deno.test("a clock set back by a day while slices are read changes no row", async () => {
  await using repository = await oddHistory(6, { commits: 80, noise: 1500, skew: true });
  let behindMs = 0;
  const sliced = await scanned(repository, {
    maxPackBytes: 45_000,
    stops: true,
    clock: { ...systemClock, now: () => systemClock.now() - behindMs },
    async meanwhile({ store }) {
      behindMs = 24 * 60 * 60_000;
      assert.ok(await store.clockSteps.note() > 0);
    },
  });
  assert.ok(behindMs > 0, `${sliced.slices} slices`);
  assert.deepEqual(sliced.rows, (await scanned(repository, {})).rows);
});
