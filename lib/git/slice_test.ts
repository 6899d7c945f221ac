import assert from "node:assert/strict";
import { MOST_PARENTS, readGraph } from "@/lib/git/commit_texts.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { nextPiece, nextSlice, type SliceStand } from "@/lib/git/slice.ts";
import { readAll, TEST_LIMITS } from "@/lib/git/test_reading.ts";
import { testRepository } from "@/lib/git/test_repository.ts";

const commit = (oid: string, ...parents: string[]) => ({ oid, parents, committedAt: 0 });
const commits = [commit("a"), commit("b", "a"), commit("c", "a"), commit("d", "b", "c")];

Deno.test("nextSlice() takes parents before children and goes on where it was", () => {
  const first = nextSlice(commits, [], 2)!;
  assert.deepEqual(first, {
    frontier: ["b"],
    wants: ["b"],
    haves: [],
    shallow: [],
    done: 2,
    total: 4,
  });
  const second = nextSlice(commits, first.frontier, 1)!;
  assert.deepEqual(second.wants, ["c"]);
  assert.deepEqual(second.shallow, ["c"], "it ends above what was read");
  assert.deepEqual(second.frontier, ["b", "c"]);
  assert.equal(nextSlice(commits, ["d"], 5), null);
});

Deno.test("nextSlice() asks for the parents that a merge's cut takes from the piece", () => {
  const { wants, shallow } = nextSlice(commits, ["b"], 5)!;
  assert.deepEqual(wants, ["d", "c"]);
  assert.deepEqual(shallow, ["c", "d"]);
});

Deno.test("nextSlice() has what was read where only changes are asked for", () => {
  const { wants, haves, shallow } = nextSlice(commits, ["b"], 5, "changes")!;
  assert.deepEqual([wants, haves, shallow], [["d"], ["b"], []]);
  const hole = [commit("b", "a"), commit("d", "b")];
  assert.deepEqual(nextSlice(hole, [], 5, "changes")!.shallow, ["b"], "a parent that is not known");
});

Deno.test("nextSlice() counts commits that were rewritten away as not read", () => {
  const commits = [commit("a"), commit("new", "a")];
  assert.deepEqual(nextSlice(commits, ["gone"], 5)!.wants, ["new"]);
});

Deno.test("nextPiece() follows the first parents of a commit with too many, and names the rest", async () => {
  await using repository = await testRepository([{ files: { "same.txt": "same\n" } }]);
  const { git } = repository;
  const tree = (await git(["rev-parse", "main^{tree}"])).trim();
  const who = "Ada <ada@example.org> 1700000000 +0000";
  const roots = Array.from(
    { length: MOST_PARENTS + 5 },
    (_, i) =>
      `commit refs/heads/first\nmark :${i + 1}\ncommitter ${who}\ndata <<.\n${i}\n.\n` +
      `M 040000 ${tree} ""\n\nreset refs/heads/first\n\n`,
  ).join("");
  await git(["fast-import", "--quiet", "--export-marks=marks"], roots);
  const marks = (await Deno.readTextFile(`${repository.dir}/marks`)).trim().split("\n");
  const parents = marks.map((mark) => `parent ${mark.split(" ")[1]}\n`).join("");
  const text = `tree ${tree}\n${parents}author ${who}\ncommitter ${who}\n\nMerge all\n`;
  const merge = (await git(["hash-object", "-t", "commit", "-w", "--stdin"], text)).trim();
  await git(["update-ref", "refs/heads/main", merge]);
  await using server = fakeGitServer({ repositories: { one: repository.dir } });
  const remote = { url: `${server.url}one`, user: "", password: "" };
  const options = { limits: TEST_LIMITS, spoolDir: null, memory: new Map() };
  const stand: SliceStand = { frontier: [], commits: 15_000, files: "all", graph: [] };
  const learned = await nextPiece(remote, stand, options);
  assert.ok(learned.kind === "learned");
  const graph = learned.parts;
  for (const part of graph) assert.ok(part.length <= 1_000_000, `${part.length} bytes`);
  assert.ok(readGraph(graph).commits.has(merge));

  let frontier: readonly string[] = [];
  const read: number[] = [];
  for (;;) {
    const piece = await nextPiece(remote, { ...stand, frontier, graph }, options);
    if (piece.kind === "rest") {
      const most = `parents of commit ${merge.slice(0, 10)} beyond 20,000, and those behind`;
      assert.deepEqual([piece.wants, piece.leftOut], [[], [most]]);
      break;
    }
    assert.ok(piece.kind === "slice");
    const { wants, shallow } = piece.slice;
    const { result } = await readAll(remote.url, { wants, shallow });
    read.push(result.commits);
    frontier = piece.slice.frontier;
  }
  assert.deepEqual(read, [15_000, MOST_PARENTS - 15_000 + 1]);
});
