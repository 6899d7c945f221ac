/** What the stand-in Bitbucket Cloud knows: workspaces, repositories, credentials; all of it data. */

import { createHash } from "node:crypto";

/** A repository to serve; several may share one git folder. */
export interface FakeRepositorySetup {
  name: string;
  /** From the name unless told. */
  slug?: string;
  uuid?: string;
  /** Folder of a git repository, bare or not; absent: an empty repository. */
  git?: string;
  /** True unless told. */
  isPrivate?: boolean;
  project?: { key: string; name: string };
  size?: number;
  language?: string;
  description?: string;
  createdOn?: string;
  updatedOn?: string;
  /** As `HEAD` of the git folder says unless told. */
  mainBranch?: string | null;
}

/** A workspace to serve. */
export interface FakeWorkspaceSetup {
  slug: string;
  name?: string;
  uuid?: string;
  /** A public workspace answers without a credential; private unless told. */
  isPrivate?: boolean;
  repositories?: readonly FakeRepositorySetup[];
}

/** A credential and how far it reaches. */
export interface FakeCredential {
  kind:
    | "api_token"
    | "workspace_access_token"
    | "project_access_token"
    | "repo_access_token"
    | "oauth"
    | "app_password";
  secret: string;
  /** Of the person, for an API token or app password. */
  email?: string;
  username?: string;
  /** All that the kind needs for reading and webhooks unless told. */
  scopes?: readonly string[];
  /** Slugs; every workspace unless told. */
  workspaces?: readonly string[];
  /** Slugs; every repository of its workspaces unless told. */
  repositories?: readonly string[];
  expired?: boolean;
}

/** A repository as it stands. */
export interface FakeRepository {
  uuid: string;
  slug: string;
  name: string;
  git: string | null;
  isPrivate: boolean;
  project: { key: string; name: string };
  size: number;
  language: string;
  description: string;
  createdOn: string;
  updatedOn: string;
  mainBranch: string | null;
}

/** A workspace as it stands. */
export interface FakeWorkspace {
  slug: string;
  name: string;
  uuid: string;
  isPrivate: boolean;
  repositories: Map<string, FakeRepository>;
}

const FIRST_DAY = Date.UTC(2025, 0, 1);

/** All that is served, and the ways in which it changes while being served. */
export class FakeState {
  readonly workspaces = new Map<string, FakeWorkspace>();
  #made = 0;

  constructor(setups: readonly FakeWorkspaceSetup[]) {
    for (const setup of setups) this.addWorkspace(setup);
  }

  addWorkspace(setup: FakeWorkspaceSetup): FakeWorkspace {
    const workspace: FakeWorkspace = {
      slug: setup.slug,
      name: setup.name ?? setup.slug,
      uuid: setup.uuid ?? uuidOf(`workspace ${setup.slug}`),
      isPrivate: setup.isPrivate ?? true,
      repositories: new Map(),
    };
    this.workspaces.set(workspace.slug, workspace);
    for (const repository of setup.repositories ?? []) this.add(workspace.slug, repository);
    return workspace;
  }

  /** Another ID under which the workspace is found; its uuid stays. */
  renameWorkspace(slug: string, newSlug: string): void {
    const workspace = this.workspaces.get(slug);
    if (!workspace) throw new Error(`Cannot rename ${slug}: there is no such workspace`);
    this.workspaces.delete(slug);
    workspace.slug = newSlug;
    this.workspaces.set(newSlug, workspace);
  }

  /** A new repository, which gets a uuid of its own even under a name used before. */
  add(workspaceSlug: string, setup: FakeRepositorySetup): FakeRepository {
    const workspace = this.workspace(workspaceSlug);
    if (!workspace) throw new Error(`Cannot add to ${workspaceSlug}: there is no such workspace`);
    const slug = setup.slug ?? slugOf(setup.name);
    const order = this.#made++;
    const createdOn = setup.createdOn ?? new Date(FIRST_DAY + order * 60_000).toISOString();
    const repository: FakeRepository = {
      uuid: setup.uuid ?? uuidOf(`${workspaceSlug}/${slug} ${order}`),
      slug,
      name: setup.name,
      git: setup.git ?? null,
      isPrivate: setup.isPrivate ?? true,
      project: setup.project ?? { key: "MAIN", name: "Main" },
      size: setup.size ?? 0,
      language: setup.language ?? "",
      description: setup.description ?? "",
      createdOn,
      updatedOn: setup.updatedOn ?? createdOn,
      mainBranch: setup.mainBranch === undefined ? headOf(setup.git) : setup.mainBranch,
    };
    if (workspace.repositories.has(slug)) throw new Error(`Cannot add ${slug}: it exists`);
    workspace.repositories.set(slug, repository);
    return repository;
  }

  /** The new name gives a new slug and address; the uuid stays. */
  rename(workspaceSlug: string, slug: string, name: string): void {
    const repository = this.remove(workspaceSlug, slug);
    repository.name = name;
    repository.slug = slugOf(name);
    this.workspace(workspaceSlug)!.repositories.set(repository.slug, repository);
  }

  remove(workspaceSlug: string, slug: string): FakeRepository {
    const repositories = this.workspace(workspaceSlug)?.repositories;
    const repository = repositories?.get(slug);
    if (!repository) throw new Error(`Cannot remove ${workspaceSlug}/${slug}: it does not exist`);
    repositories!.delete(slug);
    return repository;
  }

  /** Moves `updated_on`, as a push does. */
  touch(workspaceSlug: string, slug: string, updatedOn = new Date().toISOString()): void {
    const repository = this.workspace(workspaceSlug)?.repositories.get(slug);
    if (!repository) throw new Error(`Cannot touch ${workspaceSlug}/${slug}: it does not exist`);
    repository.updatedOn = updatedOn;
  }

  /** By slug, whatever its case, or by uuid in braces. */
  workspace(id: string): FakeWorkspace | null {
    return this.workspaces.get(id.toLowerCase()) ??
      [...this.workspaces.values()].find(({ uuid }) => uuid === id) ?? null;
  }

  /** By slug or uuid; the empty uuid `{}` as workspace stands for any. */
  repository(
    workspaceId: string,
    id: string,
  ): { workspace: FakeWorkspace; repository: FakeRepository } | null {
    const among = workspaceId === "{}"
      ? [...this.workspaces.values()]
      : [this.workspace(workspaceId)].filter((workspace) => workspace !== null);
    for (const workspace of among) {
      const repository = workspace.repositories.get(id.toLowerCase()) ??
        [...workspace.repositories.values()].find(({ uuid }) => uuid === id);
      if (repository) return { workspace, repository };
    }
    return null;
  }
}

/** Entries for a large workspace, whose git folders are shared in turn. */
export function manyRepositories(
  count: number,
  git: readonly string[],
  prefix = "repository",
): FakeRepositorySetup[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${String(index + 1).padStart(5, "0")}`;
    const dir = git[index % git.length];
    return dir === undefined ? { name } : { name, git: dir };
  });
}

/** A uuid that depends on nothing but the text, so that a run can be repeated. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return `{${[...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-")}}`;
}

/** The last part of a repository's address, which several names may share. */
export function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
}

function headOf(git: string | undefined): string | null {
  if (git === undefined) return null;
  for (const path of [`${git}/HEAD`, `${git}/.git/HEAD`]) {
    try {
      const head = Deno.readTextFileSync(path).match(/^ref: refs\/heads\/(.+)$/m)?.[1];
      if (head !== undefined) return head;
    } catch {
      // Bare and not bare keep it in different places.
    }
  }
  return null;
}
