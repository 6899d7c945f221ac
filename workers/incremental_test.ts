/** Scans after the first: only what is new is read, and findings follow the tip. */

import assert from "node:assert/strict";
import { testRepository } from "@/lib/git/test_repository.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const token = (letter: string) => ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", letter, "R"].join("");
const line = (letter: string) => `TOKEN = "${token(letter)}"\n`;

/** More than a blob may have that is scanned. */
const BIG = "a line of text\n".repeat(800_000);

async function scanAgain(app: MainJob, by: "schedule" | "person" = "schedule") {
  const { rows: [repository] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  await app.store.jobs.requestScan(repository!, { step: "history", priority: 25, by });
  await app.run(app.settled);
  const [scan] = await app.store.repositories.listScans(repository!.id, 1);
  assert.equal(scan!.state, "succeeded", scan!.failureDetail ?? "");
  const { rows } = await app.store.findings.list({}, { limit: 10 });
  const findings = Object.fromEntries(rows.map((row) => [row.firstPath, row]));
  return { scan: scan!, findings };
}

Deno.test("a scan after a push reads only what is new, and finds it with its own commit", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "old.py": line("a"), "b/c.txt": "text\n" } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.commit({ files: { "new.py": line("b") } });
  const { scan, findings } = await scanAgain(app);
  assert.equal(scan.progress!.onlyNew, true);
  assert.equal(scan.progress!.commits, 1);
  assert.deepEqual(Object.keys(findings).sort(), ["new.py", "old.py"]);
  assert.equal(
    findings["new.py"]!.firstCommit,
    (await repository.git(["rev-parse", "HEAD"])).trim(),
  );
  assert.equal(findings["new.py"]!.atTip, true);
  assert.equal(findings["old.py"]!.atTip, true);
});

Deno.test("a finding that left the tip says so, and comes back when an old commit does", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "deep/er/old.py": line("a") } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.commit({ files: { "deep/er/old.py": "TOKEN = read()\n" } });
  const left = (await scanAgain(app)).findings["deep/er/old.py"]!;
  assert.equal(left.atTip, false);
  await app.store.findings.triage([left.id], "revoked", { who: "ada", reason: "rotated" });

  await repository.commit({ files: { "deep/er/old.py": line("a") } });
  const { scan, findings } = await scanAgain(app);
  assert.equal(scan.progress!.onlyNew, true);
  assert.equal(findings["deep/er/old.py"]!.atTip, true);
  assert.equal(findings["deep/er/old.py"]!.state, "open");
  assert.equal((await app.store.findings.list({}, { limit: 10 })).rows.length, 1);
});

Deno.test("a force-pushed branch whose old commits are gone is read, and its finding leaves the tip", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "README.md": "hello\n" } }, { files: { "a.py": line("a") } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.git(["update-ref", "refs/heads/main", "main~1"]);
  await repository.git(["reflog", "expire", "--expire=now", "--all"]);
  await repository.git(["gc", "--prune=now", "--quiet"]);
  await repository.commit({ files: { "b.py": line("b") } });
  const { scan, findings } = await scanAgain(app);
  assert.equal(scan.progress!.fellBackToFull, true);
  assert.equal(findings["a.py"]!.atTip, false);
  assert.equal(findings["b.py"]!.atTip, true);
});

Deno.test("a scan that a person asked for reads everything, and marks what the history lost", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "README.md": "hello\n" } }, { files: { "a.py": line("a") } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.git(["update-ref", "refs/heads/main", "main~1"]);
  const { scan, findings } = await scanAgain(app, "person");
  assert.equal(scan.progress!.onlyNew, false);
  assert.notEqual(findings["a.py"]!.missingAt, null);
  assert.equal(findings["a.py"]!.atTip, false);
});

for (const [from, to] of [["a.py", "b.py"], ["src/a.py", "lib/a.py"]] as const) {
  Deno.test(`a secret whose file only moved from ${from} to ${to} stays at the tip, where it is now`, async () => {
    await using repository = await testRepository();
    await repository.commit({ files: { [from]: line("a"), "c.py": line("c") } });
    await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
    await app.run(app.settled);
    await repository.commit({ files: { [from]: null, [to]: line("a") } });
    const places = () =>
      app.rows("SELECT path, at_tip FROM occurrences WHERE path <> 'c.py' ORDER BY path DESC");
    const { scan, findings } = await scanAgain(app);
    assert.equal(scan.progress!.onlyNew, false, "git does not send what only moved");
    assert.equal(findings[from]!.atTip, true);
    const moved = [{ path: from, at_tip: 0 }, { path: to, at_tip: 1 }];
    const sorted = moved.toSorted((a, b) => a.path < b.path ? 1 : -1);
    assert.deepEqual(await places(), sorted);

    await repository.commit({ files: { "d.txt": "more\n" } });
    assert.equal((await scanAgain(app)).scan.progress!.onlyNew, true, "known from then on");
    assert.deepEqual(await places(), sorted);
  });
}

Deno.test("a moved secret that no rule finds any more has all read again once, not at each push", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "door.txt": "acme door: ACME-4711-0815\n" } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.store.customRules.create("acme", {
    name: "Acme door code",
    pattern: "ACME-[0-9]{4}-[0-9]{4}",
    keywords: ["acme-"],
    severity: "high",
    help: "",
  }, "ada");
  await app.run(app.settled);
  assert.equal((await app.store.findings.list({}, { limit: 10 })).rows.length, 1);
  await app.store.customRules.remove("acme");
  // From here on no scan is complete, which would settle it too.
  await repository.commit({ files: { "big.txt": BIG } });
  assert.equal((await scanAgain(app)).scan.result, "partial");
  await repository.commit({
    files: { "door.txt": null, "gate.txt": "acme door: ACME-4711-0815\n" },
  });
  assert.equal((await scanAgain(app)).scan.progress!.onlyNew, false);
  await repository.commit({ files: { "c.txt": "more\n" } });
  assert.equal((await scanAgain(app)).scan.progress!.onlyNew, true);
});

Deno.test("a scan of unchanged refs reads no object and keeps every finding as it was", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "a.py": line("a") } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  const { scan, findings } = await scanAgain(app);
  assert.equal(scan.progress!.objects, 0);
  assert.equal(findings["a.py"]!.atTip, true);
});
