/** A small disk that fills up: told clearly, nothing lost by it or by a kill, and the work goes on with room. */

import assert from "node:assert/strict";
import { runApp, startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import type { Planted } from "@/e2e/harness/plant.ts";
import { makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken } from "@/e2e/harness/secrets.ts";
import { assertExact } from "@/e2e/harness/storm.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";

const REPOSITORIES = 10;
/** So many, in each of so many files, that their rows take more than the write-ahead log has ready. */
const SECRETS = 100;
const FILES = 15;
const DISK_MB = 32;
const LONG_MS = 300_000;

for (const killed of [false, true]) {
  const how = killed ? "is killed on it" : "runs on";
  Deno.test(`a disk that fills up under the app, which ${how}, costs nothing but time`, () =>
    withFolder(async (folder) => {
      const dataDir = `${folder}/data`;
      if (!(await smallDisk(dataDir))) return;
      try {
        const planted = await plantHeavy(folder);
        await using workspace = openWorkspace({ repositories: planted.repositories });
        await connect(dataDir, workspace);
        // A session is a row too: scans wait until there is one.
        const signedIn = createGate();
        workspace.onRequest = ({ method }) => method === "POST" ? signedIn.pass() : undefined;
        let app = await startApp({ dataDir, env: workspace.env });
        const health = async () => {
          const answer = await fetch(`${app.url}/health`, { headers: { accept: "text/plain" } });
          return { status: answer.status, text: await answer.text() };
        };
        try {
          const ada = await signIn(app, workspace);
          await fill(`${dataDir}/filler`);
          signedIn.open();
          await waitFor("the full disk in /health", async () => {
            const { status, text } = await health();
            return status === 503 && /disk: failed. The disk .* is full/.test(text);
          }, LONG_MS);
          assert.match((await ada.open("/settings/operations")).html, /The disk .* is full/);
          assert.equal((await fetch(`${app.url}/health/live`)).status, 200);
          if (killed) await app.kill();
          await Deno.remove(`${dataDir}/filler`);
          if (killed) app = await startApp({ dataDir, env: workspace.env });
          await untilSettled(dataDir, REPOSITORIES, LONG_MS);
          await waitFor("health", async () => (await health()).status === 200, LONG_MS);
        } finally {
          assert.equal(await app.stop(), 0, app.log().slice(-4_000));
        }
        const rows = assertExact(dataDir, planted);
        console.log(JSON.stringify({ disk: `${DISK_MB} MB`, killed, rows }));
      } finally {
        await run("umount", "--lazy", dataDir);
      }
    }));
}

Deno.test("a start on a full disk says so, and the next one with room goes well", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    if (!(await smallDisk(dataDir))) return;
    try {
      // Without any room not even the key is written; with a little, the database is not.
      for (const freeBytes of [0, 64 * 1024, 256 * 1024]) {
        await fill(`${dataDir}/filler`);
        const { size } = await Deno.stat(`${dataDir}/filler`);
        await Deno.truncate(`${dataDir}/filler`, size - freeBytes);
        const { code, log } = await runApp({ dataDir }, LONG_MS);
        assert.ok(code > 0, log);
        assert.match(log, /^Cannot start:\n {2}DATA_DIR: the disk of ".*" is full/m, log);
        assert.doesNotMatch(log, /\bat .*\.ts:\d+/, "a person does not need the stack");
      }
      await Deno.remove(`${dataDir}/filler`);
      const app = await startApp({ dataDir });
      assert.equal((await fetch(`${app.url}/health`)).status, 200);
      assert.equal(await app.stop(), 0, app.log());
    } finally {
      await run("umount", "--lazy", dataDir);
    }
  }));

/** Mounts a small disk there; false, and why is printed, where that may not be done. */
async function smallDisk(dataDir: string): Promise<boolean> {
  await Deno.mkdir(dataDir);
  const refused = await run("mount", "-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", dataDir);
  // Then only the test with a database that may not grow, beside the workers, tells of a full disk.
  if (refused !== null) console.log(`No small disk may be mounted here: ${refused}`);
  return refused === null;
}

/** Repositories with some files of many secrets each. */
async function plantHeavy(folder: string): Promise<Planted> {
  const git = `${folder}/heavy.git`;
  const secrets = Array.from({ length: SECRETS * FILES }, githubToken);
  const lines = secrets.map((secret) => `KEY=${secret}\n`);
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, file) => {
    const text = lines.slice(file * SECRETS, (file + 1) * SECRETS).join("");
    return [`file-${file}.env`, text];
  }));
  await makeRepository(git, [{ message: "All", files }]);
  const names = Array.from({ length: REPOSITORIES }, (_, index) => `heavy-${index}`);
  return {
    repositories: names.map((name) => ({ name, git })),
    secrets,
    occurrences: names.flatMap((name) =>
      secrets.map((_, index) =>
        `${name} github-personal-token file-${Math.floor(index / SECRETS)}.env:${
          index % SECRETS + 1
        }`
      )
    ).sort(),
  };
}

/** Writes until there is no room for another byte. */
async function fill(path: string): Promise<void> {
  const file = await Deno.open(path, { create: true, append: true });
  try {
    for (let size = 1 << 20; size >= 1;) {
      try {
        const written = await file.write(new Uint8Array(size));
        if (written === 0) size = Math.floor(size / 2);
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    file.close();
  }
}

/** Null when it went well, or what the command said. */
async function run(command: string, ...args: string[]): Promise<string | null> {
  try {
    const { success, stderr } = await new Deno.Command(command, { args }).output();
    return success ? null : new TextDecoder().decode(stderr).trim();
  } catch (error) {
    return String(error);
  }
}
