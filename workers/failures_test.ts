/** What is done about an error: a scan's trouble stays its own, and a server's is named as what it is. */

import assert from "node:assert/strict";
import type { FakeFault } from "@/lib/codeserver/bitbucket_cloud/fake_faults.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { type MainJob, mainJob } from "@/workers/fake_main_job.ts";

async function waitOf(app: MainJob, slug: string) {
  const [row] = await app.rows(
    `SELECT j.state, j.wait_reason AS reason, j.attempts, j.failure_reason AS failure
     FROM jobs j JOIN repositories r ON r.id = j.repository_id WHERE r.slug = '${slug}'`,
  );
  return row!;
}

for (
  const [status, reason, attempts] of [
    [500, "unavailable", 1],
    [429, "rate_limited", 0],
  ] as const
) {
  Deno.test(`a repository whose git answers 401 waits alone while the list answers ${status}`, async () => {
    await using repository = await testRepository();
    await repository.commit({ files: { "a.txt": "nothing here\n" } });
    await using app = await mainJob({
      repositories: ["a", "b", "c"].map((name) => ({ name, git: repository.dir })),
      faults: [
        { on: "* /demo/a*", status: 401 },
        { on: "GET /2.0/*", skip: 1, status },
      ],
    });
    await app.run(async () => {
      const states = await app.states();
      return states.a === "waiting" && states.b === "clean" && states.c === "clean";
    });
    const server = (await app.store.servers.find(app.serverId))!;
    assert.equal(server.attentionReason, null);
    assert.equal(server.waitingUntil, null);
    const wait = await waitOf(app, "a");
    assert.equal(wait.state, "queued");
    assert.equal(wait.reason, reason);
    assert.equal(wait.attempts, attempts);
  });
}

Deno.test("a repository that alone refuses the token fails, and one that the list refuses too stops the server", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "a.txt": "nothing here\n" } });
  await using app = await mainJob({
    repositories: [{ name: "a", git: repository.dir }],
    faults: [{ on: "* /demo/a*", status: 401 }],
  });
  await app.run(async () => (await app.states()).a === "failed");
  assert.equal((await waitOf(app, "a")).failure, "forbidden");
  assert.equal((await app.store.servers.find(app.serverId))!.attentionReason, null);

  app.fake.credentials[0]!.expired = true;
  const { rows: [row] } = await app.store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 1,
  });
  await app.store.jobs.requestScan(row!, { step: "history", priority: 25, by: "person" });
  await app.run(async () => (await app.store.servers.find(app.serverId))!.attentionReason !== null);
  assert.equal((await app.store.servers.find(app.serverId))!.attentionReason, "token_rejected");
});

const ANSWERS: [name: string, fault: Omit<FakeFault, "on">, reason: string][] = [
  ["nothing but 500", { status: 500 }, "unreachable"],
  ["broken JSON", { kind: "broken_json" }, "unreadable"],
  ["a sign-in page", { kind: "html" }, "unreadable"],
  ["that an address was removed", { status: 410 }, "unreadable"],
  ["that the workspace is closed", { status: 410, body: "Gone" }, "workspace_closed"],
];

for (const [name, fault, reason] of ANSWERS) {
  Deno.test(`a list that answers ${name} makes the server ${reason}`, async () => {
    await using app = await mainJob({
      repositories: [],
      faults: [{ on: "GET /2.0/repositories/*", ...fault }],
    });
    await app.run(async () => {
      // The waits between the tries are not what this is about.
      await app.rows("UPDATE jobs SET run_at = 0 WHERE wait_reason IS NOT NULL");
      app.dispatcher.wake();
      return (await app.store.servers.find(app.serverId))!.attentionReason !== null;
    });
    const server = (await app.store.servers.find(app.serverId))!;
    assert.equal(server.attentionReason, reason);
  });
}
