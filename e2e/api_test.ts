/** The API against a stand-in Bitbucket: a chosen repository is connected, scanned and exported. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { searchText } from "@/e2e/harness/secrets.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { openWorkspace, WORKSPACE } from "@/e2e/harness/workspace.ts";

Deno.test("POST /servers with uuids and globs scans those alone, and the exports hold the findings", () =>
  withFolder(async (folder) => {
    const planted = await plant(folder, 4);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    const app = await startApp({ dataDir: `${folder}/data`, env: workspace.env });
    try {
      const admin = await signIn(app, workspace);
      await admin.open("/settings/api-keys");
      const { html } = await admin.submit({ name: "script", role: "admin" });
      const key = /sluice_api_[0-9A-Za-z]{38}/.exec(html)![0];
      const ask = async (path: string, json?: unknown, headers: Record<string, string> = {}) => {
        const response = await fetch(`${app.url}/api/v1${path}`, {
          method: json === undefined ? "GET" : "POST",
          headers: {
            authorization: `Bearer ${key}`,
            ...(json === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        });
        const text = await response.text();
        // deno-lint-ignore no-explicit-any
        return { status: response.status, text, body: () => JSON.parse(text) as any };
      };
      const { uuid } = workspace.fake.state.workspace(WORKSPACE)!.repositories.get("r-002")!;
      const server = (repositories: string[], token = workspace.pasted) => ({
        type: "bitbucket_cloud",
        workspace: WORKSPACE,
        token,
        selection: { mode: "custom", repositories, include: ["*-003"], exclude: [] },
      });

      const wrong = await ask("/servers", server([uuid], "ada@example.com:ATATT3xWrongWrongWrong"));
      assert.equal(wrong.status, 422);
      assert.ok(wrong.body().checks.some((one: { state: string }) => one.state === "failed"));
      const unknown = await ask("/servers", server(["{no-such-uuid}"]));
      assert.equal(unknown.status, 422);
      assert.match(unknown.text, /no-such-uuid/);
      assert.deepEqual((await ask("/servers")).body().items, []);

      const headers = { "idempotency-key": "one" };
      const made = await ask("/servers", server([uuid]), headers);
      assert.equal(made.status, 201, made.text);
      const again = await ask("/servers", server([uuid]), headers);
      assert.deepEqual(again.body(), made.body());
      assert.equal((await ask("/servers", server([uuid]))).status, 409);

      await waitFor("the end of the scans", async () => {
        const { counts } = (await ask("/repositories")).body();
        return counts.findings === 2 && counts.not_selected === 2;
      });
      const { items } = (await ask("/repositories?state=findings")).body();
      assert.deepEqual(
        items.map((one: { fullName: string }) => one.fullName).sort(),
        ["acme/r-002", "acme/r-003"],
      );
      const read = (await ask(`/servers/${made.body().id}`)).body();
      assert.deepEqual(read.selection, {
        mode: "custom",
        repositories: [uuid],
        include: ["*-003"],
        exclude: [],
      });

      const csv = (await ask("/findings.csv")).text;
      const sarif = (await ask("/findings.sarif")).body();
      const findings = (await ask("/findings")).body().items;
      assert.equal(findings.length, 6);
      assert.equal(csv.trimEnd().split("\r\n").length, 7);
      assert.equal(sarif.runs[0].results.length, 6);
      const all = csv + JSON.stringify(sarif) + JSON.stringify(findings);
      assert.deepEqual(searchText(all, [...planted.secrets, workspace.token]), []);
    } finally {
      await app.stop();
    }
    assert.deepEqual(searchText(app.log(), [workspace.token]), []);
  }));
