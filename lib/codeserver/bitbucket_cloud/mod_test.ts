import assert from "node:assert/strict";
import { type Misbehaviour, testDriver, type World } from "@/lib/codeserver/conformance.ts";
import { bitbucketCloud } from "@/lib/codeserver/bitbucket_cloud/mod.ts";
import { fakeBitbucketCloud, type FakeSetup } from "./fake_server.ts";
import { manyRepositories } from "./fake_state.ts";

const SECRET = "ATCTT3x" + "made-up-secret-of-a-test";
const LIST = "GET /2.0/repositories/demo";

function world(repositories: number, setup: Partial<FakeSetup> = {}): World {
  const fake = fakeBitbucketCloud({
    repositories: manyRepositories(repositories, []),
    credentials: [{ kind: "workspace_access_token", secret: SECRET }],
    ...setup,
  });
  const running = fake.serve();
  const listed = () => [...fake.state.workspace("demo")!.repositories.values()];
  return {
    options: {
      workspace: "demo",
      credential: { kind: "access_token", user: null, secret: SECRET },
      apiUrl: running.apiUrl,
      gitUrl: running.gitUrl,
    },
    uuids: () => listed().map(({ uuid }) => uuid),
    add: (name) => fake.state.add("demo", { name }).uuid,
    removeFirst: () => fake.state.remove("demo", listed()[0]!.slug).uuid,
    misbehave: ({ times, ...how }: Misbehaviour) =>
      fake.faults.add({ on: LIST, times: times ?? 1, ...how }),
    calls: () => fake.count("* /2.0/*"),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

testDriver({ name: "Bitbucket Cloud", open: bitbucketCloud, world });

testDriver({
  name: "Bitbucket Cloud that ignores q",
  open: bitbucketCloud,
  world: (repositories) => world(repositories, { listing: { q: "ignored" } }),
});

/** A server as it is without a test's own addresses. */
const onBitbucket = () =>
  bitbucketCloud({
    workspace: "acme",
    credential: { kind: "access_token", user: null, secret: SECRET },
    apiUrl: "https://api.bitbucket.org/2.0",
    gitUrl: "https://bitbucket.org/",
  });

Deno.test("lineUrl() and commitUrl() are the addresses that Bitbucket itself shows", () => {
  const server = onBitbucket();
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const place = { fullName: "acme/pay", commit, path: "src/späte datei#1.ts", line: 12 };
  assert.equal(
    server.lineUrl(place),
    `https://bitbucket.org/acme/pay/src/${commit}/src/sp%C3%A4te%20datei%231.ts#lines-12`,
  );
  assert.equal(server.commitUrl(place), `https://bitbucket.org/acme/pay/commits/${commit}`);
  assert.ok(URL.canParse(server.lineUrl({ ...place, path: "lone \ud800 surrogate" })!));
});

Deno.test("lineUrl() gives no address where a folder's name would lead elsewhere", () => {
  const server = onBitbucket();
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const place = { fullName: "acme/pay", commit, path: "a.ts", line: 12 };
  const astray = [
    "../../../../evil/repo/src/main/a.ts",
    "a/./b",
    "a//b",
    "/a",
    "a/",
    "a/..",
    "",
    ".",
  ];
  for (const path of astray) assert.equal(server.lineUrl({ ...place, path }), null, path);
  const straight = [
    "...",
    "a/..b/c..",
    ".env",
    "%2e%2e/a",
    "..%2f..",
    "..\\..\\a",
    "a/.%2e/b",
    "..\t/a",
  ];
  for (const path of straight) {
    const address = server.lineUrl({ ...place, path })!;
    const { pathname, hash } = new URL(address);
    assert.equal(decodeURIComponent(pathname), `/acme/pay/src/${commit}/${path}`);
    assert.equal(hash, "#lines-12");
  }
  for (const fullName of ["acme/..", "../pay", "acme", "acme/pay/../x"]) {
    assert.equal(server.lineUrl({ ...place, fullName }), null, fullName);
  }
});

Deno.test("gitRemote() takes the git user from the kind and refuses a name that is none", async () => {
  const open = (kind: "api_token" | "access_token") =>
    bitbucketCloud({
      workspace: "acme",
      credential: { kind, user: "ana@example.com", secret: SECRET },
      apiUrl: "https://api.bitbucket.org/2.0",
      gitUrl: "https://bitbucket.org",
    });
  const of = (fullName: string) => ({ uuid: "{}", fullName });
  assert.deepEqual(await open("api_token").gitRemote(of("acme/pay")), {
    url: "https://bitbucket.org/acme/pay.git",
    user: "x-bitbucket-api-token-auth",
    password: SECRET,
  });
  assert.equal((await open("access_token").gitRemote(of("acme/pay"))).user, "x-token-auth");
  for (const name of ["", "acme", "../etc", "acme/..", "acme/a/b", "acme/a b", "@evil.test/x"]) {
    await assert.rejects(open("api_token").gitRemote(of(name)), { reason: "not_found" }, name);
  }
});
