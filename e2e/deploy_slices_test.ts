/** A history too long for one brief instance: read in slices, over several lives on Deno Deploy imitated. */

import assert from "node:assert/strict";
import { readRows } from "@/e2e/harness/database.ts";
import {
  aMinutePasses,
  AUTH_TOKEN,
  deployEnv,
  migrate,
  startInstance,
} from "@/e2e/harness/deploy.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { occurrencesOf, scansOf } from "@/e2e/harness/outcome.ts";
import { type Commit, makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken, randomText } from "@/e2e/harness/secrets.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";

const COMMITS = 400;
const NOISE_BYTES = 12_000;
const SECRET_EVERY = 40;
/** Requests that a life is answered: enough for a slice, and far from enough for the history. */
const ANSWERS = 8;
const MOST_LIVES = 60;

for (const filter of [true, false]) {
  const server = `from a server ${filter ? "with" : "without"} filters`;
  Deno.test(`a long history is read in slices over several brief lives, and nothing of it is missing, ${server}`, () =>
    readOverLives(filter));
}

function readOverLives(filter: boolean): Promise<void> {
  return withFolder(async (folder) => {
    const dataDir = `${folder}/database`;
    await Deno.mkdir(dataDir);
    const git = `${folder}/long.git`;
    const expected = await plantLong(git);
    await using workspace = openWorkspace({
      repositories: [{ name: "long", git }],
      git: { filter },
    });
    const database = fakeHranaServer(`${dataDir}/sluice.db`, { authToken: AUTH_TOKEN });
    try {
      // A pack of the whole is several times as large as an instance takes.
      const env = { ...deployEnv(workspace, database.url), SCAN_MAX_PACK_MB: "1" };
      await migrate(env);
      await connect(dataDir, workspace, database.url, AUTH_TOKEN);
      const frontiers = new Set<string>();
      const lives = { kills: 0, interrupts: 0 };
      while (!isDone(dataDir)) {
        const count = lives.kills + lives.interrupts;
        assert.ok(count < MOST_LIVES, `not read after ${count} lives: ${frontiers.size} slices`);
        const spent = Promise.withResolvers<void>();
        const over = Promise.withResolvers<void>();
        let asked = 0;
        workspace.onRequest = () => {
          if (++asked <= ANSWERS) return;
          spent.resolve();
          return over.promise;
        };
        const instance = await startInstance(`${folder}/no-disk`, env);
        await Promise.race([
          spent.promise,
          waitFor("the end of the history", () => isDone(dataDir), 300_000),
        ]);
        const kill = count % 3 === 2;
        lives[kill ? "kills" : "interrupts"]++;
        await instance.end(kill ? "SIGKILL" : "SIGINT");
        workspace.onRequest = () => {};
        over.resolve();
        aMinutePasses(dataDir);
        const frontier = frontierOf(dataDir);
        if (frontier !== null) frontiers.add(frontier);
      }
      assert.deepEqual(scansOf(dataDir), ["long succeeded complete"]);
      assert.deepEqual(occurrencesOf(dataDir), expected);
      const [first] = readRows(dataDir, "SELECT count(DISTINCT first_commit) AS n FROM findings");
      assert.equal(first!.n, expected.length, "each secret has the commit that brought it");
      assert.ok(frontiers.size >= 3, `${frontiers.size} slices ended with a life`);
      const figures = { filter, commits: COMMITS, ...lives, slicesBetween: frontiers.size };
      console.log(JSON.stringify(figures));
    } finally {
      await database.close();
    }
  });
}

/** Commits that do not compress, a secret in every fortieth; gives the occurrences. */
async function plantLong(git: string): Promise<string[]> {
  const commits = Array.from({ length: COMMITS }, (_, index): Commit => ({
    message: `Commit ${index}`,
    files: {
      "noise.txt": `${randomText(NOISE_BYTES)}\n`,
      ...(index % SECRET_EVERY === 0 ? { [`s-${index}.env`]: `KEY=${githubToken()}\n` } : {}),
    },
  }));
  await makeRepository(git, commits);
  return commits.flatMap((_, index) =>
    index % SECRET_EVERY === 0 ? [`long github-personal-token s-${index}.env:1`] : []
  ).sort();
}

function isDone(dataDir: string): boolean {
  const [row] = readRows(
    dataDir,
    "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND state IN ('succeeded', 'failed')",
  );
  return row!.n === 1;
}

/** The newest commits that slices have read so far, as text; null before the first slice. */
function frontierOf(dataDir: string): string | null {
  const [row] = readRows(dataDir, "SELECT cursor FROM jobs WHERE kind = 'scan'");
  const cursor = row?.cursor ? JSON.parse(String(row.cursor)) : null;
  return cursor === null || cursor.frontier.length === 0 ? null : JSON.stringify(cursor.frontier);
}
