import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import type { Clock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { learnCommits, looseRefs, orderGraph } from "@/lib/git/commit_graph.ts";
import { readGraph, toParts } from "@/lib/git/commit_texts.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { withPlainPack } from "@/lib/git/plain_pack.ts";
import { TEST_LIMITS } from "@/lib/git/test_reading.ts";
import { seeded, type TestCommit, testRepository } from "@/lib/git/test_repository.ts";

/** Four branches, one with a root of its own, merged now and then. */
function branched(count: number): TestCommit[] {
  const random = seeded(11);
  return Array.from({ length: count }, (_, i) => {
    const branch = ["main", "side", "other", "root"][i < 4 ? i : random(4)]!;
    return {
      branch,
      files: { [`${branch}.txt`]: `${i}\n`, "same.txt": "the same\n" },
      ...(i === 0 || i === 3 ? { orphan: true } : {}),
      ...(i === 1 || i === 2 ? { merge: ["main"], orphan: true } : {}),
      ...(i > 8 && random(3) === 0 && branch !== "root" ? { merge: ["root"] } : {}),
    };
  });
}

for (const protocol of [2, 0] as const) {
  for (const filter of [true, false]) {
    const name = `version ${protocol}, ${filter ? "with" : "without"} filter`;
    Deno.test(`learnCommits() comes to know what git rev-list knows, also after a push (${name})`, async () => {
      await using repository = await testRepository(branched(60));
      await repository.git(["config", "uploadpack.allowFilter", String(filter)]);
      const { git } = repository;
      const blob = (await git(["hash-object", "-w", "--stdin"], "tagged")).trim();
      await git(["tag", "a-file", blob]);
      await git(["tag", "-a", "-m", "a file", "of-a-file", blob]);
      await git(["tag", "-a", "-m", "old", "old", "main~4"]);
      await using server = fakeGitServer({ repositories: { one: repository.dir }, protocol });
      const remote = { url: `${server.url}one`, user: "", password: "" };
      const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map() };
      const parts: Uint8Array[] = [];

      const learnAll = async () => {
        for (;;) {
          // Each time from what was kept alone, as in another process.
          const graph = readGraph(parts);
          const { parts: more, refs, leftOut } = await learnCommits(remote, graph, 7, options);
          assert.deepEqual(leftOut, []);
          if (more.length === 0) return { graph, refs };
          parts.push(...more);
        }
      };
      const told = async () =>
        (await git(["rev-list", "--branches", "--parents", "--timestamp"])).trim().split("\n")
          .sort();

      const { graph, refs } = await learnAll();
      const ordered = orderGraph(graph, refs);
      const lines = ordered.map(({ oid, parents, committedAt }) =>
        [committedAt, oid, ...parents].join(" ")
      );
      assert.deepEqual(lines.toSorted(), await told());
      const seen = new Set<string>();
      for (const { oid, parents } of ordered) {
        assert.ok(parents.every((parent) => seen.has(parent)), "parents before children");
        seen.add(oid);
      }
      const named = await git(["rev-parse", "a-file", "of-a-file"]);
      assert.deepEqual(looseRefs(graph, refs).toSorted(), named.trim().split("\n").sort());
      assert.ok(filter ? parts.length === 1 : parts.length > 4, `${parts.length} parts`);

      await git(["update-ref", "refs/heads/side", "side~1"]);
      await repository.commit({ files: { "new.txt": "new\n" } });
      const after = await learnAll();
      assert.equal(orderGraph(after.graph, after.refs).length, (await told()).length);
    });
  }
}

for (const filter of [true, false]) {
  const name = filter ? "with" : "without";
  Deno.test(`learnCommits() goes on where only a beginning of its texts was kept (${name} filter)`, async () => {
    await using repository = await testRepository(branched(60));
    await repository.git(["config", "uploadpack.allowFilter", String(filter)]);
    await using server = fakeGitServer({ repositories: { one: repository.dir } });
    const remote = { url: `${server.url}one`, user: "", password: "" };
    const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map() };
    const { parts: [all] } = await learnCommits(remote, readGraph([]), 30, options);
    const lines = inflateRawSync(all!).toString().split("\n");
    for (const kept of [1, lines.length >> 1, lines.length - 1]) {
      const parts = toParts(lines.slice(0, kept));
      for (;;) {
        const graph = readGraph(parts);
        const { parts: more, refs } = await learnCommits(remote, graph, 7, options);
        parts.push(...more);
        if (more.length > 0) continue;
        assert.equal(orderGraph(graph, refs).length, 60, `${kept} of ${lines.length} lines`);
        break;
      }
    }
  });
}

Deno.test("learnCommits() hears of an abort while it reads the commits of a pack", async () => {
  await using repository = await testRepository(branched(20));
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const stop = new AbortController();
  const reason = new Error("enough");
  let turns = 0;
  let last = Infinity;
  let now = 0;
  const clock: Clock = {
    now: () => now += 1_000,
    sleep: () => {
      if (++turns > last) stop.abort(reason);
      return Promise.resolve();
    },
  };
  const { signal } = stop;
  const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map(), signal, clock };
  const wants = [(await repository.git(["rev-parse", "main"])).trim()];
  const request = { wants, haves: [], depth: 20 };
  const commits = await withPlainPack(remote, options, () => request, (pack) => {
    return pack.commits.length;
  });
  assert.ok(commits! > 2, `${commits} commits`);
  // As many turns as the reading of the pack takes, and one.
  last = turns + 1;
  turns = 0;
  await assert.rejects(learnCommits(remote, readGraph([]), 20, options), reason);
});

Deno.test("learnCommits() names the commits whose parents are too many in all, and ends", async () => {
  await using repository = await testRepository([
    { branch: "a", files: { a: "1\n" } },
    { branch: "b", files: { a: "2\n" }, orphan: true },
    { branch: "main", files: { a: "3\n" }, orphan: true },
    { branch: "main", files: { a: "4\n" }, merge: ["a", "b"] },
    { branch: "main", files: { a: "5\n" } },
  ]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map() };
  const merge = (await repository.git(["rev-parse", "main~1"])).trim();
  const graph = readGraph([]);
  graph.commits.set("full", {
    oid: "full",
    committedAt: 0,
    parents: Array.from({ length: 500_002 }, () => "same"),
  });
  const isTooLarge = (error: unknown) =>
    error instanceof RemoteError && error.reason === "too_large";
  await assert.rejects(learnCommits(remote, graph, 20, options), isTooLarge);
  const named: string[] = [];
  for (let asked = 0;; asked++) {
    assert.ok(asked < 10, "it ends");
    const { parts, refs, leftOut } = await learnCommits(remote, graph, 1, options);
    named.push(...leftOut);
    if (parts.length > 0) continue;
    assert.equal(orderGraph(graph, refs).length, 3);
    break;
  }
  assert.deepEqual(named, [
    `commit ${
      merge.slice(0, 10)
    } and those behind it: parents beyond two of a commit above 500,000`,
  ]);
});
