import assert from "node:assert/strict";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import type { BlobPlace, ReadingLimits, ReadingResult } from "@/lib/git/mod.ts";
import { readAll } from "@/lib/git/test_reading.ts";
import { type TestRepository, testRepository } from "@/lib/git/test_repository.ts";

/** Blobs that begin with `secret` are hits, and no others. */
const scan = (bytes: Uint8Array) => {
  const isHit = new TextDecoder().decode(bytes.subarray(0, 6)) === "secret";
  const hits: Found[] = isHit
    ? [{ start: 0, end: 6, from: 0, to: bytes.length, contested: false, line: 1, column: 1 }]
    : [];
  return {
    hits,
    displaced: [],
    binary: false,
    capped: false,
    whole: true,
    memo: { value: null, bytes: 0 },
  };
};
const scanner: BlobScanner<Found> = { scan, scanChanged: scan, wholeOnly: () => false };

async function placesOf(
  repository: TestRepository,
  limits: Partial<ReadingLimits> = {},
): Promise<{ places: BlobPlace[]; result: ReadingResult }> {
  await using server = fakeGitServer({ repositories: { r: repository.dir } });
  const { result, placed } = await readAll(`${server.url}r`, { scanner, limits });
  return { result, places: placed.map(({ place }) => place) };
}

async function subjects(repository: TestRepository, places: BlobPlace[]): Promise<string[]> {
  const told: string[] = [];
  for (const { commit, path, atTip } of places) {
    const subject = (await repository.git(["log", "-1", "--format=%s", commit])).trim();
    told.push(`${subject}: ${path}${atTip ? " (tip)" : ""}`);
  }
  return told;
}

Deno.test("a blob has each of its paths once, with the commit that brought it there first", async () => {
  await using repository = await testRepository([
    { files: { "a.txt": "secret 1\n", "b.txt": "plain\n" } },
    { files: { "copy/of/a.txt": "secret 1\n" } },
    { files: { "a.txt": null } },
    { files: { "a.txt": "secret 1\n" } },
    { files: { "a.txt": "secret 2\n" } },
  ]);
  const { places, result } = await placesOf(repository);
  assert.deepEqual(await subjects(repository, places), [
    "commit 1: a.txt",
    "commit 2: copy/of/a.txt (tip)",
    "commit 5: a.txt (tip)",
  ]);
  assert.equal(result.blobs, 3);
});

Deno.test("of two branches the older commit counts, and a merge brings nothing new", async () => {
  await using repository = await testRepository([
    { files: { base: "plain\n" }, at: 1000 },
    { branch: "side", files: { base: "plain\n", x: "secret\n" }, orphan: true, at: 3000 },
    { files: { x: "secret\n" }, at: 2000 },
    { files: {}, merge: ["side"], at: 4000 },
  ]);
  const { places } = await placesOf(repository);
  assert.deepEqual(await subjects(repository, places), ["commit 3: x (tip)"]);
});

Deno.test("a child counts after its parent even where its clock was wrong", async () => {
  await using repository = await testRepository([
    { files: { x: "secret\n" }, at: 5000 },
    { files: { x: "secret\n", y: "secret\n" }, at: 10 },
  ]);
  const { places } = await placesOf(repository);
  assert.deepEqual(await subjects(repository, places), ["commit 1: x (tip)", "commit 2: y (tip)"]);
});

Deno.test("folders count down to the limit, and one deeper is left out and said", async () => {
  await using repository = await testRepository([
    { files: { [`${"d/".repeat(5)}x`]: "secret deep\n", y: "secret flat\n" } },
  ]);
  const within = await placesOf(repository, { treeDepth: 6 });
  assert.equal(within.places.length, 2);
  assert.deepEqual(within.result.leftOut, []);
  const cut = await placesOf(repository, { treeDepth: 5 });
  assert.deepEqual(cut.places.map(({ path }) => path), ["y"]);
  assert.deepEqual(cut.result.leftOut, ["1 folder deeper than 5 levels"]);
});

Deno.test("a repository without hits costs no look at its trees", async () => {
  await using repository = await testRepository([{ files: { x: "plain\n" } }]);
  const { places, result } = await placesOf(repository);
  assert.deepEqual(places, []);
  assert.equal(result.commits, 1);
});

Deno.test("a few trees that stand for more paths than atoms do not take for ever", async () => {
  await using repository = await testRepository();
  const blob = (await repository.git(["hash-object", "-w", "--stdin"], "secret\n")).trim();
  let tree = (await repository.git(["mktree"], `100644 blob ${blob}\tx\n`)).trim();
  for (let level = 0; level < 14; level++) {
    const entries = Array.from("0123456789", (name) => `040000 tree ${tree}\t${name}\n`);
    tree = (await repository.git(["mktree"], entries.join(""))).trim();
  }
  const commit = (await repository.git(["commit-tree", "-m", "bomb", tree])).trim();
  await repository.git(["update-ref", "refs/heads/main", commit]);
  const { places, result } = await placesOf(repository);
  assert.ok(places.length < 400_000);
  assert.match(result.leftOut.join(), /paths beyond 300,000/);
});
