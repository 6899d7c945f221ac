import assert from "node:assert/strict";
import { addCommits, git, makeRepository } from "@/e2e/harness/repositories.ts";

Deno.test("makeRepository() and addCommits() make what git itself accepts as whole", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const [first, second] = await makeRepository(dir, [
      { message: "One", files: { "a.txt": "a\n", 'deep/b "c".bin': new Uint8Array([0, 1, 255]) } },
      { message: "Two\n\nMore.", files: { "a.txt": null } },
    ]);
    const [side, third] = await addCommits(dir, [
      { message: "Side", files: { "s": "s" }, branch: "side" },
      { message: "Three", files: { "a.txt": "again\n" }, author: "Bo <bo@example.com>", time: 5 },
    ]);
    await git(["-C", dir, "fsck", "--strict"]);
    assert.equal(
      (await git(["-C", dir, "rev-parse", "main", "main^", "main^^", "side", "side^"])).trim(),
      [third, second, first, side, second].join("\n"),
    );
    assert.equal(await git(["-C", dir, "show", "main:a.txt"]), "again\n");
    assert.equal(await git(["-C", dir, "log", "-1", "--format=%an %at", "main"]), "Bo 5\n");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("makeRepository() without commits makes an empty repository", async () => {
  const dir = await Deno.makeTempDir();
  try {
    assert.deepEqual(await makeRepository(dir, []), []);
    assert.equal(await git(["-C", dir, "for-each-ref"]), "");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
