import assert from "node:assert/strict";
import { git } from "@/e2e/harness/repositories.ts";
import { foldersAsRepositories, sampleRepositories } from "@/tools/demo_repositories.ts";

async function withFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await test(await Deno.realPath(dir));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("sampleRepositories() makes whole repositories, one with a secret taken out again", async () => {
  await withFolder(async (dir) => {
    const samples = await sampleRepositories(dir);
    assert.deepEqual(samples.map(({ name }) => name), [
      "payments-api",
      "web-shop",
      "handbook",
      "scratch",
    ]);
    for (const { git: folder } of samples) await git(["-C", folder!, "fsck", "--strict"]);
    const history = await git(["-C", `${dir}/payments-api`, "log", "-p", "--format="]);
    assert.match(history, /^\+.*AKIA/m);
    assert.match(history, /^-.*AKIA/m);
    assert.match(await git(["-C", `${dir}/web-shop`, "show"]), /ghp_/);
    assert.ok(samples[0]!.size! > 0);
    assert.equal(samples[3]!.updatedOn, undefined);
  });
});

Deno.test("foldersAsRepositories() takes bare folders and work trees, each under its own name", async () => {
  await withFolder(async (dir) => {
    await sampleRepositories(`${dir}/samples`);
    await git(["clone", "--quiet", "--bare", `${dir}/samples/handbook`, `${dir}/a/shop.git`]);
    await git(["clone", "--quiet", `${dir}/samples/handbook`, `${dir}/b/shop`]);
    const given = [`${dir}/a/shop.git`, `${dir}/b/shop/`];
    const found = await foldersAsRepositories(given);
    assert.deepEqual(found.map(({ name }) => name), ["shop", "shop-2"]);
    assert.notEqual(found[0]!.uuid, found[1]!.uuid);
    assert.deepEqual(await foldersAsRepositories(given), found);
  });
});

Deno.test("foldersAsRepositories() names the folder that is no git repository", async () => {
  await withFolder(async (dir) => {
    await sampleRepositories(`${dir}/samples`);
    await git(["clone", "--quiet", `${dir}/samples/handbook`, `${dir}/tree`]);
    await Deno.mkdir(`${dir}/tree/inside`);
    for (const folder of [dir, `${dir}/nowhere`, `${dir}/tree/inside`]) {
      await assert.rejects(foldersAsRepositories([folder]), {
        message: `Cannot serve ${folder}: it is no git repository`,
      });
    }
  });
});
