import assert from "node:assert/strict";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { fetchBlob } from "@/lib/git/one_blob.ts";
import { TEST_LIMITS } from "@/lib/git/test_reading.ts";
import { testRepository } from "@/lib/git/test_repository.ts";

const options = { limits: TEST_LIMITS, spoolDir: null };

Deno.test("fetchBlob() gives one file by its id, as git has it", async () => {
  await using repository = await testRepository([
    { files: { ".sluice.yml": "ignore:\n  paths: [a]\n", "b.txt": "b".repeat(5000) } },
    { files: { ".sluice.yml": null, "b.txt": "c".repeat(5000) } },
  ]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const oid = (await repository.git(["rev-parse", "HEAD~1:.sluice.yml"])).trim();
  const bytes = await fetchBlob(remote, oid, { ...options, memory: new Map() });
  assert.deepEqual(bytes, await repository.gitBytes(["cat-file", "blob", oid]));
});

Deno.test("fetchBlob() gives null where it may not have it: too large, no file, not there", async () => {
  const large = new Uint8Array(3 << 20).map((_, i) => (i * 2654435761) >>> 13);
  await using repository = await testRepository([{ files: { "a/b": "x\n", large } }]);
  const oid = async (rev: string) => (await repository.git(["rev-parse", rev])).trim();
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const fetched = (id: string) => fetchBlob(remote, id, { ...options, memory: new Map() });
  assert.equal(await fetched(await oid("HEAD:large")), null);
  assert.equal(await fetched(await oid("HEAD:a")), null);
  assert.equal(await fetched("1".repeat(40)), null);
});
