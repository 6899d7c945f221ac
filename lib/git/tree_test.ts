import assert from "node:assert/strict";
import { FILE, filesOf, SUBMODULE, SUBTREE, visitTree } from "@/lib/git/tree.ts";
import { testRepository } from "@/lib/git/test_repository.ts";

function list(bytes: Uint8Array): { whole: boolean; entries: [number, string][] } {
  const entries: [number, string][] = [];
  const whole = visitTree(bytes, (kind, start, end) => {
    entries.push([kind, new TextDecoder().decode(bytes.subarray(start, end))]);
  });
  return { whole, entries };
}

Deno.test("visitTree() reads what git wrote", async () => {
  await using repository = await testRepository([{
    files: { "a b": "1", "dir/x": "2", link: "a b", sub: "12".repeat(20), "é": "3" },
    modes: { link: "120000", sub: "160000", "é": "100755" },
  }]);
  const bytes = await repository.gitBytes(["cat-file", "tree", "main^{tree}"]);
  assert.deepEqual(list(bytes), {
    whole: true,
    entries: [[FILE, "a b"], [SUBTREE, "dir"], [FILE, "link"], [SUBMODULE, "sub"], [FILE, "é"]],
  });
});

Deno.test("visitTree() reads old modes, and stops where a tree breaks off", () => {
  const oid = "x".repeat(20);
  const encode = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual(list(encode(`040000 dir\0${oid}100664 f\0${oid}`)), {
    whole: true,
    entries: [[SUBTREE, "dir"], [FILE, "f"]],
  });
  assert.deepEqual(list(encode("")), { whole: true, entries: [] });
  for (const broken of ["100644 f", `100644 f\0${oid.slice(1)}`, "junk", "100644", `9 f\0${oid}`]) {
    assert.deepEqual(list(encode(broken)), { whole: false, entries: [] }, broken);
  }
});

Deno.test("filesOf() names the files of one tree with their ids, and no folder", async () => {
  await using repository = await testRepository([{ files: { ".a": "x", "b/c": "y" } }]);
  const tree = await repository.gitBytes(["cat-file", "tree", "HEAD^{tree}"]);
  const oid = (await repository.git(["rev-parse", "HEAD:.a"])).trim();
  assert.deepEqual([...filesOf(tree)], [[".a", oid]]);
});
