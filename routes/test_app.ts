/** The app for tests: a real store, a code server that answers as told, people signed in. */

import { createMetrics } from "@/lib/metrics.ts";
import { manualClock } from "@/lib/clock.ts";
import type { Access, AccessCheck, CodeServer, Credential } from "@/lib/codeserver/mod.ts";
import { openCodeServer } from "@/lib/codeserver/open.ts";
import { silentLog } from "@/lib/log.ts";
import type { TestStore } from "@/lib/store/test_store.ts";
import { withStore } from "@/lib/store/test_store.ts";
import { createVitals } from "@/lib/vitals.ts";
import type { RouteDeps } from "./deps.ts";
import { createApp } from "./mod.ts";

/** The app with what stands behind it. */
export interface TestApp {
  store: TestStore;
  clock: ReturnType<typeof manualClock>;
  /** Ids that were rung. */
  rings: string[];
  /** Credentials that workspaces were opened with. */
  opened: { workspace: string; credential: Credential }[];
  /** What the pre-flight answers, by workspace; unset passes. */
  access: Map<string, Partial<Access>>;
  /** Holds every pre-flight from now on until what it gives is called. */
  hold(): () => void;
  /** The app itself, for a browser; its pages want the cookie. */
  fetch(request: Request, connection?: object): Response | Promise<Response>;
  /** Every method and path that something is mounted at. */
  routes: readonly { method: string; path: string }[];
  cookie: { name: string; value: string };
  /** The cookies' values of those signed in. */
  sessions: Readonly<Record<"admin" | "viewer", string>>;
  /** A request as the signed-in `role`; a body is sent as a form. */
  ask(path: string, options?: Ask): Promise<Response>;
}

export interface Ask {
  role?: "admin" | "viewer" | "nobody";
  method?: string;
  form?: Record<string, string | string[]>;
  /** Sent as JSON. */
  json?: unknown;
  /** Headers of htmx and others. */
  headers?: Record<string, string>;
}

const NOBODY: Credential = { kind: "access_token", user: null, secret: "" };

const ORIGIN = "http://sluice.test";

/** Runs a test on the whole app over an empty store; `given` differs from the usual. */
export function appTest(
  name: string,
  run: (app: TestApp) => Promise<void>,
  given: Partial<RouteDeps> = {},
): void {
  Deno.test(name, () => withStore((store) => withApp(store, run, given)));
}

async function withApp(
  store: TestStore,
  run: (app: TestApp) => Promise<void>,
  given: Partial<RouteDeps>,
): Promise<void> {
  const rings: string[] = [];
  const opened: TestApp["opened"] = [];
  const access = new Map<string, Partial<Access>>();
  let gate = Promise.resolve();
  const deps: RouteDeps = {
    store,
    clock: store.clock,
    log: silentLog,
    doorbell: {
      ring: (id) => {
        rings.push(id);
        return Promise.resolve();
      },
      answer: () => {},
      close: () => {},
    },
    metrics: createMetrics(),
    vitals: createVitals(store.clock, store.dir),
    runningSteps: () => 0,
    threads: () => ({ busy: 0, size: 1 }),
    instanceName: "Sluice",
    publicUrl: ORIGIN,
    anyHost: false,
    trustedProxies: [],
    localSignIn: true,
    sso: null,
    rulesVersion: "1",
    openServer: (server) => Promise.resolve(workspace(server.workspace)),
    openWorkspace: (_type, name, credential) => {
      opened.push({ workspace: name, credential });
      return workspace(name, credential);
    },
    ...given,
  };

  /** The real driver, which answers without a network only what is asked of it here. */
  function workspace(name: string, credential = NOBODY): CodeServer {
    return {
      ...openCodeServer("bitbucket_cloud", {
        workspace: name,
        credential,
        apiUrl: "http://127.0.0.1:1/2.0",
        gitUrl: "https://bitbucket.org",
      }),
      async checkAccess({ onCheck } = {}) {
        await gate;
        const checks: AccessCheck[] = [{
          id: "workspace",
          state: "passed",
          sentence: `${name} answers.`,
        }];
        const given = {
          ok: true,
          checks,
          workspace: { slug: name, uuid: `{${name}}`, name: name.toUpperCase() },
          credentialType: "api_token",
          repositoryCount: 3,
          otherWorkspaces: [],
          ...access.get(name),
        };
        given.checks.forEach((check) => onCheck?.(check));
        return given;
      },
    };
  }

  const app = createApp(deps);
  const sessions: Record<string, string> = {};
  for (const role of ["admin", "viewer"] as const) {
    const id = await store.users.create({
      email: `${role}@example.com`,
      passwordHash: "scrypt$x",
      role,
    });
    sessions[role] = await store.sessions.start(id!);
  }

  await run({
    store,
    clock: store.clock,
    rings,
    opened,
    access,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    fetch: (request, connection) => app.fetch(request, connection),
    routes: app.routes,
    cookie: { name: "sluice", value: sessions.admin! },
    sessions: { admin: sessions.admin!, viewer: sessions.viewer! },
    ask: async (path, { role = "admin", method, form, json, headers = {} } = {}) => {
      const fields = form && new URLSearchParams(
        Object.entries(form).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value]).map((one) => [name, one])
        ),
      );
      return await app.request(`${ORIGIN}${path}`, {
        method: method ?? (form === undefined ? "GET" : "POST"),
        body: json === undefined ? fields ?? null : JSON.stringify(json),
        headers: {
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...(role === "nobody" ? {} : { cookie: `sluice=${sessions[role]}` }),
          origin: ORIGIN,
          ...headers,
        },
      });
    },
  });
}

/** Counts what an act asks of the database. */
export async function countQueries(app: TestApp, act: () => Promise<unknown>): Promise<number> {
  const { db } = app.store;
  const { execute } = db;
  const before = db.writes;
  let reads = 0;
  db.execute = (...args) => {
    reads++;
    return execute(...args);
  };
  try {
    await act();
  } finally {
    db.execute = execute;
  }
  return reads + db.writes - before;
}
