import assert from "node:assert/strict";
import { MORE_PARENTS, toParts } from "@/lib/git/commit_texts.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { TEST_LIMITS } from "@/lib/git/test_reading.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { readRepository } from "@/workers/read_repository.ts";

Deno.test("readRepository() leaves out by name, at the last slice, what no slice came to", async () => {
  await using repository = await testRepository([{ files: { "a.txt": "one\n" } }]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const main = (await repository.git(["rev-parse", "main"])).trim();
  const reading = readRepository({
    remote: { url: `${server.url}one`, user: "", password: "" },
    mode: "history",
    haves: [],
    slice: {
      frontier: [main],
      commits: 10,
      files: "all",
      graph: toParts([`${main} 1700000000 ${MORE_PARENTS}`]),
    },
    limits: TEST_LIMITS,
    fingerprintKey: new Uint8Array(32),
    spoolDir: null,
  });
  const { done, value } = await reading.next();
  assert.ok(done);
  assert.deepEqual([value.slice, value.learned], [null, null]);
  assert.deepEqual(value.leftOut, [
    `parents of commit ${main.slice(0, 10)} beyond 20,000, and those behind`,
  ]);
});
