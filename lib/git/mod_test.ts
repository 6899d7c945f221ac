import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import type { BlobScanner, Found } from "@/lib/git/mod.ts";
import { readAll } from "@/lib/git/test_reading.ts";
import {
  seeded,
  type TestCommit,
  type TestRepository,
  testRepository,
} from "@/lib/git/test_repository.ts";

/** Finds something in every blob, and notes which blobs it was shown whole. */
function everyBlob() {
  const shown: string[] = [];
  const scan = (bytes: Uint8Array) => {
    shown.push(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
    const hit = {
      start: 0,
      end: Math.min(1, bytes.length),
      from: 0,
      to: 1,
      contested: false,
      line: 1,
      column: 1,
    };
    const memo = { value: null, bytes: 0 };
    return { hits: [hit], displaced: [], binary: false, capped: false, whole: true, memo };
  };
  const scanner: BlobScanner<Found> = { scan, scanChanged: scan, wholeOnly: () => false };
  return { shown, scanner };
}

/** Merges, several roots, renames, links, submodules, odd names and authors, a big folder. */
async function oddRepository(seed: number): Promise<TestRepository> {
  const random = seeded(seed);
  const files = ["a.txt", "src/a.txt", "src/deep/er/b.txt", '"caf\\303\\251/x"', '"l\\344tin"'];
  const texts = new Map<string, string>();
  const edited = (path: string): string => {
    const lines = (texts.get(path) ?? "").split("\n");
    const count = random(3) + 1;
    for (let i = 0; i < count; i++) {
      lines.splice(random(lines.length + 1), random(2), `line ${random(1e6)} of ${path}`);
    }
    texts.set(path, lines.join("\n"));
    return texts.get(path)!;
  };
  const commits: TestCommit[] = [];
  for (let i = 0; i < 60; i++) {
    const branch = ["main", "side", "feature/x"][i < 5 ? 0 : random(3)]!;
    const path = files[random(files.length)]!;
    commits.push({
      branch,
      files: { [path]: edited(path), ...(i % 9 === 0 ? { [`copy${i}.txt`]: "the same" } : {}) },
      ...(i === 0 || (branch !== "main" && !commits.some((one) => one.branch === branch))
        ? { orphan: true }
        : {}),
      ...(i > 20 && branch === "main" && random(4) === 0 ? { merge: ["side"] } : {}),
      // Clocks go wrong: some commits are older than their parents.
      ...(i % 7 === 3 ? { at: 1_600_000_000 + i } : {}),
    });
  }
  commits.push({ files: { link: "a.txt" }, modes: { link: "120000" } });
  commits.push({ files: { sub: "1".repeat(40) }, modes: { sub: "160000" } });
  commits.push({ files: { "a.txt": null, "moved/a.txt": texts.get("a.txt") ?? "" } });
  commits.push({ files: { "z.txt": "" }, author: "Zoë Ünïcode <z@example.org>" });
  commits.push({ files: { "y.txt": "only on another branch" }, branch: "side" });
  const repository = await testRepository();
  await repository.commit(...commits);
  const { git } = repository;
  const blob = (await git(["hash-object", "-w", "--stdin"], "tagged blob")).trim();
  const inTree = (await git(["hash-object", "-w", "--stdin"], "in a tagged tree")).trim();
  const tree = (await git(["mktree"], `100644 blob ${inTree}\tinside.txt\n`)).trim();
  await git(["tag", "blob-tag", blob]);
  await git(["tag", "-a", "-m", "a tree", "tree-tag", tree]);
  await git(["tag", "-a", "-m", "a commit", "commit-tag", "main"]);
  await git(["tag", "-a", "-m", "a tag", "tag-tag", "commit-tag"]);
  await git(["repack", "-adfq", "--depth=50"]);
  return repository;
}

/** Path → blob of a commit, as git tells. */
async function listTree(repository: TestRepository, commit: string): Promise<Map<string, string>> {
  const listing = await repository.gitBytes(["ls-tree", "-rz", commit]);
  const text = new TextDecoder("latin1").decode(listing);
  const entries = text.split("\0").filter(Boolean).map((line) => {
    const [head, path] = line.split("\t");
    return { kind: head!.split(" ")[1], oid: head!.split(" ")[2]!, path: utf8(path!) };
  });
  return new Map(entries.filter(({ kind }) => kind === "blob").map(({ path, oid }) => [path, oid]));
}

function utf8(latin1: string): string {
  try {
    const bytes = Uint8Array.from(latin1, (sign) => sign.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1;
  }
}

for (const protocol of [2, 1, 0] as const) {
  Deno.test(`readRemote() agrees with git on every blob, path and author (v${protocol})`, async () => {
    await using repository = await oddRepository(protocol + 1);
    await using server = fakeGitServer({ repositories: { r: repository.dir }, protocol });
    const { scanner, shown } = everyBlob();
    const { result, placed } = await readAll(`${server.url}r`, { scanner });

    const objects = (await repository.git([
      "cat-file",
      "--batch-all-objects",
      "--batch-check=%(objecttype) %(objectname)",
    ])).trim().split("\n");
    const ofType = (type: string) =>
      objects.filter((line) => line.startsWith(type)).map((line) => line.split(" ")[1]!);
    assert.equal(result.objects, objects.length);
    assert.equal(result.commits, ofType("commit").length);
    assert.deepEqual(shown.toSorted(), ofType("blob").toSorted(), "each blob once");

    const commits =
      (await repository.git(["log", "--all", "--format=%H%x00%an%x00%ae%x00%at%x00%P"]))
        .trim().split("\n").map((line) => line.split("\0"));
    const trees = new Map<string, Map<string, string>>();
    for (const [oid] of commits) trees.set(oid!, await listTree(repository, oid!));
    const parents = new Map(commits.map(([oid, , , , list]) => [oid!, list!.split(" ")]));
    const tip = await listTree(repository, "main");

    const wanted = new Set<string>();
    for (const tree of trees.values()) {
      for (const [path, oid] of tree) wanted.add(`${oid} ${path}`);
    }
    const fromCommits = placed.filter(({ place }) => trees.has(place.commit));
    assert.deepEqual(
      fromCommits.map(({ place }) => `${place.oid} ${place.path}`).toSorted(),
      [...wanted].toSorted(),
      "each blob at each of its paths",
    );
    for (const { place } of fromCommits) {
      const [, name, email, at] = commits.find(([oid]) => oid === place.commit)!;
      assert.deepEqual(place.author, { name, email, date: Number(at) * 1000 });
      assert.equal(place.atTip, tip.get(place.path) === place.oid, place.path);
      assert.equal(trees.get(place.commit)!.get(place.path), place.oid);
      const before = [...parents.get(place.commit)!];
      for (const parent of before) {
        assert.notEqual(trees.get(parent)?.get(place.path), place.oid, "no parent has it already");
        before.push(...parents.get(parent) ?? []);
        if (before.length > 2000) break;
      }
    }
    const fromTags = placed.filter(({ place }) => !trees.has(place.commit));
    assert.deepEqual(
      fromTags.map(({ place }) => place.path).toSorted(),
      ["inside.txt", "refs/tags/blob-tag"],
    );
    assert.equal(result.defaultBranch, "main");
    assert.equal(result.headCommit, (await repository.git(["rev-parse", "main"])).trim());
    const refs = (await repository.git(["for-each-ref", "--format=%(refname) %(objectname)"]))
      .trim().split("\n");
    assert.deepEqual(
      result.refs.map(({ name, oid }) => `${name} ${oid}`).toSorted(),
      refs.toSorted(),
    );
    assert.deepEqual(result.leftOut, []);
    assert.equal(result.gitRequests, protocol === 2 ? 3 : 2);
    for (const request of server.requests) assert.equal(request.body.includes("thin-pack"), false);
  });
}

Deno.test("readRemote() reads the tip alone, by every protocol", async () => {
  await using repository = await oddRepository(9);
  const tip = await listTree(repository, "main");
  for (const protocol of [2, 1, 0] as const) {
    await using server = fakeGitServer({ repositories: { r: repository.dir }, protocol });
    const { scanner } = everyBlob();
    const { result, placed } = await readAll(`${server.url}r`, { scanner, mode: "tip" });
    assert.equal(result.commits, 1);
    assert.deepEqual(
      placed.map(({ place }) => `${place.path} ${place.oid}`).toSorted(),
      [...tip].map((entry) => entry.join(" ")).toSorted(),
    );
    assert.ok(placed.every(({ place }) => place.atTip && place.commit === result.headCommit));
  }
});

Deno.test("readRemote() reads only what is new since the haves", async () => {
  for (const protocol of [2, 0] as const) {
    await using repository = await oddRepository(4);
    const before = (await repository.git(["for-each-ref", "--format=%(objectname)"])).trim()
      .split("\n");
    await using server = fakeGitServer({ repositories: { r: repository.dir }, protocol });
    const url = `${server.url}r`;
    const unchanged = await readAll(url, { ...everyBlob(), haves: before });
    assert.equal(unchanged.result.objects, 0);
    assert.equal(unchanged.result.gitRequests, protocol === 2 ? 2 : 1);

    await repository.commit({ files: { "new.txt": "fresh\n" } }, { files: { "src/n": "too\n" } });
    const { scanner, shown } = everyBlob();
    const { result, placed } = await readAll(url, { scanner, haves: before });
    assert.equal(result.commits, 2);
    assert.equal(shown.length, 2);
    assert.deepEqual(placed.map(({ place }) => place.path), ["new.txt", "src/n"]);
    assert.ok(placed.every(({ place }) => place.atTip));
    assert.equal(result.fellBackToFull, false);
  }
});

Deno.test("readRemote() says that a have is gone, and reads everything behind it", async () => {
  for (const protocol of [2, 0] as const) {
    await using repository = await testRepository([{ files: { a: "1\n" } }, {
      files: { a: "2\n" },
    }]);
    await using server = fakeGitServer({ repositories: { r: repository.dir }, protocol });
    const { scanner, shown } = everyBlob();
    const { result } = await readAll(`${server.url}r`, { scanner, haves: ["12".repeat(20)] });
    assert.equal(result.fellBackToFull, true);
    assert.equal(result.commits, 2);
    assert.equal(shown.length, 2);
  }
});

Deno.test("readRemote() finds nothing in an empty repository", async () => {
  for (const protocol of [2, 1, 0] as const) {
    await using repository = await testRepository();
    await using server = fakeGitServer({ repositories: { r: repository.dir }, protocol });
    for (const mode of ["tip", "history"] as const) {
      const { result, placed } = await readAll(`${server.url}r`, { ...everyBlob(), mode });
      assert.deepEqual(placed, []);
      assert.deepEqual(result.refs, []);
      assert.equal(result.headCommit, null);
    }
  }
});

Deno.test("readRemote() takes two requests once it knows the server", async () => {
  await using repository = await testRepository([{ files: { a: "1\n" } }]);
  await using server = fakeGitServer({ repositories: { r: repository.dir } });
  const memory = new Map();
  const first = await readAll(`${server.url}r`, { ...everyBlob(), memory });
  const second = await readAll(`${server.url}r`, { ...everyBlob(), memory });
  assert.deepEqual([first.result.gitRequests, second.result.gitRequests], [3, 2]);
});

Deno.test("readRemote() reads a shallow repository, whose oldest commits have no parents", async () => {
  await using repository = await testRepository(
    [1, 2, 3, 4].map((n) => ({ files: { a: `${n}\n` } })),
  );
  await using shallow = await testRepository();
  await shallow.git(["fetch", "-q", "--depth=2", `file://${repository.dir}`, "main:main"]);
  await using server = fakeGitServer({ repositories: { r: shallow.dir } });
  const { result, placed } = await readAll(`${server.url}r`, everyBlob());
  assert.equal(result.commits, 2);
  assert.equal(placed.length, 2);
});
