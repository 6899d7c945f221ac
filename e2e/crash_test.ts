/** SIGKILL in the middle of the work: it goes on, each repository scanned once, no finding lost or doubled. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { occurrencesOf, scansOf, statesOf, untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { connect, openWorkspace, WORKSPACE } from "@/e2e/harness/workspace.ts";

Deno.test("SIGKILL in the middle of discovery: the next start goes on at the page where it was", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 4);
    const many = Array.from({ length: 246 }, (_, index) => ({ name: `empty-${index}` }));
    await using workspace = openWorkspace({ repositories: [...planted.repositories, ...many] });
    await connect(dataDir, workspace);

    const gate = createGate();
    workspace.onRequest = ({ path }) => {
      if (path === `/2.0/repositories/${WORKSPACE}` && workspace.listings() === 2) {
        return gate.pass();
      }
    };
    const app = await startApp({ dataDir, env: workspace.env });
    await gate.arrived;
    await app.kill();
    gate.open();
    const [{ known } = {}] = readRows(dataDir, "SELECT count(*) AS known FROM repositories");
    assert.equal(known, 100, "the first page is kept");

    const second = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 250);
    } finally {
      await second.kill();
    }
    // One page before, one that was cut off and asked for again, one after.
    assert.equal(workspace.listings(), 4);
    assertDone(dataDir, planted.occurrences, 250);
  }));

Deno.test("SIGKILL in the middle of a scan: the next start scans the rest, and no more", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 12);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);

    const gate = createGate();
    let packs = 0;
    workspace.onRequest = ({ method, path }) => {
      // A scan asks twice: for the refs, then for the pack.
      if (method === "POST" && path.endsWith("/git-upload-pack") && ++packs === 10) {
        return gate.pass();
      }
    };
    const app = await startApp({ dataDir, env: workspace.env });
    await gate.arrived;
    await app.kill();
    gate.open();
    const before = scansOf(dataDir).filter((scan) => scan.includes("succeeded"));
    assert.ok(before.length >= 1 && before.length < 12, before.join("\n"));

    const second = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 12);
    } finally {
      await second.kill();
    }
    assertDone(dataDir, planted.occurrences, 12);
    const twice = readRows(dataDir, "SELECT id FROM jobs WHERE kind = 'scan' AND claim > 1");
    // One large and two small scans run at once.
    assert.ok(twice.length >= 1 && twice.length <= 3, "only scans that were cut off ran again");
  }));

Deno.test("SIGKILL again and again at any moment: nothing is lost or doubled", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 10);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);
    for (let kills = 0; kills < 5; kills++) {
      const app = await startApp({ dataDir, env: workspace.env });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      await app.kill();
    }
    const last = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 10);
    } finally {
      await last.kill();
    }
    assertDone(dataDir, planted.occurrences, 10);
    const [check] = readRows(dataDir, "PRAGMA integrity_check");
    assert.equal(check!.integrity_check, "ok");
  }));

/** Every repository has one scan that ended well, and the findings are those planted. */
function assertDone(dataDir: string, occurrences: string[], repositories: number): void {
  const scans = scansOf(dataDir);
  assert.equal(scans.length, repositories);
  assert.deepEqual(scans.filter((scan) => !/ succeeded (complete|skipped)$/.test(scan)), []);
  assert.deepEqual(occurrencesOf(dataDir), occurrences);
  const states = Object.values(statesOf(dataDir));
  assert.deepEqual(states.filter((state) => !["findings", "skipped"].includes(state)), []);
  const [findings] = readRows(
    dataDir,
    "SELECT count(*) AS all_of_them, count(DISTINCT fingerprint) AS different FROM findings",
  );
  assert.deepEqual({ ...findings }, {
    all_of_them: occurrences.length,
    different: occurrences.length,
  });
}
