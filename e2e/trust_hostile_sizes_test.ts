/** Names of any length, in a repository of a few kilobytes: found is what is there, kept is what a person reads. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import { makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken } from "@/e2e/harness/secrets.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";

Deno.test("an author and a path of a hundred kilobytes cost neither the findings nor the database", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const tokens = Array.from({ length: 20 }, githubToken);
    // As many lines of one file as are still reported each.
    const texts = tokens.map((one) => `${one}\n`.repeat(500));
    const files = (dir: string) =>
      Object.fromEntries(texts.map((text, i) => [`${dir}${i}.txt`, text]));
    const author = `${"A".repeat(50_000)} <${"b".repeat(50_000)}>`;
    await makeRepository(`${folder}/author.git`, [{ message: "m", files: files(""), author }]);
    await makeRepository(`${folder}/path.git`, [
      { message: "m", files: files(`${"x".repeat(100_000)}/`) },
    ]);
    const repositories = ["author", "path"].map((name) => ({
      name,
      git: `${folder}/${name}.git`,
    }));
    await using workspace = openWorkspace({ repositories });
    await connect(dataDir, workspace);
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 2, 120_000);
    } finally {
      await app.stop();
    }
    const findings = readRows(
      dataDir,
      `SELECT r.slug, f.fingerprint, f.occurrence_count AS places, length(f.first_author) AS author,
         length(f.first_email) AS email, f.first_path AS path, f.at_tip
       FROM findings f JOIN repositories r ON r.id = f.repository_id`,
    );
    assert.equal(findings.length, 40);
    for (const finding of findings) {
      assert.deepEqual([finding.places, finding.at_tip], [500, 1]);
      if (finding.slug === "author") {
        assert.deepEqual([finding.author, finding.email], [250, 250]);
      } else assert.match(String(finding.path), /^x{3000}…~[0-9a-f]{12}…x+\/\d+\.txt$/);
    }
    const jobs = readRows(dataDir, "SELECT state, result FROM jobs WHERE kind = 'scan'");
    const ends = jobs.map(({ state, result }) => `${state} ${result}`);
    assert.deepEqual(ends, ["succeeded complete", "succeeded complete"]);
    let bytes = 0;
    for await (const { name, isFile } of Deno.readDir(dataDir)) {
      if (isFile) bytes += (await Deno.stat(`${dataDir}/${name}`)).size;
    }
    // 20,000 places, whose names alone would be 2 GB.
    assert.ok(bytes < 80_000_000, `${bytes} bytes`);
  }));
