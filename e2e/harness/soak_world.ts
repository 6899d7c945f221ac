/** A workspace that keeps changing as people's do, and what git says stands in it at each moment. */

import { addCommits, git, makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken } from "@/e2e/harness/secrets.ts";
import { WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";

/** One repository of the world; its secrets stand in files of their own, each on line 1. */
export interface SoakRepository {
  uuid: string;
  slug: string;
  dir: string;
  alive: boolean;
  /** Branches by their full names, as git gave them after the last change. */
  refs: Map<string, string>;
  /** When it last changed; null once a scan was seen to have read all that. */
  changedAt: number | null;
  /** Paths of all secrets that any of its commits ever brought. */
  planted: Set<string>;
}

export type Change =
  | "push"
  | "branch"
  | "force"
  | "amend"
  | "remove"
  | "create"
  | "rename"
  | "delete";

/** How often each change comes, of a hundred. */
const WEIGHTS: Record<Change, number> = {
  push: 40,
  branch: 14,
  force: 8,
  amend: 10,
  remove: 12,
  create: 7,
  rename: 5,
  delete: 4,
};
/** Webhooks that never arrive. */
const LOST_SHARE = 0.05;
/** Secrets' files bear this name, and nothing else does. */
const SECRET_FILE = /^secret-\d+\.env$/;

export interface SoakWorld {
  repositories: SoakRepository[];
  /** How often each change was made. */
  changes: Record<string, number>;
  webhooks: { sent: number; lost: number };
  /** Makes one random change and tells the app of it, unless the webhook is lost. */
  change(): Promise<void>;
  /** Tells the app that the list of repositories may be another, without fail. */
  announce(): Promise<void>;
}

/** A world of `count` repositories below `folder`, to change between `least` and twice `count` of them. */
export async function soakWorld(
  folder: string,
  workspace: Workspace,
  count: number,
  options: { losesWebhooks: boolean },
): Promise<SoakWorld> {
  const { state, hooks } = workspace.fake;
  const changes: Record<string, number> = {};
  const webhooks = { sent: 0, lost: 0 };
  const repositories: SoakRepository[] = [];
  let made = 0;
  let secrets = 0;

  /** A file with a secret, unless `clean`, beside one that changes each time. */
  function files(planted: Set<string>, clean = Math.random() < 0.4): Record<string, string> {
    const some = { "src/app.ts": `export const build = "${crypto.randomUUID()}";\n` };
    if (clean) return some;
    const path = `secret-${++secrets}.env`;
    planted.add(path);
    return { ...some, [path]: `KEY=${githubToken()}\n` };
  }

  async function create(): Promise<SoakRepository> {
    const name = `soak-${String(made++).padStart(4, "0")}`;
    const dir = `${folder}/${name}.git`;
    const planted = new Set<string>();
    await makeRepository(dir, [
      { message: "Start", files: files(planted, false) },
      { message: "Go on", files: files(planted) },
    ]);
    const { uuid, slug } = state.add(WORKSPACE, { name, git: dir });
    const repository = { uuid, slug, dir, planted, alive: true, refs: new Map(), changedAt: null };
    repositories.push(repository);
    return repository;
  }

  async function pushed(repository: SoakRepository): Promise<void> {
    const before = repository.refs.get("refs/heads/main") ?? null;
    await moved(repository);
    state.touch(WORKSPACE, repository.slug);
    const after = repository.refs.get("refs/heads/main")!;
    await send(() =>
      workspace.fake.push(WORKSPACE, repository.slug, [
        { type: "branch", name: "main", before, after },
      ])
    );
  }

  async function listed(repository: SoakRepository, event: string): Promise<void> {
    await send(() => deliver(repository, event));
  }

  function deliver(repository: SoakRepository, event: string): Promise<number[]> {
    const { uuid, slug: name } = repository;
    const body = {
      repository: { type: "repository", uuid, name, full_name: `${WORKSPACE}/${name}` },
    };
    const found = state.repository(WORKSPACE, uuid)?.repository;
    return hooks.deliver(state.workspace(WORKSPACE)!, found ?? Object.create(null), event, body);
  }

  async function send(deliver: () => Promise<number[]>): Promise<void> {
    if (options.losesWebhooks && Math.random() < LOST_SHARE) return void webhooks.lost++;
    try {
      const answers = await deliver();
      webhooks[answers.length > 0 && answers.every((one) => one < 300) ? "sent" : "lost"]++;
    } catch {
      // The app is being started again.
      webhooks.lost++;
    }
  }

  async function moved(repository: SoakRepository): Promise<void> {
    repository.refs = await refsOf(repository.dir);
    repository.changedAt = Date.now();
  }

  const CHANGES: Record<Change, (repository: SoakRepository) => Promise<void>> = {
    async push(repository) {
      await addCommits(repository.dir, [{ message: "More", files: files(repository.planted) }]);
      await pushed(repository);
    },
    async branch(repository) {
      const branch = `topic-${Math.floor(Math.random() * 3)}`;
      await addCommits(repository.dir, [
        { message: "Try", files: files(repository.planted), branch },
      ]);
      await pushed(repository);
    },
    /** Back to an earlier commit, and on from there. */
    async force(repository) {
      const commits = (await git(["-C", repository.dir, "rev-list", "--first-parent", "main"]))
        .trim().split("\n");
      const to = commits[Math.min(commits.length - 1, 1 + Math.floor(Math.random() * 3))]!;
      await git(["-C", repository.dir, "update-ref", "refs/heads/main", to]);
      await addCommits(repository.dir, [{ message: "Anew", files: files(repository.planted) }]);
      await pushed(repository);
    },
    /** The same tree under another commit. */
    async amend(repository) {
      const { dir } = repository;
      const [tree, ...parents] = (await git(["-C", dir, "log", "-1", "--format=%T %P", "main"]))
        .trim().split(" ");
      const id = await git([
        "-C",
        dir,
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.com",
        "commit-tree",
        tree!,
        ...parents.flatMap((parent) => ["-p", parent]),
        "-m",
        `Amended ${crypto.randomUUID()}`,
      ]);
      await git(["-C", dir, "update-ref", "refs/heads/main", id.trim()]);
      await pushed(repository);
    },
    /** A secret leaves the tip and stays in the history. */
    async remove(repository) {
      const [path] = await atTip(repository.dir);
      if (path === undefined) return await CHANGES.push(repository);
      await addCommits(repository.dir, [{ message: "Hide", files: { [path]: null } }]);
      await pushed(repository);
    },
    async create() {
      const repository = await create();
      await moved(repository);
      await listed(repository, "repo:created");
    },
    async rename(repository) {
      const name = `renamed-${String(made++).padStart(4, "0")}`;
      state.rename(WORKSPACE, repository.slug, name);
      repository.slug = name;
      repository.changedAt = Date.now();
      await listed(repository, "repo:updated");
    },
    async delete(repository) {
      state.remove(WORKSPACE, repository.slug);
      repository.alive = false;
      repository.changedAt = Date.now();
      await listed(repository, "repo:deleted");
    },
  };

  for (let i = 0; i < count; i++) await moved(await create());
  return {
    repositories,
    changes,
    webhooks,
    async change() {
      const alive = repositories.filter((repository) => repository.alive);
      let kind = weighted();
      if (kind === "create" && alive.length >= 2 * count) kind = "delete";
      if (kind === "delete" && alive.length <= Math.ceil(count / 2)) kind = "create";
      changes[kind] = (changes[kind] ?? 0) + 1;
      await CHANGES[kind](alive[Math.floor(Math.random() * alive.length)]!);
    },
    async announce() {
      const repository = repositories.find(({ alive }) => alive)!;
      await deliver(repository, "repo:updated");
    },
  };
}

function weighted(): Change {
  let at = Math.random() * Object.values(WEIGHTS).reduce((sum, one) => sum + one);
  for (const [change, weight] of Object.entries(WEIGHTS)) {
    if ((at -= weight) < 0) return change as Change;
  }
  return "push";
}

/** Branches and their tips. */
async function refsOf(dir: string): Promise<Map<string, string>> {
  const lines = await git(["-C", dir, "for-each-ref", "--format=%(refname) %(objectname)"]);
  return new Map(lines.trim().split("\n").map((line) => line.split(" ") as [string, string]));
}

/** Secrets' files in the newest commit of the main branch. */
export async function atTip(dir: string): Promise<string[]> {
  const names = await git(["-C", dir, "ls-tree", "--name-only", "refs/heads/main"]);
  return names.split("\n").filter((name) => SECRET_FILE.test(name));
}

/** Secrets' files that any commit reachable from a branch brought. */
export async function reachable(dir: string): Promise<Set<string>> {
  const names = await git(["-C", dir, "log", "--branches", "--format=", "--name-only", "--root"]);
  return new Set(names.split("\n").filter((name) => SECRET_FILE.test(name)));
}
