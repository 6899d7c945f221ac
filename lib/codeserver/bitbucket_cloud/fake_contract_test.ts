/** Compares the stand-in with Bitbucket's own description and with recorded answers, where they are. */

import assert from "node:assert/strict";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type FakeBitbucket, fakeBitbucketCloud } from "./fake_server.ts";
import { bitbucketCloud } from "./mod.ts";

const SHARED = new URL("../../../../shared/data/bitbucket/", import.meta.url);
const description = await readJson("openapi.json");
const SECRET = "made-up-secret-of-a-test";
const BASE = "http://127.0.0.1";

/** Where the real service departs from its own description, as recordings show. */
const DEPARTURES = [
  // Typed as text, and an object when scopes are missing.
  "/error/detail must be string",
  // Typed as an object, and null in an empty repository.
  "/mainbranch must be object",
  "/parent must be object",
  // The recorded repository and workspace have more links, and git's own form of an SSH address.
  "/links must NOT have additional properties",
  '/links/clone/1/href must match format "uri"',
];

const HOOKS = "/2.0/workspaces/demo/hooks";
const REPOSITORY_HOOKS = "/2.0/repositories/demo/pay/hooks";

/** Every route, with the answers that differ in form; `{hook}` is the one that was made last. */
const CALLS: [path: string, method: string, url: string, as: string, recording?: string][] = [
  ["/user", "GET", "/2.0/user", "ana", "atlantis__user.json"],
  ["/user", "GET", "/2.0/user", "nobody"],
  ["/user/workspaces", "GET", "/2.0/user/workspaces", "ana"],
  ["/workspaces/{workspace}", "GET", "/2.0/workspaces/demo", "ana", "gildas__workspace.json"],
  ["/workspaces/{workspace}", "GET", "/2.0/workspaces/nowhere", "ana"],
  ["/repositories/{workspace}", "GET", "/2.0/repositories/demo", "ana"],
  // The first page has a `next`, the last one none.
  ["/repositories/{workspace}", "GET", "/2.0/repositories/demo?pagelen=1", "ana"],
  ["/repositories/{workspace}", "GET", "/2.0/repositories/demo?pagelen=1&page=2", "ana"],
  ["/repositories/{workspace}", "GET", "/2.0/repositories/demo?q=nothing%20like%20it", "ana"],
  ["/repositories/{workspace}", "GET", "/2.0/repositories/nowhere", "ana"],
  [
    "/repositories/{workspace}/{repo_slug}",
    "GET",
    "/2.0/repositories/demo/pay",
    "ana",
    "jenkins__repository.json",
  ],
  ["/repositories/{workspace}/{repo_slug}", "GET", "/2.0/repositories/demo/nothing", "ana"],
  ["/repositories/{workspace}/{repo_slug}", "GET", "/2.0/repositories/demo/pay", "limited"],
  ["/workspaces/{workspace}/hooks", "POST", "/2.0/workspaces/demo/hooks", "ana"],
  ["/workspaces/{workspace}/hooks", "GET", "/2.0/workspaces/demo/hooks", "ana"],
  ["/workspaces/{workspace}/hooks", "GET", "/2.0/workspaces/demo/hooks", "limited"],
  ["/workspaces/{workspace}/hooks/{uid}", "GET", `${HOOKS}/{hook}`, "ana"],
  ["/workspaces/{workspace}/hooks/{uid}", "DELETE", `${HOOKS}/{hook}`, "ana"],
  ["/workspaces/{workspace}/hooks/{uid}", "GET", `${HOOKS}/{hook}`, "ana"],
  [
    "/repositories/{workspace}/{repo_slug}/hooks",
    "POST",
    "/2.0/repositories/demo/pay/hooks",
    "ana",
    "jenkins__hooks.json",
  ],
  ["/repositories/{workspace}/{repo_slug}/hooks", "GET", "/2.0/repositories/demo/pay/hooks", "ana"],
  ["/repositories/{workspace}/{repo_slug}/hooks/{uid}", "GET", `${REPOSITORY_HOOKS}/{hook}`, "ana"],
  [
    "/repositories/{workspace}/{repo_slug}/hooks/{uid}",
    "DELETE",
    `${REPOSITORY_HOOKS}/{hook}`,
    "ana",
  ],
  ...[
    "/repositories",
    "/workspaces",
    "/snippets",
    "/user/permissions/workspaces",
    "/user/permissions/repositories",
  ].map((path): [string, string, string, string] => [path, "GET", `/2.0${path}`, "ana"]),
];

Deno.test("the stand-in answers as Bitbucket describes it", async (t) => {
  await t.step({
    name: "each call, by its status (skipped without the reference data)",
    ignore: description === null,
    fn: async () => {
      const fake = setup();
      let hook = "";
      for (const [path, method, address, as, recording] of CALLS) {
        const url = address.replace("{hook}", encodeURIComponent(hook));
        const { status, body } = await ask(fake, method, url, as);
        if (method === "POST") hook = body.uuid;
        if (body === null) {
          assert.ok(described(path, method)[String(status)], `${method} ${path}: ${status}`);
          continue;
        }
        const validate = validator(path, method, status);
        const recorded = recording ? await readJson(`fixtures/${recording}`) : null;
        assert.ok(recorded || !recording, `${recording} is missing`);
        // What the real service was seen to do counts for more than what is written about it.
        const seen = recorded ? problems(validate, recorded) : [];
        const ours = problems(validate, body).filter((problem) => !seen.includes(problem));
        assert.deepEqual(ours, [], `${method} ${url} as ${as}: ${status}`);
        if (!recorded) continue;
        assert.deepEqual(shapeDifferences(body, recorded), [], `${url} beside ${recording}`);
      }
      await fake.close();
    },
  });
});

Deno.test("the stand-in answers the driver's own listing as Bitbucket describes it", async (t) => {
  await t.step({
    name: "each page (skipped without the reference data)",
    ignore: description === null,
    fn: async () => {
      const fake = setup();
      await using running = fake.serve();
      const server = bitbucketCloud({
        workspace: "demo",
        credential: { kind: "api_token", user: "ana@example.com", secret: SECRET },
        apiUrl: running.apiUrl,
        gitUrl: running.gitUrl,
      });
      const first = await server.listRepositories(null);
      if (first.next !== null) await server.listRepositories(first.next);
      const asked = fake.log.filter(({ search }) => search.includes("fields="));
      const queries = new Set(asked.map(({ search }) => search));
      queries.add(`${asked[0]!.search}&sort=uuid&q=${encodeURIComponent(`uuid > "{0}"`)}`);
      for (const search of queries) {
        const { status, body } = await ask(fake, "GET", `/2.0/repositories/demo${search}`, "ana");
        assert.equal(status, 200, search);
        const validate = validator("/repositories/{workspace}", "GET", 200);
        // Fields that were not asked for are left out, the type among them.
        const ours = problems(validate, body)
          .filter((problem) => !problem.endsWith("must have required property 'type'"));
        assert.deepEqual(ours, [], search);
      }
    },
  });
});

Deno.test("every call of the stand-in's REST API is among those compared", () => {
  const known = CALLS.map(([path, method]) => `${method} /2.0${path}`);
  // A call is named as Bitbucket's description names it.
  const names = { ":workspace": "{workspace}", ":repository": "{repo_slug}", ":hook": "{uid}" };
  const routes = setup().routes.filter(({ path }) => /^\/2\.0\/(?!\*)/.test(path))
    .map(({ method, path }) =>
      `${method} ${
        Object.entries(names).reduce((text, [own, other]) => text.replace(own, other), path)
      }`
    );
  assert.ok(routes.length > 15, `only ${routes.length} routes`);
  assert.deepEqual(routes.filter((route) => !known.includes(route)), []);
});

Deno.test("the stand-in refuses as Bitbucket was recorded to refuse", async (t) => {
  const live = await readJson("fixtures/errors-live.json");
  await t.step({
    name: "status and body of each (skipped without the reference data)",
    ignore: live === null,
    fn: async () => {
      const fake = setup();
      const cases: [string, string, string, string][] = [
        ["410_change_2770", "GET", "/2.0/repositories", "ana"],
        ["404_no_workspace", "GET", "/2.0/workspaces/nobody-holds-this", "ana"],
        ["404_no_api", "GET", "/2.0/nothing", "ana"],
        ["401_bad_token", "GET", "/2.0/user", "wrong"],
        ["403_missing_scopes", "GET", "/2.0/user", "limited"],
        ["403_forbidden", "GET", "/2.0/user", "workspace"],
      ];
      for (const [name, method, url, as] of cases) {
        const { status, body } = await ask(fake, method, url, as);
        assert.equal(status, live[name].status, name);
        assert.deepEqual(body, live[name].body, name);
      }
      fake.faults.add({ on: "GET /2.0/user", status: 429 });
      const limited = await fake.fetch(new Request(`${BASE}/2.0/user`));
      assert.equal(await limited.text(), live["429_plain"].body);
      await fake.close();
    },
  });
});

Deno.test("shapeDifferences() sees what is missing, added, or of another type", () => {
  assert.deepEqual(shapeDifferences({ a: 1, b: [{ c: "x" }] }, { a: 2, b: [{ c: "y" }] }), []);
  assert.deepEqual(shapeDifferences({ a: "1" }, { a: 2 }), [".a is string, recorded number"]);
  assert.deepEqual(shapeDifferences({ a: 1 }, { a: 2, b: 3 }), [".b is missing"]);
  assert.deepEqual(shapeDifferences({ a: 1, b: 1 }, { a: 2 }), [".b was never recorded"]);
});

function setup(): FakeBitbucket {
  return fakeBitbucketCloud({
    repositories: [{ name: "pay", mainBranch: "main", size: 5 }, { name: "empty" }],
    credentials: [
      { kind: "api_token", secret: SECRET, email: "ana@example.com", username: "ana" },
      {
        kind: "api_token",
        secret: `${SECRET}-limited`,
        email: "limited@example.com",
        scopes: ["read:repository:bitbucket"],
      },
      { kind: "workspace_access_token", secret: `${SECRET}-workspace` },
    ],
  });
}

async function ask(fake: FakeBitbucket, method: string, url: string, as: string) {
  const authorization = {
    ana: `Basic ${btoa(`ana@example.com:${SECRET}`)}`,
    limited: `Basic ${btoa(`limited@example.com:${SECRET}-limited`)}`,
    workspace: `Bearer ${SECRET}-workspace`,
    wrong: "Bearer wrong",
  }[as];
  const hook = {
    url: "https://example.com/hook",
    description: "x",
    active: true,
    events: ["repo:push"],
  };
  const response = await fake.fetch(
    new Request(BASE + url, {
      method,
      headers: authorization === undefined ? {} : { authorization },
      ...(method === "POST" ? { body: JSON.stringify({ ...hook, secret: "s" }) } : {}),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

/** The answers that a call has; none where the description has dropped it, as one that is gone. */
function described(path: string, method: string) {
  return description.paths[path]?.[method.toLowerCase()]?.responses ?? {};
}

/** The schema of one answer; `nullable` of OpenAPI 3.0 becomes a type of its own. */
function validator(path: string, method: string, status: number): ValidateFunction {
  const answers = described(path, method);
  // The description leaves these out on most calls; they have the shape of every error.
  const declared = answers[String(status)]?.content?.["application/json"]?.schema;
  const schema = declared ?? { $ref: "#/components/schemas/error" };
  assert.ok(
    declared || [400, 401, 403, 410].includes(status),
    `${path} does not describe ${status}`,
  );
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false });
  addFormats.default(ajv);
  return ajv.compile({ ...schema, components: nullable(description.components) });
}

function nullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullable);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, nullable(v)]));
  if (copy.nullable === true && typeof copy.type === "string") copy.type = [copy.type, "null"];
  return copy;
}

function problems(validate: ValidateFunction, body: unknown): string[] {
  if (validate(body)) return [];
  return [
    ...new Set((validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)),
  ]
    .filter((problem) => !DEPARTURES.some((departure) => problem.endsWith(departure)));
}

/** Null stands for any type, since a recording shows one repository only. */
function shapeDifferences(ours: unknown, recorded: unknown, at = ""): string[] {
  if (ours === null || recorded === null) return [];
  const [own, other] = [typeOf(ours), typeOf(recorded)];
  if (own !== other) return [`${at} is ${own}, recorded ${other}`];
  if (Array.isArray(ours) && Array.isArray(recorded)) {
    if (ours.length === 0 || recorded.length === 0) return [];
    return shapeDifferences(ours[0], recorded[0], `${at}[]`);
  }
  if (own !== "object") return [];
  const [a, b] = [Object(ours), Object(recorded)];
  const missing = Object.keys(b).filter((key) => !Object.hasOwn(a, key));
  const added = Object.keys(a).filter((key) => !Object.hasOwn(b, key));
  return [
    ...missing.map((key) => `${at}.${key} is missing`),
    ...added.map((key) => `${at}.${key} was never recorded`),
    ...Object.keys(a).filter((key) => Object.hasOwn(b, key))
      .flatMap((key) => shapeDifferences(a[key], b[key], `${at}.${key}`)),
  ];
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

// deno-lint-ignore no-explicit-any
async function readJson(path: string): Promise<any> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL(path, SHARED)));
  } catch {
    return null;
  }
}
