/** Scans after the first, where the path of a finding holds the secret and is kept masked. */

import assert from "node:assert/strict";
import { isHidden } from "@/lib/hidden_name.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

const TOKEN = ["glpat", "-", "x9Kq3mZ7Tb2LwP5sVn", "a", "R"].join("");
const PATH = `keys/${TOKEN}.py`;

async function scanAgain(app: MainJob) {
  const { rows: [repository] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  const asked = { step: "history", priority: 25, by: "schedule" } as const;
  await app.store.jobs.requestScan(repository!, asked);
  await app.run(app.settled);
  const [scan] = await app.store.repositories.listScans(repository!.id, 1);
  assert.equal(scan!.state, "succeeded", scan!.failureDetail ?? "");
  const { rows } = await app.store.findings.list({}, { limit: 10 });
  return { onlyNew: scan!.progress!.onlyNew, rows };
}

Deno.test("a finding whose path is kept masked stays at the tip, can be listed by its file, and leaves", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { [PATH]: `TOKEN = "${TOKEN}"\n`, "a.txt": "a\n" } });
  await using app = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await app.run(app.settled);
  await repository.commit({ files: { "a.txt": "b\n" } });
  const kept = await scanAgain(app);
  assert.equal(kept.onlyNew, true);
  assert.equal(kept.rows.length, 1);
  const { firstPath, atTip, state, occurrenceCount } = kept.rows[0]!;
  assert.ok(!firstPath.includes(TOKEN) && isHidden(firstPath), firstPath);
  assert.deepEqual([atTip, state, occurrenceCount], [true, "open", 1]);

  await repository.commit({ files: { ".sluice.yml": 'ignore:\n  paths: ["keys/*.py"]\n' } });
  const listed = await scanAgain(app);
  assert.deepEqual([listed.rows[0]!.state, listed.rows[0]!.atTip], ["suppressed", true]);

  await repository.commit({ files: { [PATH]: null } });
  const left = await scanAgain(app);
  assert.deepEqual([left.rows.length, left.rows[0]!.atTip], [1, false]);
});
