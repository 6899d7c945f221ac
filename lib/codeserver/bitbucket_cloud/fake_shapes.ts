/** The bodies that the stand-in answers with, in the shapes that were recorded of the real service. */

import type {
  FakeCredential,
  FakeRepository,
  FakeWorkspace,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";
import { uuidOf } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** A subscription as stored; the secret never leaves. */
export interface FakeHook {
  uuid: string;
  url: string;
  description: string;
  active: boolean;
  events: readonly string[];
  secret: string | null;
  createdAt: string;
  /** Absent: of the whole workspace. */
  repository?: FakeRepository;
}

/** `origin` stands for both the API's and the site's, which are one here. */
export function workspaceBody(workspace: FakeWorkspace, origin: string) {
  const api = `${origin}/2.0`;
  const { slug } = workspace;
  return {
    type: "workspace",
    uuid: workspace.uuid,
    name: workspace.name,
    slug,
    is_private: workspace.isPrivate,
    is_privacy_enforced: false,
    forking_mode: "allow_forks",
    created_on: "2020-01-01T00:00:00.000000+00:00",
    links: {
      avatar: { href: `${origin}/workspaces/${slug}/avatar/?ts=1` },
      hooks: { href: `${api}/workspaces/${slug}/hooks` },
      html: { href: `${origin}/${slug}/` },
      html_overview: { href: `${origin}/${slug}/workspace/overview/` },
      members: { href: `${api}/workspaces/${slug}/members` },
      owners: { href: `${api}/workspaces/${slug}/members?q=permission%3D%22owner%22` },
      projects: { href: `${api}/workspaces/${slug}/projects` },
      repositories: { href: `${api}/repositories/${slug}` },
      snippets: { href: `${api}/snippets/${slug}` },
      self: { href: `${api}/workspaces/${slug}` },
    },
  };
}

/** An item of `GET /user/workspaces`, which has no name. */
export function workspaceAccessBody(workspace: FakeWorkspace, origin: string) {
  return {
    type: "workspace_access",
    administrator: true,
    workspace: {
      type: "workspace_base",
      uuid: workspace.uuid,
      slug: workspace.slug,
      links: {
        avatar: { href: `${origin}/workspaces/${workspace.slug}/avatar/` },
        self: { href: `${origin}/2.0/workspaces/${workspace.slug}` },
      },
    },
  };
}

/** The clone link carries a user name, as the real one does. */
export function repositoryBody(
  workspace: FakeWorkspace,
  repository: FakeRepository,
  origin: string,
  user: string,
) {
  const full = `${workspace.slug}/${repository.slug}`;
  const self = `${origin}/2.0/repositories/${full}`;
  const site = new URL(origin);
  const { key } = repository.project;
  const projectUuid = uuidOf(`project ${workspace.slug} ${key}`);
  const below = ["pullrequests", "commits", "forks", "watchers", "downloads", "hooks"] as const;
  return {
    type: "repository",
    full_name: full,
    links: {
      self: { href: self },
      html: { href: `${origin}/${full}` },
      avatar: { href: `${origin}/ravatar/${encodeURIComponent(repository.uuid)}?ts=1` },
      ...Object.fromEntries(below.map((name) => [name, { href: `${self}/${name}` }])),
      branches: { href: `${self}/refs/branches` },
      tags: { href: `${self}/refs/tags` },
      source: { href: `${self}/src` },
      clone: [
        { name: "https", href: `${site.protocol}//${user}@${site.host}/${full}.git` },
        { name: "ssh", href: `git@${site.hostname}:${full}.git` },
      ],
    },
    name: repository.name,
    slug: repository.slug,
    description: repository.description,
    scm: "git",
    website: null,
    owner: ownerBody(workspace, origin),
    workspace: {
      type: "workspace",
      uuid: workspace.uuid,
      name: workspace.name,
      slug: workspace.slug,
      links: {
        avatar: { href: `${origin}/workspaces/${workspace.slug}/avatar/?ts=1` },
        html: { href: `${origin}/${workspace.slug}/` },
        self: { href: `${origin}/2.0/workspaces/${workspace.slug}` },
      },
    },
    is_private: repository.isPrivate,
    project: {
      type: "project",
      key,
      uuid: projectUuid,
      name: repository.project.name,
      links: {
        self: { href: `${origin}/2.0/workspaces/${workspace.slug}/projects/${key}` },
        html: { href: `${origin}/${workspace.slug}/workspace/projects/${key}` },
        avatar: { href: `${origin}/${workspace.slug}/workspace/projects/${key}/avatar/32?ts=1` },
      },
    },
    fork_policy: "allow_forks",
    created_on: repository.createdOn,
    updated_on: repository.updatedOn,
    size: repository.size,
    language: repository.language,
    uuid: repository.uuid,
    mainbranch: repository.mainBranch === null
      ? null
      : { name: repository.mainBranch, type: "branch" },
    override_settings: { default_merge_strategy: false, branching_model: false },
    parent: null,
    enforced_signed_commits: null,
    has_issues: false,
    has_wiki: false,
  };
}

/** A personal workspace, as most recorded ones are, belongs to a user of the same uuid. */
function ownerBody(workspace: FakeWorkspace, origin: string) {
  const coded = encodeURIComponent(workspace.uuid);
  return {
    display_name: workspace.name,
    links: {
      self: { href: `${origin}/2.0/users/${coded}` },
      avatar: { href: `${origin}/workspaces/${workspace.slug}/avatar/?ts=1` },
      html: { href: `${origin}/${coded}/` },
    },
    type: "user",
    uuid: workspace.uuid,
    account_id: `000000:${workspace.uuid.slice(1, -1)}`,
    nickname: workspace.name,
  };
}

/** `GET /user`. */
export function userBody(credential: FakeCredential, origin: string) {
  const name = credential.username ?? "someone";
  const uuid = uuidOf(`user ${name}`);
  const coded = encodeURIComponent(uuid);
  return {
    display_name: name,
    links: {
      self: { href: `${origin}/2.0/users/${coded}` },
      avatar: { href: `${origin}/avatar/${name}.png` },
      repositories: { href: `${origin}/2.0/repositories/${coded}` },
      snippets: { href: `${origin}/2.0/snippets/${coded}` },
      html: { href: `${origin}/${coded}/` },
      hooks: { href: `${origin}/2.0/workspaces/${coded}/hooks` },
    },
    created_on: "2024-02-01T12:08:46.355300+00:00",
    type: "user",
    uuid,
    has_2fa_enabled: null,
    username: name,
    is_staff: false,
    account_id: `000000:${uuid.slice(1, -1)}`,
    nickname: name,
    account_status: "active",
    location: null,
  };
}

/** A subscription as the API shows it. */
export function hookBody(hook: FakeHook, workspace: FakeWorkspace, origin: string) {
  const { repository } = hook;
  const links = (self: string, html: string) => ({
    self: { href: `${origin}/2.0/${self}` },
    html: { href: `${origin}/${html}` },
    avatar: { href: `${origin}/${html}/avatar` },
  });
  const full = `${workspace.slug}/${repository?.slug}`;
  const subject = repository
    ? {
      type: "repository",
      full_name: full,
      name: repository.name,
      uuid: repository.uuid,
      links: links(`repositories/${full}`, full),
    }
    : {
      type: "workspace",
      slug: workspace.slug,
      name: workspace.name,
      uuid: workspace.uuid,
      links: links(`workspaces/${workspace.slug}`, workspace.slug),
    };
  return {
    type: "webhook_subscription",
    uuid: hook.uuid,
    description: hook.description,
    url: hook.url,
    active: hook.active,
    skip_cert_verification: false,
    events: hook.events,
    created_at: hook.createdAt,
    subject,
    links: { self: { href: `${subject.links.self.href}/hooks/${encodeURIComponent(hook.uuid)}` } },
    source: null,
    read_only: false,
    history_enabled: false,
    secret_set: hook.secret !== null,
  };
}

/** The envelope of every refusal. */
export function errorBody(message: string, more: Record<string, unknown> = {}) {
  return { type: "error", error: { message, ...more } };
}
