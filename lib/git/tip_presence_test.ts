import assert from "node:assert/strict";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { blobsAtTip } from "@/lib/git/tip_presence.ts";
import { readLimits } from "@/workers/limits.ts";

for (const protocol of [0, 2] as const) {
  for (const canFilter of [true, false]) {
    Deno.test(`blobsAtTip() agrees with git ls-tree (version ${protocol}, ${canFilter ? "with" : "without"} filter)`, async () => {
      await using repository = await testRepository();
      await repository.commit(
        { files: { "a.txt": "old", "deep/er/b.txt": "kept", '"caf\\303\\251/x"': "odd" } },
        { files: { "a.txt": "new", "gone.txt": "here" } },
        { files: { "gone.txt": null }, branch: "main" },
      );
      await repository.git(["config", "uploadpack.allowFilter", String(canFilter)]);
      await using server = fakeGitServer({ repositories: { one: repository.dir }, protocol });
      const head = (await repository.git(["rev-parse", "main"])).trim();
      const blob = async (rev: string) => (await repository.git(["rev-parse", rev])).trim();
      const kept = await blob("main:deep/er/b.txt");
      const { at, held } = await blobsAtTip(
        { url: `${server.url}one`, user: "", password: "" },
        head,
        ["a.txt", "deep/er/b.txt", "deep/er", "café/x", "gone.txt", "never/was"],
        new Set([kept, await blob("main~1:gone.txt")]),
        {
          limits: readLimits({ maxPackBytes: 1e8, maxBlobBytes: 1e6 }),
          spoolDir: null,
          memory: new Map(),
        },
      );
      assert.deepEqual([...held], [kept]);
      assert.deepEqual(at, [
        await blob("main:a.txt"),
        await blob("main:deep/er/b.txt"),
        null,
        await blob("main:café/x"),
        null,
        null,
      ]);
    });
  }
}

Deno.test("blobsAtTip() finds a path that is known by its blob alone", async () => {
  await using repository = await testRepository([
    { files: { "a/one.txt": "same", "b/c/two.txt": "same", "three.txt": "other" } },
  ]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const head = (await repository.git(["rev-parse", "main"])).trim();
  const blob = (await repository.git(["rev-parse", "main:a/one.txt"])).trim();
  const looked: string[] = [];
  const hidden = (wanted: string) => ({
    blob,
    is(path: string) {
      looked.push(path);
      return path === wanted;
    },
  });
  const { at } = await blobsAtTip(
    { url: `${server.url}one`, user: "", password: "" },
    head,
    [hidden("b/c/two.txt"), "three.txt", hidden("three.txt")],
    new Set(),
    {
      limits: readLimits({ maxPackBytes: 1e8, maxBlobBytes: 1e6 }),
      spoolDir: null,
      memory: new Map(),
    },
  );
  assert.deepEqual([at[0], at[1] !== null, at[2]], [blob, true, null]);
  assert.deepEqual([...new Set(looked)].sort(), ["a/one.txt", "b/c/two.txt"]);
});

Deno.test("blobsAtTip() calls nothing gone that it had no time to look for", async () => {
  await using repository = await testRepository([{ files: { "z.txt": "hidden" } }]);
  const blob = (await repository.git(["rev-parse", "main:z.txt"])).trim();
  const make = async (lines: string) => (await repository.git(["mktree"], lines)).trim();
  // Each tree names the one below it twice: half a million folders out of twenty trees.
  let tree = await make(`100644 blob ${blob}\tz.txt\n`);
  for (let i = 0; i < 19; i++) {
    tree = await make(`040000 tree ${tree}\ta\n040000 tree ${tree}\tb\n`);
  }
  const head = (await repository.git(["commit-tree", "-m", "folders", tree])).trim();
  await repository.git(["update-ref", "refs/heads/main", head]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const never = (blob: string) => ({ blob, is: () => false });
  const { at } = await blobsAtTip(
    { url: `${server.url}one`, user: "", password: "" },
    head,
    [never(blob), never("0".repeat(40))],
    new Set(),
    {
      limits: readLimits({ maxPackBytes: 1e8, maxBlobBytes: 1e6 }),
      spoolDir: null,
      memory: new Map(),
    },
  );
  assert.deepEqual(at, [blob, null]);
});
