import assert from "node:assert/strict";
import { git, makeRepository } from "@/e2e/harness/repositories.ts";
import { fakeBitbucketCloud } from "@/lib/codeserver/bitbucket_cloud/fake_server.ts";
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
    for (const folder of [dir, `${dir}/tree/inside`]) {
      await assert.rejects(foldersAsRepositories([folder]), {
        message: `Cannot serve ${folder}: it is no git repository`,
      });
    }
    await assert.rejects(foldersAsRepositories([`${dir}/nowhere`]), {
      message: `Cannot serve ${dir}/nowhere: it does not exist`,
    });
  });
});

Deno.test("foldersAsRepositories() gives names with the same address two addresses", async () => {
  await withFolder(async (dir) => {
    const given = [`${dir}/My Shop`, `${dir}/my-shop`, `${dir}/MY SHOP`];
    for (const folder of given) await makeRepository(folder, []);
    const fake = fakeBitbucketCloud({ repositories: await foldersAsRepositories(given) });
    assert.deepEqual(
      [...fake.state.workspaces.values()].flatMap(({ repositories }) => [...repositories.keys()]),
      ["my-shop", "my-shop-2", "my-shop-3"],
    );
  });
});

Deno.test("foldersAsRepositories() takes a linked work tree, which is served like any other", async () => {
  await withFolder(async (dir) => {
    await makeRepository(`${dir}/tree`, [{ message: "One", files: { a: "a" } }]);
    await git(["-C", `${dir}/tree`, "worktree", "add", "--quiet", `${dir}/side`, "-b", "side"]);
    const [side] = await foldersAsRepositories([`${dir}/side`]);
    assert.deepEqual([side!.name, side!.mainBranch], ["side", "side"]);
    const secret = "made-up-" + "secret";
    const fake = fakeBitbucketCloud({
      workspace: "demo",
      repositories: [side!],
      credentials: [{ kind: "workspace_access_token", secret }],
    });
    await using running = fake.serve();
    const { host } = new URL(running.gitUrl);
    const refs = await git(["ls-remote", `http://x-token-auth:${secret}@${host}/demo/side.git`]);
    assert.match(refs, /refs\/heads\/side/);
  });
});
