import assert from "node:assert/strict";
import { testRepository } from "@/lib/git/test_repository.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const token = (letter: string) => ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", letter, "R"].join("");
const line = (letter: string, comment = "") => `TOKEN = "${token(letter)}"${comment}\n`;

async function first(app: MainJob) {
  const { rows: [row] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  return row!;
}

async function scanAgain(app: MainJob, by: "schedule" | "person" = "schedule") {
  await app.store.jobs.requestScan(await first(app), { step: "history", priority: 25, by });
  await app.run(app.settled);
  const [scan] = await app.store.repositories.listScans((await first(app)).id, 1);
  assert.equal(scan!.state, "succeeded", scan!.failureDetail ?? "");
  return scan!;
}

async function states(app: MainJob): Promise<Record<string, string | null>> {
  const { rows } = await app.store.findings.list({}, { limit: 50 });
  return Object.fromEntries(
    rows.map((row) => [row.firstPath, row.state === "open" ? null : row.suppressedBy]),
  );
}

Deno.test("a file that suppresses is followed from the first scan on, and when it changes or goes", async () => {
  await using repository = await testRepository([{
    files: {
      "src/a.py": line("a"),
      "tests/b.py": line("b"),
      ".sluice.yml": "ignore:\n  paths: [tests/**]\n",
    },
  }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  const byFile = ".sluice.yml: path tests/**";
  assert.deepEqual(await states(app), { "src/a.py": null, "tests/b.py": byFile });
  assert.equal((await first(app)).critical + (await first(app)).high, 1);

  // Nothing but other files changed: what was read before still counts, for what is new as well.
  await repository.commit({ files: { "tests/c.py": line("c") } });
  assert.equal((await scanAgain(app)).progress!.onlyNew, true);
  assert.deepEqual(await states(app), {
    "src/a.py": null,
    "tests/b.py": byFile,
    "tests/c.py": byFile,
  });

  await repository.commit({ files: { ".sluice.yml": "ignore:\n  paths: [src/**]\n" } });
  assert.equal((await scanAgain(app)).progress!.onlyNew, true);
  assert.deepEqual(await states(app), {
    "src/a.py": ".sluice.yml: path src/**",
    "tests/b.py": null,
    "tests/c.py": null,
  });

  await repository.commit({ files: { ".sluice.yml": null } });
  await scanAgain(app);
  assert.deepEqual(Object.values(await states(app)), [null, null, null]);
  assert.equal(await app.store.suppressions.findFiles((await first(app)).id), null);
});

Deno.test("a file that was there before is found again where only older commits are new", async () => {
  await using repository = await testRepository([
    { files: { "a.py": line("a"), ".gitleaksignore": "a.py:gitlab-pat:1\n" } },
  ]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  assert.deepEqual(await states(app), { "a.py": ".gitleaksignore" });
  // The tip moves to a commit whose trees an earlier scan has read.
  await repository.git(["branch", "old", "main"]);
  await repository.commit({ files: { ".gitleaksignore": null } });
  await scanAgain(app);
  assert.deepEqual(await states(app), { "a.py": null });
  await repository.git(["update-ref", "refs/heads/main", "old"]);
  await scanAgain(app);
  assert.deepEqual(await states(app), { "a.py": ".gitleaksignore" });
});

Deno.test("what is not understood is kept as a notice, and the scan is complete", async () => {
  await using repository = await testRepository([{
    files: { "a.py": line("a"), ".sluice.yml": "ignore: [\nallow:\n", "b/.sluice.yml": "x" },
  }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  assert.deepEqual(await states(app), { "a.py": null });
  const { problems } = (await app.store.suppressions.findFiles((await first(app)).id))!;
  assert.match(problems.join("; "), /line 2: unknown key allow/);
  assert.equal((await first(app)).state, "findings");
});

Deno.test("a file too large to be one that people keep is not followed, and said", async () => {
  await using repository = await testRepository([{
    files: {
      "a.py": line("a"),
      ".sluice.yml": "ignore:\n  paths: ['**']\n" + "# x\n".repeat(20_000),
    },
  }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  assert.deepEqual(await states(app), { "a.py": null });
  const { problems } = (await app.store.suppressions.findFiles((await first(app)).id))!;
  assert.match(problems.join("; "), /larger than 64 KB/);
});

Deno.test("a comment that is added to the line suppresses the finding, and opens it when it goes", async () => {
  await using repository = await testRepository([{ files: { "a.py": line("a") } }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.commit({ files: { "a.py": line("a", "  # gitleaks:allow") } });
  const comment = { "a.py": "inline comment gitleaks:allow" };
  await scanAgain(app);
  assert.deepEqual(await states(app), comment);
  await scanAgain(app, "person");
  assert.deepEqual(await states(app), comment);
  await repository.commit({ files: { "a.py": line("a") + "x = 1\n" } });
  await scanAgain(app);
  assert.deepEqual(await states(app), { "a.py": null });
});

Deno.test("a rule of the installation suppresses what a scan finds", async () => {
  await using repository = await testRepository([{ files: { "tests/a.py": line("a") } }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.store.suppressions.addRule({
    path: "tests/**",
    ruleId: null,
    fingerprint: null,
    repositories: null,
    reason: "made for tests",
  }, "ada");
  await app.run(app.settled);
  assert.deepEqual(await states(app), { "tests/a.py": "suppression rule: made for tests" });
});

Deno.test("a rule that an admin wrote is followed by scans, and starts them anew", async () => {
  await using repository = await testRepository([
    { files: { "a.py": `key acme_${"k3n8vq2x".repeat(3)}\n` } },
  ]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  assert.deepEqual(await states(app), {});
  const { store } = app;
  await store.customRules.create("acme", {
    name: "Acme",
    pattern: "acme_[a-z0-9]{24}",
    keywords: ["acme_"],
    severity: "high",
    help: "",
  }, "ada");
  const before = (await first(app)).rulesVersion!;
  const version = await store.customRules.version(before);
  assert.equal(await store.jobs.rescanOutdated(version, 10), 1);
  await app.run(app.settled);
  const { rows: [finding] } = await store.findings.list({}, { limit: 10 });
  assert.deepEqual([finding!.ruleId, finding!.severity], ["custom-acme", "high"]);
  assert.equal((await first(app)).rulesVersion, version);
  assert.equal(await store.jobs.rescanOutdated(version, 10), 0);
});
