import assert from "node:assert/strict";
import { nextSlice } from "@/lib/git/slice.ts";

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
