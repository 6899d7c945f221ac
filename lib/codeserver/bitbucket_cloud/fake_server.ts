/** A stand-in Bitbucket Cloud, set up by data: REST as recorded, real repositories over git. */

import { type Context, Hono } from "hono";
import {
  credentialHeaders,
  gitCaller,
  missingScope,
  restCaller,
  seesRepository,
  type Wanted,
} from "@/lib/codeserver/bitbucket_cloud/fake_auth.ts";
import {
  type FakeFault,
  FakeFaults,
  patternOf,
  suffer,
} from "@/lib/codeserver/bitbucket_cloud/fake_faults.ts";
import { FakeGit, type FakeGitHabits } from "@/lib/codeserver/bitbucket_cloud/fake_git.ts";
import {
  type FakeChange,
  FakeHooks,
  pushBody,
} from "@/lib/codeserver/bitbucket_cloud/fake_hooks.ts";
import type { ListHabits } from "@/lib/codeserver/bitbucket_cloud/fake_list.ts";
import { FakeRates, type RateHabits } from "@/lib/codeserver/bitbucket_cloud/fake_rates.ts";
import { restRoutes } from "@/lib/codeserver/bitbucket_cloud/fake_rest.ts";
import { siteRoutes } from "@/lib/codeserver/bitbucket_cloud/fake_site.ts";
import { errorBody } from "@/lib/codeserver/bitbucket_cloud/fake_shapes.ts";
import {
  type FakeCredential,
  type FakeRepositorySetup,
  FakeState,
  type FakeWorkspaceSetup,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** All that makes up one stand-in. */
export interface FakeSetup {
  /** Slug of the first workspace, which holds `repositories` (`demo`). */
  workspace?: string;
  repositories?: readonly FakeRepositorySetup[];
  /** Further workspaces. */
  workspaces?: readonly FakeWorkspaceSetup[];
  credentials?: readonly FakeCredential[];
  faults?: readonly FakeFault[];
  listing?: ListHabits;
  git?: FakeGitHabits;
  rates?: RateHabits;
  /** Told of each request before it is answered: the place to change the world between two pages. */
  onRequest?: (request: LoggedRequest) => void | Promise<void>;
}

/** One request as remembered; `status` is 0 until answered. */
export interface LoggedRequest {
  method: string;
  path: string;
  search: string;
  status: number;
}

/** A running or callable stand-in. */
export interface FakeBitbucket {
  state: FakeState;
  faults: FakeFaults;
  hooks: FakeHooks;
  rates: FakeRates;
  listing: ListHabits;
  credentials: FakeCredential[];
  /** Every request in order. */
  log: LoggedRequest[];
  /** Method and path of each route; `ALL` of those that look at many. */
  routes: readonly { method: string; path: string }[];
  /** How many requests fit a pattern such as `GET /2.0/repositories/*`. */
  count(on: string): number;
  /** Moves `updated_on` and delivers `repo:push`; gives the statuses of the deliveries. */
  push(workspace: string, slug: string, changes: readonly FakeChange[]): Promise<number[]>;
  /** Answers in process. */
  fetch(request: Request): Promise<Response>;
  /** Listens on loopback, on a free port unless told. */
  serve(port?: number): RunningFake;
  close(): Promise<void>;
}

/** Where a listening stand-in is found; disposing of it closes it. */
export interface RunningFake extends AsyncDisposable {
  origin: string;
  apiUrl: string;
  gitUrl: string;
}

const LAST_WORDS_MS = 1_000;
const NOTHING: Wanted = { granular: null, classic: null };
const READ_REPOSITORY: Wanted = { granular: "read:repository:bitbucket", classic: "repository" };

/** Makes one; it answers nothing until `fetch` or `serve` is called. */
export function fakeBitbucketCloud(setup: FakeSetup): FakeBitbucket {
  const first = { slug: setup.workspace ?? "demo", repositories: setup.repositories ?? [] };
  const state = new FakeState([first, ...(setup.workspaces ?? [])]);
  const faults = new FakeFaults(setup.faults);
  const hooks = new FakeHooks();
  const rates = new FakeRates(setup.rates);
  const git = new FakeGit(setup.git);
  const listing = { ...setup.listing };
  const credentials = [...(setup.credentials ?? [])];
  const log: LoggedRequest[] = [];
  const closing = new AbortController();
  const abrupt = new AbortController();
  let server: Deno.HttpServer<Deno.NetAddr> | null = null;

  const app = new Hono();
  app.use(async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const entry: LoggedRequest = { method: c.req.method, path: pathname, search, status: 0 };
    log.push(entry);
    await setup.onRequest?.(entry);
    const fault = faults.take(c.req.method, pathname);
    if (fault === null) {
      await next();
    } else {
      const serve = () => next().then(() => c.res);
      const answer = await suffer(fault, c.req.url, serve, closing.signal);
      // Hono merges the headers of an answer that is replaced, unless it is taken away first.
      c.res = undefined;
      c.res = answer;
    }
    entry.status = c.res.status;
  });
  app.use("/2.0/*", async (c, next) => {
    const caller = restCaller(c.req.header("authorization"), credentials);
    const limited = rates.take(caller);
    if (limited !== null) return limited;
    if (caller === "refused") return refused();
    await next();
    for (const [name, value] of Object.entries(credentialHeaders(caller, NOTHING))) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    for (const [name, value] of rates.headers(caller)) c.res.headers.set(name, value);
  });
  restRoutes(app, { state, hooks, listing, credentials });
  app.all("/:workspace/:repository/:service{info/refs|git-upload-pack|git-receive-pack}", gitRoute);
  siteRoutes(app, state);
  app.notFound((c) =>
    c.json(errorBody("Resource not found", { detail: "There is no API hosted at this URL" }), 404)
  );

  async function gitRoute(c: Context): Promise<Response> {
    const service = c.req.param("service")!;
    const slug = c.req.param("repository")!.replace(/\.git$/, "");
    const caller = gitCaller(c.req.header("authorization"), credentials);
    if (caller === "app_password") {
      const notice = "App passwords are deprecated and must be replaced with API tokens";
      return c.text(notice, 410);
    }
    if (caller === "refused") return challenge(c);
    if (service === "git-receive-pack" || c.req.query("service") === "git-receive-pack") {
      return c.text("This server is for reading", 403);
    }
    if (caller !== null && missingScope(caller, READ_REPOSITORY) !== null) {
      return c.text("Your credentials lack one or more required privilege scopes.", 403);
    }
    const found = state.repository(c.req.param("workspace")!, slug);
    if (!found || !seesRepository(caller, found.workspace, found.repository)) {
      return caller === null ? challenge(c) : c.text("Repository not found", 404);
    }
    return await git.serve(c.req.raw, found.repository.git, service);
  }

  async function close(): Promise<void> {
    closing.abort();
    await git.close();
    if (server === null) return;
    // A caller that neither reads on nor goes away would hold up an orderly end for ever.
    const timer = setTimeout(() => abrupt.abort(), LAST_WORDS_MS);
    await server.shutdown();
    clearTimeout(timer);
    server = null;
  }

  return {
    state,
    faults,
    hooks,
    rates,
    listing,
    credentials,
    log,
    routes: app.routes.map(({ method, path }) => ({ method, path })),
    count(on) {
      const pattern = patternOf(on);
      return log.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
    },
    async push(workspaceSlug, slug, changes) {
      state.touch(workspaceSlug, slug);
      const { workspace, repository } = state.repository(workspaceSlug, slug)!;
      const body = pushBody(workspace, repository, changes);
      return await hooks.deliver(workspace, repository, "repo:push", body);
    },
    fetch: async (request) => await app.fetch(request),
    serve(port = 0) {
      const { signal } = abrupt;
      server = Deno.serve({ port, hostname: "127.0.0.1", signal, onListen: () => {} }, app.fetch);
      const origin = `http://127.0.0.1:${server.addr.port}`;
      return { origin, apiUrl: `${origin}/2.0`, gitUrl: origin, [Symbol.asyncDispose]: close };
    },
    close,
  };
}

/** REST says so with a body, and with no header about a credential. */
function refused(): Response {
  return Response.json(
    errorBody("Token is invalid, expired, or not supported for this endpoint."),
    { status: 401, headers: { "www-authenticate": "BitbucketCustom realm=Bitbucket.org HTTP" } },
  );
}

function challenge(c: Context): Response {
  return c.text("Unauthorized", 401, { "www-authenticate": 'Basic realm="Bitbucket.org HTTP"' });
}
