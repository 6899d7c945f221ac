import assert from "node:assert/strict";
import { addCommits, git, makeRepository } from "@/e2e/harness/repositories.ts";
import { type FakeBitbucket, fakeBitbucketCloud, type FakeSetup } from "./fake_server.ts";
import { type FakeCredential, manyRepositories } from "./fake_state.ts";

const PERSON = "made-up-secret-of-a-person";
const WORKSPACE = "made-up-secret-of-a-workspace";
const APP_PASSWORD = "made-up-app-password";
const CREDENTIALS: FakeCredential[] = [
  { kind: "api_token", secret: PERSON, email: "ana@example.com", username: "ana" },
  { kind: "workspace_access_token", secret: WORKSPACE },
  { kind: "app_password", secret: APP_PASSWORD, username: "ana" },
];

interface Place {
  fake: FakeBitbucket;
  dir: string;
  origin: string;
  /** The address of a repository with a user in it, as git takes it. */
  remote(slug: string, user?: string, password?: string): string;
}

async function withGit(setup: FakeSetup, test: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await makeRepository(`${dir}/pay.git`, [
      { message: "One", files: { "a.txt": "a\n" } },
      { message: "Two", files: { "b.txt": "b\n" }, branch: "side" },
    ]);
    const fake = fakeBitbucketCloud({
      repositories: [{ name: "pay", git: `${dir}/pay.git` }, { name: "empty" }],
      credentials: CREDENTIALS,
      ...setup,
    });
    await using running = fake.serve();
    const remote = (slug: string, user = "x-token-auth", password = WORKSPACE) => {
      const url = new URL(`${running.gitUrl}/demo/${slug}.git`);
      url.username = user;
      url.password = password;
      return url.href;
    };
    await test({ fake, dir, origin: running.origin, remote });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("the stand-in serves a repository that git itself clones whole, by version 2 and 0", async () => {
  await withGit({}, async ({ dir, remote }) => {
    const heads = await git(["-C", `${dir}/pay.git`, "for-each-ref"]);
    for (const version of ["2", "0"]) {
      const clone = `${dir}/clone-${version}`;
      const protocol = `protocol.version=${version}`;
      await git(["-c", protocol, "clone", "--quiet", "--mirror", remote("pay"), clone]);
      assert.equal(await git(["-C", clone, "for-each-ref"]), heads);
      await git(["-C", clone, "fsck", "--strict"]);
    }
    await git(["clone", "--quiet", "--mirror", remote("empty"), `${dir}/empty`]);
    assert.equal(await git(["-C", `${dir}/empty`, "for-each-ref"]), "");
  });
});

Deno.test("the stand-in serves a work tree as well as a bare folder, and pushes made meanwhile", async () => {
  await withGit({}, async ({ fake, dir, remote }) => {
    await git(["clone", "--quiet", `${dir}/pay.git`, `${dir}/tree`]);
    const added = fake.state.add("demo", { name: "Tree", git: `${dir}/tree` });
    assert.equal(added.mainBranch, "main");
    const before = await git(["ls-remote", remote("tree"), "refs/heads/main"]);
    assert.match(before, /^[0-9a-f]{40}/);
    const [commit] = await addCommits(`${dir}/pay.git`, [{ message: "Three", files: { c: "c" } }]);
    assert.match(await git(["ls-remote", remote("pay"), "main"]), new RegExp(`^${commit}`));
    fake.state.rename("demo", "pay", "salary");
    await assert.rejects(git(["ls-remote", remote("pay")]), /not found/);
    assert.match(await git(["ls-remote", remote("salary"), "main"]), new RegExp(`^${commit}`));
  });
});

Deno.test("the stand-in ignores version 2 and filters where it is told to", async () => {
  const answer = async (git: FakeSetup["git"]) => {
    let text = "";
    await withGit(git ? { git } : {}, async ({ origin }) => {
      const response = await fetch(`${origin}/demo/pay.git/info/refs?service=git-upload-pack`, {
        headers: {
          authorization: `Basic ${btoa(`x-token-auth:${WORKSPACE}`)}`,
          "git-protocol": "version=2",
        },
      });
      text = await response.text();
    });
    return text;
  };
  assert.match(await answer(undefined), /version 2[\s\S]*filter/);
  assert.doesNotMatch(await answer({ protocol: 0 }), /version 2/);
  assert.match(await answer({ protocol: 0 }), / filter/);
  assert.doesNotMatch(await answer({ filter: false }), /filter/);
});

Deno.test("the stand-in knows each credential's git user, and refuses the e-mail", async () => {
  const scopes = ["read:user:bitbucket"];
  const limited = { kind: "api_token", secret: "limited", email: "l@example.com", scopes } as const;
  const credentials = [...CREDENTIALS, limited];
  await withGit({ credentials }, async ({ origin, fake }) => {
    const cases: [user: string, password: string, slug: string, status: number][] = [
      ["x-bitbucket-api-token-auth", PERSON, "pay", 200],
      ["ana", PERSON, "pay", 200],
      ["x-token-auth", WORKSPACE, "pay", 200],
      ["ana@example.com", PERSON, "pay", 401],
      ["x-token-auth", PERSON, "pay", 401],
      ["x-bitbucket-api-token-auth", WORKSPACE, "pay", 401],
      ["x-token-auth", "wrong", "pay", 401],
      ["ana", APP_PASSWORD, "pay", 410],
      ["x-bitbucket-api-token-auth", "limited", "pay", 403],
      ["x-token-auth", WORKSPACE, "nothing", 404],
    ];
    for (const [user, password, slug, status] of cases) {
      const response = await fetch(`${origin}/demo/${slug}.git/info/refs?service=git-upload-pack`, {
        headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
      });
      await response.body?.cancel();
      assert.equal(response.status, status, `${user} on ${slug}`);
    }
    const anonymous = await fetch(`${origin}/demo/pay.git/info/refs?service=git-upload-pack`);
    await anonymous.body?.cancel();
    assert.equal(anonymous.status, 401);
    assert.equal(fake.count("GET /demo/*"), cases.length + 1);
    const push = await fetch(`${origin}/demo/pay.git/info/refs?service=git-receive-pack`, {
      headers: { authorization: `Basic ${btoa(`x-token-auth:${WORKSPACE}`)}` },
    });
    await push.body?.cancel();
    assert.equal(push.status, 403);
  });
});

Deno.test("the stand-in shows the line and the commit that a permalink leads to", async () => {
  await withGit({}, async ({ dir, origin, fake }) => {
    const files = { "späte #1.html": "one\n<script>alert(1)</script>\n" };
    const [commit] = await addCommits(`${dir}/pay.git`, [{ message: "Page", files }]);
    const path = encodeURIComponent("späte #1.html");
    const line = await fetch(`${origin}/demo/pay/src/${commit}/${path}`);
    assert.equal(line.status, 200);
    assert.match(await line.text(), /id="lines-2"><code>&lt;script>/);
    const shown = await fetch(`${origin}/demo/pay/commits/${commit}`);
    assert.match(await shown.text(), /Page[\s\S]*1 file changed/);
    for (const wrong of [`demo/pay/src/${commit}/nothing`, "demo/pay/src/--help/x", "demo/empty"]) {
      const answer = await fetch(`${origin}/${wrong}`);
      await answer.body?.cancel();
      assert.equal(answer.status, 404, wrong);
    }
    assert.ok(fake.log.length > 0);
  });
});

Deno.test("faults spoil what git gets, and git notices", async () => {
  await withGit({}, async ({ fake, dir, remote }) => {
    const on = "POST /demo/pay.git/git-upload-pack";
    for (const kind of ["truncate", "corrupt", "break", "html"] as const) {
      fake.faults.clear();
      // The first POST of a clone lists the refs, the second fetches.
      fake.faults.add({ on, skip: 1, kind });
      await assert.rejects(git(["clone", "--quiet", remote("pay"), `${dir}/spoiled`]), kind);
    }
    fake.faults.clear();
    await git(["clone", "--quiet", remote("pay"), `${dir}/whole`]);
  });
});

Deno.test("the stand-in closes although callers hang, trickle, or do not read on", async () => {
  const started = Date.now();
  const files = { big: crypto.getRandomValues(new Uint8Array(60_000)) };
  const faults = [
    { on: "GET /2.0/user", kind: "hang" },
    { on: "GET /2.0/workspaces/demo", kind: "slow" },
  ] as const;
  const gone: Promise<unknown>[] = [];
  await withGit({ faults }, async ({ dir, origin }) => {
    await addCommits(`${dir}/pay.git`, [{ message: "Big", files }]);
    const authorization = `Bearer ${WORKSPACE}`;
    gone.push(fetch(`${origin}/2.0/user`, { headers: { authorization } }).then((r) => r.text()));
    const slow = await fetch(`${origin}/2.0/workspaces/demo`, { headers: { authorization } });
    gone.push(slow.text());
    const unread = await fetch(`${origin}/demo/pay.git/info/refs?service=git-upload-pack`, {
      headers: { authorization: `Basic ${btoa(`x-token-auth:${WORKSPACE}`)}` },
    });
    gone.push(Promise.resolve(unread));
  });
  const ended = await Promise.allSettled(gone);
  const last = ended.at(-1);
  if (last?.status === "fulfilled") await (last.value as Response).body?.cancel();
  assert.ok(Date.now() - started < 60_000);
});

Deno.test("a fault suffers `times` requests after the first `skip`, and the log keeps count", async () => {
  const fake = fakeBitbucketCloud({
    credentials: CREDENTIALS,
    faults: [{ on: "GET /2.0/repositories/*", skip: 1, times: 2, status: 503 }],
  });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await list(fake)).status);
  assert.deepEqual(statuses, [200, 503, 503, 200]);
  assert.deepEqual(fake.log.map(({ status }) => status), statuses);
  assert.equal(fake.count("GET /2.0/repositories/demo"), 4);
  assert.equal(fake.count("POST *"), 0);
});

Deno.test("the stand-in lists public repositories to anyone, private ones to whom they are open", async () => {
  const fake = fakeBitbucketCloud({
    workspaces: [{
      slug: "acme",
      isPrivate: false,
      repositories: [{ name: "open", isPrivate: false }, { name: "pay" }],
    }],
    credentials: [{ kind: "workspace_access_token", secret: WORKSPACE, workspaces: [] }],
  });
  for (const headers of [{}, { authorization: `Bearer ${WORKSPACE}` }]) {
    const response = await fake.fetch(new Request("http://x/2.0/repositories/acme", { headers }));
    const body = await response.json();
    assert.deepEqual(body.values.map(({ slug }: { slug: string }) => slug), ["open"]);
    assert.equal(
      response.headers.get("x-credential-type"),
      "authorization" in headers ? "workspace_access_token" : "unauthenticated_identity",
    );
  }
  const hidden = await fake.fetch(new Request("http://x/2.0/repositories/demo"));
  assert.equal(hidden.status, 404);
});

Deno.test("the stand-in counts calls by the hour and refuses what is too much", async () => {
  const fake = fakeBitbucketCloud({
    credentials: CREDENTIALS,
    rates: { perHour: 2, refusal: "retry-after", retryAfterSeconds: 9 },
  });
  assert.equal((await list(fake)).headers.get("x-ratelimit-limit"), "2");
  await list(fake);
  const refused = await list(fake);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "9");
  fake.rates.reset();
  assert.equal((await list(fake)).status, 200);
});

Deno.test("pages of 10,000 repositories come quickly, in order, with what was asked for", async () => {
  const fake = fakeBitbucketCloud({
    repositories: manyRepositories(10_000, []),
    credentials: CREDENTIALS,
  });
  const names = new Set<string>();
  let next: string | undefined = "?pagelen=100&sort=-name&fields=next,size,values.name";
  for (let pages = 0; next !== undefined; pages++) {
    assert.ok(pages < 100);
    const body: { next?: string; size: number; values: { name: string }[] } =
      await (await list(fake, next)).json();
    assert.deepEqual(Object.keys(body.values[0]!), ["name"]);
    assert.equal(body.size, 10_000);
    for (const { name } of body.values) names.add(name);
    next = body.next === undefined ? undefined : new URL(body.next).search;
  }
  assert.equal(names.size, 10_000);
  assert.deepEqual([...names], [...names].toSorted().toReversed());
});

Deno.test("q, sort and pagelen that Bitbucket would refuse are refused", async () => {
  const fake = fakeBitbucketCloud({
    repositories: manyRepositories(3, []),
    credentials: CREDENTIALS,
  });
  for (const query of ["?pagelen=101", "?pagelen=0", "?page=x", "?q=uuid%20%3E", "?q=nonsense"]) {
    assert.equal((await list(fake, query)).status, 400, query);
  }
  const found = await (await list(fake, "?q=name%20~%20%2200002%22%20AND%20is_private=true"))
    .json();
  assert.equal(found.size, 1);
});

function list(fake: FakeBitbucket, query = ""): Promise<Response> {
  return fake.fetch(
    new Request(`http://x/2.0/repositories/demo${query}`, {
      headers: { authorization: `Bearer ${WORKSPACE}` },
    }),
  );
}
