import assert from "node:assert/strict";
import { fileProblem, lockDatabase } from "./database_file.ts";
import { openDb } from "./db.ts";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lockDatabase() gives a file to one at a time, by whatever way its path is written", () =>
  withFolder(async (folder) => {
    const first = await lockDatabase(`file:${folder}/it's one.db`);
    assert.ok(first);
    for (const url of [`file:${folder}/./it's one.db`, `file://${folder}/it's one.db`]) {
      assert.equal(await lockDatabase(url), null);
    }
    const other = await lockDatabase(`file:${folder}/other.db`);
    assert.ok(other);
    first.release();
    const next = await lockDatabase(`file:${folder}/it's one.db`);
    assert.ok(next);
    next.release();
    other.release();
  }));

Deno.test("lockDatabase() holds nothing where many may share the database", async () => {
  for (const url of ["libsql://db.example.com", "file::memory:"]) {
    (await lockDatabase(url))!.release();
    (await lockDatabase(url))!.release();
  }
});

Deno.test("fileProblem() says why a file is of no use as a database", () =>
  withFolder(async (folder) => {
    const problem = (path: string) =>
      openDb(`file:${path}`).then((db) => db.migrate()).then(() => "none", fileProblem);
    await Deno.writeFile(`${folder}/garbage.db`, new Uint8Array(8192).fill(7));
    assert.equal(await problem(`${folder}/garbage.db`), "it is no database");
    assert.equal(await problem(`${folder}/nowhere/x.db`), "it cannot be opened or made there");
    assert.equal(await problem(folder), "it cannot be opened or made there");
    assert.equal(fileProblem(new Error("another")), null);
    await assert.rejects(
      lockDatabase(`file:${folder}/nowhere/x.db`),
      (error) => fileProblem(error) === "it cannot be opened or made there",
    );
  }));
