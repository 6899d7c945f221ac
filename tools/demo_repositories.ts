/** What the demo serves: git folders that a person names, or samples made up on the spot. */

import { git, makeRepository } from "@/e2e/harness/repositories.ts";
import {
  type FakeRepositorySetup,
  slugOf,
  uuidOf,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";
import { RULES } from "@/lib/detect/mod.ts";
import { callerPath, systemReason } from "@/tools/caller.ts";

/** One entry for each folder, in order. @throws with the folder that is no git repository. */
export async function foldersAsRepositories(
  folders: readonly string[],
): Promise<FakeRepositorySetup[]> {
  const found: FakeRepositorySetup[] = [];
  for (const folder of folders) {
    const dir = await Deno.realPath(callerPath(folder)).catch((error) => {
      throw new Error(`Cannot serve ${folder}: ${systemReason(error)}`);
    });
    if (!await isRepository(dir)) {
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
    const ask = async (what: string) =>
      (await git(["-c", "safe.directory=*", "-C", dir, "rev-parse", what])).trim();
    if ([".", ".git", dir, `${dir}/.git`].includes(await ask("--git-dir"))) return true;
    // A linked work tree keeps its `.git` elsewhere; a folder inside a work tree is not meant.
    return await ask("--show-toplevel") === dir;
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
  // Only git knows where a linked work tree keeps its HEAD; a detached one names no branch.
  const head = await git([...safe, "symbolic-ref", "--short", "HEAD"]).catch(() => "");
  return {
    size: kilobytes * 1024,
    ...(head.trim() === "" ? {} : { mainBranch: head.trim() }),
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
    // Different names may share an address.
    if (!taken.some((other) => slugOf(other.name) === slugOf(free))) return free;
  }
}
