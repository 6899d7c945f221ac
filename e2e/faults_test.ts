/** What goes wrong at a code server: at most the one repository suffers, and the work goes on by itself. */

import assert from "node:assert/strict";
import { signIn } from "@/e2e/harness/flow.ts";
import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { occurrencesOf, statesOf, untilSettled } from "@/e2e/harness/outcome.ts";
import { plant, type Planted } from "@/e2e/harness/plant.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace, WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";
import type { FakeFault } from "@/lib/codeserver/bitbucket_cloud/fake_faults.ts";

/** Faults that pass: each strikes its repository once. */
const PASSING: Omit<FakeFault, "on">[] = [
  { kind: "truncate" },
  { kind: "corrupt" },
  { kind: "break" },
  { kind: "reset" },
  { kind: "html" },
  { status: 500 },
  { status: 429, headers: { "retry-after": "2" } },
];

Deno.test("a git answer that is spoiled once delays its repository, and nothing is lost", () =>
  inWorkspace({ count: PASSING.length + 1 }, async ({ dataDir, planted, workspace }) => {
    for (const [index, fault] of PASSING.entries()) {
      // The first POST asks for the refs, the second for the pack.
      workspace.fake.faults.add({ on: `POST /acme/r-00${index}*`, skip: 1, times: 1, ...fault });
    }
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, PASSING.length + 1, 300_000);
    } finally {
      await app.stop();
    }
    assert.deepEqual(occurrencesOf(dataDir), planted.occurrences);
    assert.deepEqual(new Set(Object.values(statesOf(dataDir))), new Set(["findings"]));
  }));

const LASTING: [fault: Omit<FakeFault, "on">, state: string, reason: string][] = [
  [{ status: 401 }, "failed", "forbidden"],
  [{ status: 403 }, "failed", "forbidden"],
  [{ status: 404 }, "failed", "not_found"],
  [{ status: 500 }, "waiting", "unavailable"],
  [{ kind: "html" }, "waiting", "malformed"],
  [{ kind: "truncate" }, "waiting", ""],
  [{ kind: "hang" }, "waiting", "unavailable"],
  [{ status: 429, headers: { "retry-after": "3" } }, "waiting", "rate_limited"],
];

for (const [fault, state, reason] of LASTING) {
  Deno.test(`a repository that only answers ${JSON.stringify(fault)} is ${state}, the others are scanned`, () =>
    inWorkspace({ count: 3 }, async ({ dataDir, planted, workspace }) => {
      workspace.fake.faults.add({ on: "* /acme/r-001*", ...fault });
      const app = await startApp({ dataDir, env: workspace.env });
      try {
        await waitFor(
          `r-001 ${state}, others with findings`,
          () => {
            const { "r-000": first, "r-001": second, "r-002": third } = statesOf(dataDir);
            return first === "findings" && third === "findings" && second === state;
          },
          300_000,
        ).catch((error) => {
          throw new Error(`${error.message}: ${JSON.stringify(statesOf(dataDir))}\n${app.log()}`);
        });
      } finally {
        await app.stop();
      }
      const [scan] = readRows(
        dataDir,
        `SELECT coalesce(j.failure_reason, j.wait_reason) AS reason, j.failure_detail AS detail
         FROM jobs j JOIN repositories r ON r.id = j.repository_id WHERE r.slug = 'r-001'`,
      );
      if (reason) assert.equal(scan!.reason, reason);
      if (state === "failed") {
        assert.match(String(scan!.detail), new RegExp(`answered ${fault.status}`));
      }
      const others = planted.occurrences.filter((one) => !one.startsWith("r-001"));
      assert.deepEqual(occurrencesOf(dataDir), others);
    }));
}

const LISTING: [name: string, fault: Omit<FakeFault, "on">][] = [
  ["a 500", { status: 500 }],
  ["HTML instead of JSON", { kind: "html" }],
  ["broken JSON", { kind: "broken_json" }],
  ["an empty answer", { kind: "empty" }],
  ["a connection that breaks", { kind: "break" }],
  ["a 429 that says when", { status: 429, headers: { "retry-after": "2" } }],
];

Deno.test("a listing that fails in every way, one after the other, is read to the end in the end", () =>
  inWorkspace({ count: 1, empty: 120 }, async ({ dataDir, planted, workspace }) => {
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 121, 300_000);
      const ada = await signIn(app, workspace);
      const [server] = readRows(dataDir, "SELECT id FROM servers");
      for (const [name, fault] of LISTING) {
        workspace.fake.faults.clear();
        workspace.fake.faults.add({ on: "GET /2.0/repositories/*", skip: 1, times: 1, ...fault });
        const before = workspace.listings();
        await ada.open(`/servers/${server!.id}`);
        await ada.submit({}, { action: /\/discoveries$/ });
        await waitFor(`${name} is asked again`, () => workspace.listings() >= before + 3, 300_000);
      }
      await untilSettled(dataDir, 121, 300_000);
    } finally {
      await app.stop();
    }
    assert.deepEqual(occurrencesOf(dataDir), planted.occurrences);
    const [gone] = readRows(
      dataDir,
      "SELECT count(*) AS n FROM repositories WHERE gone_at IS NOT NULL",
    );
    assert.equal(gone!.n, 0, "an incomplete listing marks nothing as gone");
  }));

Deno.test("repositories that are renamed, deleted and made during discovery end as they should", () =>
  inWorkspace({ count: 3, empty: 147 }, async ({ dataDir, planted, workspace }) => {
    let changed = false;
    workspace.onRequest = ({ path }) => {
      if (path !== `/2.0/repositories/${WORKSPACE}` || workspace.listings() !== 2 || changed) {
        return;
      }
      changed = true;
      const { state } = workspace.fake;
      state.rename(WORKSPACE, "r-000", "renamed");
      state.remove(WORKSPACE, "empty-5");
      state.add(WORKSPACE, { name: "added", git: planted.repositories[2]!.git! });
    };
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await untilSettled(dataDir, 150, 300_000);
      const ada = await signIn(app, workspace);
      await ada.open(`/servers/${readRows(dataDir, "SELECT id FROM servers")[0]!.id}`);
      await ada.submit({}, { action: /\/discoveries$/ });
      await untilSettled(dataDir, 151, 300_000);
    } finally {
      await app.stop();
    }
    assert.ok(changed);
    const states = statesOf(dataDir);
    assert.equal(states["r-000"], undefined);
    assert.equal(states["renamed"], "findings");
    assert.equal(states["added"], "findings");
    assert.equal(states["empty-5"], "gone");
    const found = planted.occurrences.map((one) => one.replace("r-000", "renamed"));
    const added = found.filter((one) => one.startsWith("r-002"))
      .map((one) => one.replace("r-002", "added"));
    assert.deepEqual(occurrencesOf(dataDir), [...found, ...added].sort());
  }));

Deno.test("a rejected token stops the work, keeps every result, and nothing counts as gone", () =>
  inWorkspace({ count: 8 }, async ({ dataDir, planted, workspace }) => {
    let packs = 0;
    workspace.onRequest = ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/git-upload-pack") || ++packs !== 14) return;
      workspace.fake.credentials[0]!.expired = true;
    };
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      const server = await waitFor("attention", () => {
        const [row] = readRows(dataDir, "SELECT state, attention_reason AS reason FROM servers");
        return row!.state === "needs_attention" && row!;
      }, 300_000);
      assert.equal(server.reason, "token_rejected");
      const found = occurrencesOf(dataDir);
      // Three scans run at once, so that at the 14th request some of the eight are over.
      assert.ok(found.length >= 3, found.join("\n"));
      assert.deepEqual(found.filter((one) => !planted.occurrences.includes(one)), []);
      assert.deepEqual(
        readRows(dataDir, "SELECT id FROM repositories WHERE gone_at IS NOT NULL"),
        [],
      );
      assert.deepEqual(readRows(dataDir, "SELECT id FROM jobs WHERE state = 'failed'"), []);
    } finally {
      await app.stop();
    }
  }));

interface Setting {
  dataDir: string;
  planted: Planted;
  workspace: Workspace;
}

/** A connected workspace of `count` planted repositories and `empty` empty ones, not yet discovered. */
function inWorkspace(
  { count, empty = 0 }: { count: number; empty?: number },
  use: (setting: Setting) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, count);
    const many = Array.from({ length: empty }, (_, index) => ({ name: `empty-${index}` }));
    await using workspace = openWorkspace({ repositories: [...planted.repositories, ...many] });
    await connect(dataDir, workspace);
    await use({ dataDir, planted, workspace });
  });
}
