import assert from "node:assert/strict";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { mainJob } from "@/workers/fake_main_job.ts";
import { readLimits } from "@/workers/limits.ts";
import { readRepository } from "@/workers/read_repository.ts";
import type { FoundSecret, ReadRequest } from "@/workers/thread_messages.ts";

const token = ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", "aR"].join("");

async function readAll(dir: string, more: Partial<ReadRequest> = {}): Promise<FoundSecret[]> {
  await using server = fakeGitServer({ repositories: { r: dir } });
  const reading = readRepository({
    repository: "r1",
    remote: { url: `${server.url}r`, user: "", password: "" },
    mode: "history",
    haves: [],
    limits: readLimits({ maxPackBytes: 1e9, maxBlobBytes: 1e7 }),
    fingerprintKey: new Uint8Array(32),
    spoolDir: null,
    ...more,
  });
  const found: FoundSecret[] = [];
  for await (const batch of reading) found.push(...batch);
  return found;
}

Deno.test("a repository without a secret in any content still gives its sensitive files by name", async () => {
  await using repository = await testRepository([
    { files: { "a.txt": "text\n", "keys/team.kdbx": new Uint8Array([0, 1, 2]) } },
    { files: { ".aws/credentials": "[default]\n", "config.json": "{}\n", "a.env": "x\n" } },
    { files: { "keys/team.kdbx": new Uint8Array([0, 3]), ".env": "" } },
  ]);
  const found = await readAll(repository.dir);
  assert.deepEqual(found.map((one) => [one.ruleId, one.severity, one.preview]), [
    ["file-password-database", "low", "team.kdbx"],
    ["file-credentials", "low", "credentials"],
  ]);
  const [database] = found;
  const first = (await repository.git(["rev-list", "--max-parents=0", "HEAD"])).trim();
  assert.equal(database!.occurrences[0]!.commit, first);
  assert.deepEqual(database!.occurrences.map(({ path, atTip }) => [path, atTip]), [
    ["keys/team.kdbx", false],
    ["keys/team.kdbx", true],
  ]);
  assert.equal(
    database!.occurrences[1]!.blob,
    (await repository.git(["rev-parse", "HEAD:keys/team.kdbx"])).trim(),
  );
});

Deno.test("a file whose content is a finding is no second finding by its name", async () => {
  await using repository = await testRepository([
    { files: { ".env": "DEBUG=yes\n", "b/.env": "DEBUG=no\n" } },
    { files: { ".env": `GITLAB_TOKEN=${token}\n` } },
  ]);
  const found = await readAll(repository.dir);
  assert.deepEqual(found.map(({ ruleId, occurrences }) => [ruleId, occurrences[0]!.path]), [
    ["gitlab-personal-token", ".env"],
    ["file-environment", "b/.env"],
  ]);
  for (const isContent of [true, false]) {
    const places = [{ path: "b/.env", blob: "x", isContent }];
    const known = { headCommit: "0".repeat(40), places };
    const [, ...rest] = await readAll(repository.dir, { known });
    assert.equal(rest.length, isContent ? 0 : 1, "a place that says nothing of the content");
  }
});

Deno.test("files of one path are told apart by their repository", async () => {
  await using repository = await testRepository([{ files: { "team.kdbx": "x" } }]);
  const [one] = await readAll(repository.dir);
  const [other] = await readAll(repository.dir, { repository: "r2" });
  const [again] = await readAll(repository.dir);
  assert.notEqual(one!.fingerprint, other!.fingerprint);
  assert.equal(one!.fingerprint, again!.fingerprint);
});

Deno.test("a scan of what is new keeps the first commit of a file that it meets again", async () => {
  await using repository = await testRepository([{ files: { "team.kdbx": "x" } }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  const first = (await repository.git(["rev-parse", "HEAD"])).trim();
  await repository.commit({ files: { "b.txt": "text\n" } });
  const { rows: [row] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  await app.store.jobs.requestScan(row!, { step: "history", priority: 25, by: "schedule" });
  await app.run(app.settled);
  const { rows: [finding, ...more] } = await app.store.findings.list({}, { limit: 10 });
  assert.deepEqual(more, []);
  assert.deepEqual([finding!.ruleId, finding!.firstCommit, finding!.atTip], [
    "file-password-database",
    first,
    true,
  ]);
  const places = await app.store.findings.listOccurrences(finding!.id, 10);
  assert.deepEqual(places.map(({ commit, atTip }) => [commit, atTip]), [[first, true]]);
});

Deno.test("a new version of a file stays at the tip by its name while its content's rule is off", async () => {
  await using repository = await testRepository([{ files: { "a/.env": "door: ACME-4711\n" } }]);
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  const { store } = app;
  await store.customRules.create("acme", {
    name: "Acme door code",
    pattern: "ACME-[0-9]{4}",
    keywords: ["acme-"],
    severity: "high",
    help: "",
  }, "ada");
  await app.run(app.settled);
  const [row] = await app.rows("SELECT id FROM repositories");
  const repositoryOf = { id: String(row!.id), serverId: app.serverId };
  const scanAgain = async (by: "person" | "webhook") => {
    await store.jobs.requestScan(repositoryOf, { step: "history", priority: 30, by });
    app.dispatcher.wake();
    await app.run(app.settled);
  };
  await store.customRules.switch("acme", false, "ada");
  await scanAgain("person");
  await repository.commit({ files: { "a/.env": "door: ACME-4712\n" } });
  await scanAgain("webhook");
  const { rows } = await store.findings.list({ state: "open" }, { limit: 5 });
  assert.deepEqual(rows.map((row) => [row.ruleId, row.atTip, row.occurrenceCount]), [
    ["file-environment", true, 2],
  ]);
});
