/** What the demo serves: git folders that a person names, or samples made up on the spot. */

import { git, makeRepository } from "@/e2e/harness/repositories.ts";
import { type FakeRepositorySetup, uuidOf } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";
import { RULES } from "@/lib/detect/mod.ts";

/** One entry for each folder, in order. @throws with the folder that is no git repository. */
export async function foldersAsRepositories(
  folders: readonly string[],
): Promise<FakeRepositorySetup[]> {
  const found: FakeRepositorySetup[] = [];
  for (const folder of folders) {
    const dir = await Deno.realPath(folder).catch(() => null);
    if (dir === null || !await isRepository(dir)) {
      throw new Error(`Cannot serve ${folder}: it is no git repository`);
    }
    // The uuid follows the folder, so that a second start of the demo knows the first one's.
    const name = freeName(nameOf(dir), found);
    found.push({ name, git: dir, uuid: uuidOf(`demo ${dir}`), ...await facts(dir) });
  }
  return found;
}

/** Three small repositories and an empty one below `dir`, with secrets that nobody ever used. */
export async function sampleRepositories(dir: string): Promise<FakeRepositorySetup[]> {
  const key = sample("private-key");
  const cloud = sample("aws-access-key-id");
  const forge = sample("github-personal-token");
  await makeRepository(`${dir}/payments-api`, [
    { message: "Start", files: { "README.md": "# Payments\n", "src/app.ts": "export {};\n" } },
    { message: "Reach the cloud", files: { "config/cloud.env": cloud } },
    { message: "Take the key out again", files: { "config/cloud.env": "# set at run time\n" } },
    { message: "Sign requests", files: { "deploy/signing.pem": key } },
  ]);
  await makeRepository(`${dir}/web-shop`, [
    { message: "Start", files: { "index.html": "<!doctype html>\n<title>Shop</title>\n" } },
    { message: "Publish from here", files: { ".github/publish.sh": forge } },
  ]);
  await makeRepository(`${dir}/handbook`, [
    { message: "Start", files: { "welcome.md": "# Welcome\n\nNothing secret stands here.\n" } },
  ]);
  await makeRepository(`${dir}/scratch`, []);
  const names = ["payments-api", "web-shop", "handbook", "scratch"];
  return await Promise.all(names.map(async (name) => ({
    name,
    git: `${dir}/${name}`,
    uuid: uuidOf(`demo sample ${name}`),
    ...await facts(`${dir}/${name}`),
  })));
}

/** A text that the rule itself names as a match. */
function sample(ruleId: string): string {
  const rule = RULES.find(({ id }) => id === ruleId);
  if (!rule) throw new Error(`Cannot make a sample: there is no rule ${ruleId}`);
  return `${rule.matches()[0]}\n`;
}

async function isRepository(dir: string): Promise<boolean> {
  try {
    // A folder inside a work tree is not what was meant.
    const out = await git(["-c", "safe.directory=*", "-C", dir, "rev-parse", "--git-dir"]);
    return [".", ".git", dir, `${dir}/.git`].includes(out.trim());
  } catch {
    return false;
  }
}

/** Size in bytes as git counts it, and when its newest commit was made. */
async function facts(dir: string): Promise<Partial<FakeRepositorySetup>> {
  const safe = ["-c", "safe.directory=*", "-C", dir];
  const counted = await git([...safe, "count-objects", "-v"]);
  const kilobytes = [...counted.matchAll(/^size(?:-pack)?: (\d+)$/gm)]
    .reduce((sum, [, size]) => sum + Number(size), 0);
  const newest = await git([
    ...safe,
    "for-each-ref",
    "--sort=-committerdate",
    "--count=1",
    "--format=%(committerdate:iso-strict)",
    "refs/heads",
  ]);
  return {
    size: kilobytes * 1024,
    ...(newest.trim() === "" ? {} : { updatedOn: newest.trim() }),
  };
}

function nameOf(dir: string): string {
  const name = dir.replace(/\/+$/, "").replace(/\/\.git$/, "").split("/").at(-1) ?? "";
  return name.replace(/\.git$/, "") || "repository";
}

function freeName(name: string, taken: readonly FakeRepositorySetup[]): string {
  for (let number = 1;; number++) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!taken.some((other) => other.name.toLowerCase() === free.toLowerCase())) return free;
  }
}
