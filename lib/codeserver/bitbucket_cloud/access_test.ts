import assert from "node:assert/strict";
import type { Access, AccessCheck, Credential, OpenOptions } from "@/lib/codeserver/mod.ts";
import { RemoteError } from "@/lib/errors.ts";
import { fakeBitbucketCloud, type FakeSetup } from "./fake_server.ts";
import type { FakeCredential } from "./fake_state.ts";
import { bitbucketCloud } from "./mod.ts";

const SECRET = "made-up-secret-of-a-test";
const PERSON: FakeCredential = {
  kind: "api_token",
  secret: SECRET,
  email: "ana@example.com",
  username: "ana",
};
const WORKSPACE: FakeCredential = { kind: "workspace_access_token", secret: SECRET };
const AS_PERSON: Credential = { kind: "api_token", user: "ana@example.com", secret: SECRET };
const AS_WORKSPACE: Credential = { kind: "access_token", user: null, secret: SECRET };

interface Given extends FakeSetup {
  with?: Credential;
  options?: Partial<OpenOptions>;
}

interface Outcome {
  access: Access;
  states: Record<string, AccessCheck["state"]>;
  check(id: AccessCheck["id"]): AccessCheck;
  calls: number;
  probed: string[];
}

async function preflight(given: Given): Promise<Outcome> {
  const fake = fakeBitbucketCloud({
    repositories: [{ name: "open", isPrivate: false }, { name: "pay" }, { name: "roll" }],
    credentials: [given.with?.kind === "access_token" ? WORKSPACE : PERSON],
    ...given,
  });
  await using running = fake.serve();
  const probed: string[] = [];
  const server = bitbucketCloud({
    workspace: "demo",
    credential: given.with ?? AS_PERSON,
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
    timeoutMs: 300,
    probeGit: ({ url, user }) => {
      probed.push(`${user} ${new URL(url).pathname}`);
      return Promise.resolve();
    },
    ...given.options,
  });
  const access = await server.checkAccess();
  for (const { sentence } of access.checks) {
    assert.ok(!sentence.includes(SECRET));
    assert.match(sentence, /\.$/);
  }
  return {
    access,
    states: Object.fromEntries(access.checks.map(({ id, state }) => [id, state])),
    check: (id) => access.checks.find((check) => check.id === id)!,
    calls: fake.count("* /2.0/*"),
    probed,
  };
}

const ALL_PASSED = {
  workspace: "passed",
  credential: "passed",
  scopes: "passed",
  rest: "passed",
  git: "passed",
  repositories: "passed",
};

Deno.test("checkAccess() of an API token passes all, and offers the person's other workspaces", async () => {
  const { access, states, check, calls, probed } = await preflight({
    workspaces: [{ slug: "globex" }, { slug: "initech" }],
  });
  assert.deepEqual(states, ALL_PASSED);
  assert.equal(access.ok, true);
  assert.equal(access.credentialType, "api_token");
  assert.ok(
    access.checks.some(({ sentence }) => sentence === "Bitbucket accepts the token (API token)."),
  );
  assert.equal(access.repositoryCount, 3);
  assert.equal(access.workspace?.slug, "demo");
  assert.deepEqual(access.otherWorkspaces.map(({ slug }) => slug), ["globex", "initech"]);
  assert.match(check("repositories").sentence, /3 repositories are visible, 2 of them private/);
  assert.equal(calls, 5);
  assert.deepEqual(probed, ["x-bitbucket-api-token-auth /demo/pay.git"]);
});

Deno.test("checkAccess() of a workspace access token passes although /user is closed to it", async () => {
  const { access, states, calls, probed } = await preflight({ with: AS_WORKSPACE });
  assert.deepEqual(states, ALL_PASSED);
  assert.equal(access.credentialType, "workspace_access_token");
  assert.deepEqual(access.otherWorkspaces, []);
  assert.equal(calls, 4);
  assert.deepEqual(probed, ["x-token-auth /demo/pay.git"]);
});

Deno.test("checkAccess() survives a 401 on /user for a token that belongs to nobody", async () => {
  const faults = [{ on: "GET /2.0/user", status: 401 }];
  assert.equal((await preflight({ with: AS_WORKSPACE, faults })).access.ok, true);
  assert.equal((await preflight({ faults })).states.credential, "failed");
});

Deno.test("checkAccess() of a wrong token fails on the credential, with one call", async () => {
  const wrong = { ...AS_PERSON, secret: "another-made-up-secret" };
  const { access, check, states, calls } = await preflight({ with: wrong });
  assert.equal(access.ok, false);
  assert.deepEqual(states, {
    workspace: "skipped",
    credential: "failed",
    scopes: "skipped",
    rest: "skipped",
    git: "skipped",
    repositories: "skipped",
  });
  assert.equal(check("credential").reason, "unauthorized");
  assert.match(check("credential").sentence, /the e-mail is the one of the Atlassian account/);
  assert.equal(calls, 1);
});

Deno.test("checkAccess() explains a dead app password", async () => {
  const dead = { ...AS_PERSON, secret: "ATBB" + "madeup" };
  const { check } = await preflight({ with: dead });
  assert.match(check("credential").sentence, /removed them on 2026-07-28/);
});

Deno.test("checkAccess() of an unknown workspace names it and says where the ID stands", async () => {
  const { states, check, calls } = await preflight({ options: { workspace: "nowhere" } });
  assert.equal(states.workspace, "failed");
  assert.equal(states.credential, "passed");
  assert.match(check("workspace").sentence, /no workspace nowhere .* after bitbucket\.org/);
  assert.equal(check("workspace").reason, "not_found");
  assert.equal(calls, 3);
});

Deno.test("checkAccess() names each scope that is missing", async () => {
  const credentials = [{ ...PERSON, scopes: ["read:user:bitbucket", "read:workspace:bitbucket"] }];
  const { access, states, check } = await preflight({ credentials });
  assert.equal(access.ok, false);
  assert.equal(states.scopes, "failed");
  assert.equal(states.rest, "failed");
  assert.deepEqual(check("scopes").missingScopes, ["read:repository:bitbucket"]);
  assert.match(check("scopes").sentence, /read:repository:bitbucket/);
});

Deno.test("checkAccess() warns, and no more, where only helpful scopes are missing", async () => {
  const credentials = [{ ...PERSON, scopes: ["read:repository:bitbucket"] }];
  const { access, states, check } = await preflight({ credentials });
  assert.equal(access.ok, true);
  assert.equal(states.workspace, "warning");
  assert.equal(access.workspace?.slug, "demo");
  assert.equal(states.scopes, "warning");
  assert.deepEqual(check("scopes").missingScopes?.toSorted(), [
    "read:user:bitbucket",
    "read:workspace:bitbucket",
  ]);
  assert.deepEqual(access.otherWorkspaces, []);
});

Deno.test("checkAccess() is not taken in by public repositories that anyone may list", async () => {
  const faults = [{
    on: "GET /2.0/*",
    headers: { "x-credential-type": "unauthenticated_identity" },
  }];
  const { access, check } = await preflight({ with: AS_WORKSPACE, faults });
  assert.equal(access.ok, false);
  assert.equal(check("credential").state, "failed");
  assert.match(check("credential").sentence, /as if nobody were signed in/);
});

Deno.test("checkAccess() fails where no repository is visible, and gives likely causes", async () => {
  const { access, states, check } = await preflight({
    credentials: [{ ...PERSON, repositories: [] }],
    repositories: [{ name: "pay" }],
  });
  assert.equal(access.ok, false);
  assert.equal(states.repositories, "failed");
  assert.equal(states.git, "skipped");
  assert.equal(access.repositoryCount, 0);
  assert.match(check("repositories").sentence, /Likely causes/);
});

Deno.test("checkAccess() warns where all that is visible is public", async () => {
  const { access, states, check } = await preflight({
    credentials: [{ ...PERSON, repositories: [] }],
  });
  assert.equal(access.ok, true);
  assert.equal(states.repositories, "warning");
  assert.match(check("repositories").sentence, /1 repository is visible, all public/);
});

Deno.test("checkAccess() warns of a token that belongs to one repository or project", async () => {
  for (const kind of ["repo_access_token", "project_access_token"] as const) {
    const { states } = await preflight({
      with: AS_WORKSPACE,
      credentials: [{ ...WORKSPACE, kind }],
    });
    assert.equal(states.credential, "warning");
  }
});

Deno.test("checkAccess() tells git's own refusal apart", async () => {
  const cases = [
    ["unauthorized", "failed", /Git refuses the token/],
    ["forbidden", "failed", /lacks the right to read/],
    ["not_found", "warning", /is gone or closed/],
    ["unavailable", "failed", /did not answer/],
  ] as const;
  for (const [reason, state, sentence] of cases) {
    const probeGit = () => Promise.reject(new RemoteError(reason, "said so"));
    const { check } = await preflight({ options: { probeGit } });
    assert.equal(check("git").state, state);
    assert.match(check("git").sentence, sentence);
  }
});

Deno.test("checkAccess() says so when Bitbucket is away or asks to wait, and asks no more", async () => {
  const away = await preflight({ faults: [{ on: "GET /2.0/*", status: 502 }] });
  assert.equal(away.check("workspace").reason, "unavailable");
  assert.match(away.check("workspace").sentence, /did not answer/);
  assert.equal(away.calls, 1);
  const headers = { "retry-after": "300" };
  const wait = await preflight({ faults: [{ on: "GET /2.0/*", status: 429, headers }] });
  assert.match(wait.check("workspace").sentence, /Try again in 5 min/);
  assert.equal(wait.access.ok, false);
  const on = "GET /2.0/repositories/*";
  const closed = await preflight({ faults: [{ on, status: 410, body: "Gone" }] });
  assert.equal(closed.access.ok, false);
  assert.match(closed.check("rest").sentence, /has closed this workspace/);
  const html = await preflight({ faults: [{ on, kind: "html" }] });
  assert.match(html.check("rest").sentence, /in a form that we do not know/);
  const silent = await preflight({ faults: [{ on: "GET /2.0/user", kind: "hang" }] });
  assert.equal(silent.access.ok, false);
  assert.equal(silent.check("rest").reason, "unavailable");
});

Deno.test("checkAccess() that is cancelled rejects with the signal's reason", async () => {
  const fake = fakeBitbucketCloud({ credentials: [PERSON] });
  await using running = fake.serve();
  const why = new Error("enough");
  const server = bitbucketCloud({
    workspace: "demo",
    credential: AS_PERSON,
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
  });
  const call = server.checkAccess({ signal: AbortSignal.abort(why) });
  await assert.rejects(call, (error) => error === why);
});
