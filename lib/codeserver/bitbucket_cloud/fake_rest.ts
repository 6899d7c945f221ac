/** The REST calls of the stand-in: users, workspaces, repositories, webhooks. */

import type { Context, Hono } from "hono";
import {
  type Caller,
  credentialHeaders,
  missingScope,
  restCaller,
  scopesOf,
  seesRepository,
  seesWorkspace,
  type Wanted,
} from "@/lib/codeserver/bitbucket_cloud/fake_auth.ts";
import { BadHook, type FakeHooks } from "@/lib/codeserver/bitbucket_cloud/fake_hooks.ts";
import { BadQuery, type ListHabits, pageOf } from "@/lib/codeserver/bitbucket_cloud/fake_list.ts";
import {
  errorBody,
  hookBody,
  repositoryBody,
  userBody,
  workspaceAccessBody,
  workspaceBody,
} from "@/lib/codeserver/bitbucket_cloud/fake_shapes.ts";
import type {
  FakeCredential,
  FakeRepository,
  FakeState,
  FakeWorkspace,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** What the calls read and change. */
export interface RestWorld {
  state: FakeState;
  hooks: FakeHooks;
  listing: ListHabits;
  credentials: readonly FakeCredential[];
}

const WANTED = {
  user: { granular: "read:user:bitbucket", classic: "account" },
  userWorkspaces: { granular: "read:workspace:bitbucket", classic: "account" },
  workspace: { granular: "read:workspace:bitbucket", classic: null },
  repository: { granular: "read:repository:bitbucket", classic: "repository" },
  readHooks: { granular: "read:webhook:bitbucket", classic: "webhook" },
  writeHooks: { granular: "write:webhook:bitbucket", classic: "webhook" },
  deleteHooks: { granular: "delete:webhook:bitbucket", classic: "webhook" },
} satisfies Record<string, Wanted>;

const GONE = [
  "/2.0/repositories",
  "/2.0/workspaces",
  "/2.0/snippets",
  "/2.0/user/permissions/workspaces",
  "/2.0/user/permissions/repositories",
];

/** Mounts the calls below `/2.0`; the caller has been let in before. */
export function restRoutes(app: Hono, world: RestWorld): void {
  const { state, hooks } = world;

  for (const path of GONE) {
    app.get(path, (c) => {
      const data = {
        announcement_url: "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770",
      };
      const message = "CHANGE-2770 - Functionality has been deprecated";
      const detail = "Please read the changelog entry for more details.";
      return c.json({ ...errorBody(message, { detail, data }), data }, 410);
    });
  }

  app.get("/2.0/user", (c) =>
    guarded(c, world, WANTED.user, (caller) => {
      if (caller === null) return refused(c, 401);
      if (caller.kind.endsWith("access_token")) return refused(c, 403);
      return c.json(userBody(caller, originOf(c)));
    }));

  app.get("/2.0/user/workspaces", (c) =>
    guarded(c, world, WANTED.userWorkspaces, (caller) => {
      if (caller === null) return refused(c, 401);
      const own = [...state.workspaces.values()].filter(({ slug }) =>
        caller.workspaces?.includes(slug) ?? true
      );
      return page(c, own.map((workspace) => workspaceAccessBody(workspace, originOf(c))), {});
    }));

  app.get("/2.0/workspaces/:workspace", (c) =>
    guarded(c, world, WANTED.workspace, (caller) => {
      const workspace = find(c, world, caller);
      return workspace ? c.json(workspaceBody(workspace, originOf(c))) : noWorkspace(c);
    }));

  app.get("/2.0/repositories/:workspace", (c) =>
    guarded(c, world, WANTED.repository, (caller) => {
      const workspace = find(c, world, caller);
      if (!workspace) return noWorkspace(c);
      const rows = [...workspace.repositories.values()]
        .filter((repository) => seesRepository(caller, workspace, repository))
        .map((repository) => rowOf(workspace, repository));
      return page(c, rows, world.listing, ({ repository }) =>
        repositoryBody(workspace, repository, originOf(c), nameOf(caller)));
    }));

  app.get(
    "/2.0/repositories/:workspace/:repository",
    (c) =>
      guarded(c, world, WANTED.repository, (caller) => {
        const found = state.repository(c.req.param("workspace"), c.req.param("repository"));
        if (!found || !seesRepository(caller, found.workspace, found.repository)) {
          return noRepository(c);
        }
        const { workspace, repository } = found;
        return c.json(repositoryBody(workspace, repository, originOf(c), nameOf(caller)));
      }),
  );

  for (const base of ["/2.0/workspaces/:workspace", "/2.0/repositories/:workspace/:repository"]) {
    const subject = (c: Context, caller: FakeCredential | null) => {
      const workspace = find(c, world, caller);
      const id = c.req.param("repository");
      if (!workspace || caller === null) return null;
      if (id === undefined) return { workspace, repository: undefined };
      const repository = state.repository(workspace.slug, id)?.repository;
      return repository ? { workspace, repository } : null;
    };

    app.get(`${base}/hooks`, (c) =>
      guarded(c, world, WANTED.readHooks, (caller) => {
        const of = subject(c, caller);
        if (!of) return noRepository(c);
        const bodies = hooks.list(of.workspace, of.repository)
          .map((hook) => hookBody(hook, of.workspace, originOf(c)));
        return page(c, bodies, {});
      }));

    app.post(`${base}/hooks`, (c) =>
      guarded(c, world, WANTED.writeHooks, async (caller) => {
        const of = subject(c, caller);
        if (!of) return noRepository(c);
        const hook = hooks.create(of.workspace, of.repository, await c.req.json());
        return c.json(hookBody(hook, of.workspace, originOf(c)), 201);
      }));

    app.on(["GET", "DELETE"], `${base}/hooks/:hook`, (c) => {
      const wanted = c.req.method === "GET" ? WANTED.readHooks : WANTED.deleteHooks;
      return guarded(c, world, wanted, (caller) => {
        const of = subject(c, caller);
        const hook = of && hooks.list(of.workspace, of.repository)
          .find(({ uuid }) => uuid === c.req.param("hook"));
        if (!of || !hook) return c.json(errorBody("Webhook not found"), 404);
        if (c.req.method === "GET") return c.json(hookBody(hook, of.workspace, originOf(c)));
        hooks.remove(of.workspace, hook);
        return c.body(null, 204);
      });
    });
  }
}

/** Lets in who has the scope, tells of the credential in any case, turns bad queries into 400. */
async function guarded(
  c: Context,
  world: RestWorld,
  wanted: Wanted,
  answer: (caller: FakeCredential | null) => Response | Promise<Response>,
): Promise<Response> {
  const caller: Caller = restCaller(c.req.header("authorization"), world.credentials);
  if (caller === "refused") return refused(c, 401);
  for (const [name, value] of Object.entries(credentialHeaders(caller, wanted))) {
    c.header(name, value);
  }
  const missing = caller && missingScope(caller, wanted);
  if (caller && missing) {
    return c.json(
      errorBody("Your credentials lack one or more required privilege scopes.", {
        detail: { required: [missing], granted: scopesOf(caller) },
      }),
      403,
    );
  }
  try {
    return await answer(caller);
  } catch (error) {
    if (!(error instanceof BadQuery || error instanceof BadHook)) throw error;
    return c.json(errorBody(error.message), 400);
  }
}

function page<R extends object>(
  c: Context,
  rows: readonly R[],
  habits: ListHabits,
  toBody?: (row: R) => object,
): Response {
  return c.json(pageOf(rows, new URL(c.req.url), habits, toBody));
}

/** The fields that `q` and `sort` may name. */
function rowOf(workspace: FakeWorkspace, repository: FakeRepository) {
  return {
    repository,
    uuid: repository.uuid,
    name: repository.name,
    slug: repository.slug,
    full_name: `${workspace.slug}/${repository.slug}`,
    is_private: repository.isPrivate,
    created_on: repository.createdOn,
    updated_on: repository.updatedOn,
    size: repository.size,
    language: repository.language,
    project: repository.project,
  };
}

function find(c: Context, world: RestWorld, caller: FakeCredential | null): FakeWorkspace | null {
  const workspace = world.state.workspace(c.req.param("workspace") ?? "");
  return workspace && seesWorkspace(caller, workspace) ? workspace : null;
}

function nameOf(caller: FakeCredential | null): string {
  return caller?.username ?? "x-token-auth";
}

function originOf(c: Context): string {
  return new URL(c.req.url).origin;
}

function noWorkspace(c: Context): Response {
  return c.json(errorBody(`No workspace with identifier '${c.req.param("workspace")}'.`), 404);
}

function noRepository(c: Context): Response {
  const name = [c.req.param("workspace"), c.req.param("repository")].filter(Boolean).join("/");
  return c.json(errorBody(`Repository ${name} not found`), 404);
}

function refused(c: Context, status: 401 | 403): Response {
  const message = status === 403
    ? "Forbidden"
    : "Token is invalid, expired, or not supported for this endpoint.";
  return c.json(errorBody(message), status);
}
