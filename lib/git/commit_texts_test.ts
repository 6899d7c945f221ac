import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import {
  commitLines,
  countCommits,
  MORE_PARENTS,
  MOST_PARENTS,
  readCommit,
  readGraph,
  toParts,
} from "@/lib/git/commit_texts.ts";
import { seeded } from "@/lib/git/test_repository.ts";

const random = seeded(3);
const id = () => Array.from({ length: 40 }, () => random(16).toString(16)).join("");

function commitObject(parents: readonly string[]): Uint8Array {
  const lines = parents.map((parent) => `parent ${parent}\n`).join("");
  const who = "Ada <ada@example.org> 1700000000 +0000";
  return new TextEncoder().encode(
    `tree ${id()}\n${lines}author ${who}\ncommitter ${who}\n\nsubject\n`,
  );
}

Deno.test("readCommit() knows each parent once, and no more than are kept", () => {
  const [oid, one, other] = [id(), id(), id()];
  const many = Array.from({ length: 150_000 }, (_, i) => i % 3 ? one : other);
  assert.deepEqual(readCommit(oid, commitObject(many)), {
    oid,
    committedAt: 1_700_000_000,
    parents: [other, one],
  });
  const distinct = Array.from({ length: MOST_PARENTS }, id);
  assert.deepEqual(readCommit(oid, commitObject([...distinct, one]))!.parents, [
    ...distinct,
    MORE_PARENTS,
  ]);
  const again = [...distinct, ...distinct];
  assert.deepEqual(readCommit(oid, commitObject(again))!.parents, distinct);
});

Deno.test("readCommit() passes over a parent that is no id, and so could break its line", () => {
  const [oid, parent] = [id(), id()];
  const broken = `a\nb hole\n${"c".repeat(31)}`;
  const { parents } = readCommit(oid, commitObject([broken, parent.toUpperCase()]))!;
  assert.deepEqual(parents, [parent]);
});

Deno.test("toParts() makes no text larger than a megabyte, and readGraph() reads all of them", () => {
  const commits = Array.from({ length: 200 }, (_, i) => ({
    oid: id(),
    committedAt: i,
    parents: Array.from({ length: 300 }, id),
  }));
  const parts = toParts(commitLines(commits));
  assert.ok(parts.length > 1, `${parts.length} parts`);
  for (const part of parts) assert.ok(part.length <= 1_000_000, `${part.length} bytes`);
  assert.deepEqual([...readGraph(parts).commits.values()], commits);
});

Deno.test("toParts() calls too large what is more than a piece may be", () => {
  assert.equal(toParts(["a 1", "b 2"], 8).length, 1);
  assert.throws(
    () => toParts(["a 1", "b 2"], 7),
    (error: unknown) => error instanceof RemoteError && error.reason === "too_large",
  );
});

Deno.test("commitLines() gives parents first, so that a part that is kept has no holes", () => {
  const lines = commitLines([
    { oid: "d", committedAt: 1, parents: ["b", "c"] },
    { oid: "c", committedAt: 5, parents: ["a"] },
    { oid: "b", committedAt: 2, parents: ["a", "elsewhere"] },
    { oid: "a", committedAt: 9, parents: [] },
  ]);
  assert.deepEqual(lines, ["a 9", "b 2 a elsewhere", "c 5 a", "d 1 b c"]);
});

Deno.test("countCommits() calls too large, as it comes, what is more than can be held", () => {
  const commit = (parents: number) => ({
    oid: id(),
    committedAt: 1_700_000_000,
    parents: Array.from({ length: parents }, id),
  });
  const isTooLarge = (error: unknown) =>
    error instanceof RemoteError && error.reason === "too_large";
  const known = commit(5);
  const commits = new Map([[known.oid, known]]);
  const few = countCommits({ commits }, { chars: 10_000, further: 4 });
  few(commit(3));
  assert.throws(() => few(commit(3)), isTooLarge, "the known commit's count too");
  few(commit(2));
  const [one, other] = [commit(1), commit(2)];
  const chars = commitLines([one, other]).join("\n").length + 1;
  const enough = countCommits({ commits }, { chars, further: 4 });
  enough(one);
  enough(other);
  const short = countCommits({ commits }, { chars: chars - 1, further: 4 });
  short(one);
  assert.throws(() => short(other), isTooLarge);
});

Deno.test("countCommits() ends long before 800 commits of as many parents as are followed", () => {
  const parents = Array.from({ length: MOST_PARENTS }, id);
  const count = countCommits(readGraph([]));
  let counted = 0;
  assert.throws(() => {
    for (; counted < 800; counted++) count({ oid: "a", committedAt: 0, parents });
  }, RemoteError);
  assert.ok(counted > 1 && counted < 50, `${counted} commits`);
});
