import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { withPlainPack } from "@/lib/git/plain_pack.ts";
import { TEST_LIMITS } from "@/lib/git/test_reading.ts";
import { testRepository } from "@/lib/git/test_repository.ts";

Deno.test("withPlainPack() reads what is asked for, and nothing where nothing is", async () => {
  await using repository = await testRepository([{ files: { a: "1\n" } }, { files: { a: "2\n" } }]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map() };
  const head = (await repository.git(["rev-parse", "main"])).trim();
  const counted = await withPlainPack(
    remote,
    options,
    ({ refs }) => ({ wants: refs.map(({ oid }) => oid), haves: [], depth: 1 }),
    ({ commits, trees, blobs }) => [commits.length, trees.length, blobs],
  );
  assert.deepEqual(counted, [1, 1, 1]);
  let listed: string[] = [];
  const nothing = await withPlainPack(remote, options, ({ refs }) => {
    listed = refs.map(({ oid }) => oid);
    return null;
  }, () => assert.fail("there is no pack"));
  assert.deepEqual([nothing, listed], [null, [head]]);
  await assert.rejects(
    withPlainPack(
      remote,
      { ...options, limits: { ...TEST_LIMITS, packBytes: 50 } },
      () => ({ wants: [head], haves: [], depth: null }),
      () => assert.fail("the pack is too large"),
    ),
    (error: unknown) => error instanceof RemoteError && error.reason === "too_large",
  );
});
