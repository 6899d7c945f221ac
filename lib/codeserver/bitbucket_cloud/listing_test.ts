import assert from "node:assert/strict";
import type { Cursor, RemoteRepository } from "@/lib/codeserver/mod.ts";
import { RemoteError } from "@/lib/errors.ts";
import { type FakeBitbucket, fakeBitbucketCloud, type FakeSetup } from "./fake_server.ts";
import { manyRepositories } from "./fake_state.ts";
import { bitbucketCloud } from "./mod.ts";

const SECRET = "made-up-secret-of-a-test";
const LIST = "GET /2.0/repositories/demo";

async function setup(
  given: FakeSetup,
  test: (
    world: {
      fake: FakeBitbucket;
      list(
        cursor: Cursor | null,
      ): ReturnType<ReturnType<typeof bitbucketCloud>["listRepositories"]>;
      walk(): Promise<RemoteRepository[]>;
    },
  ) => Promise<void>,
): Promise<void> {
  const fake = fakeBitbucketCloud({
    credentials: [{ kind: "workspace_access_token", secret: SECRET }],
    ...given,
  });
  await using running = fake.serve();
  const server = bitbucketCloud({
    workspace: "demo",
    credential: { kind: "access_token", user: null, secret: SECRET },
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
  });
  const list = (cursor: Cursor | null) => server.listRepositories(cursor);
  const walk = async () => {
    const found: RemoteRepository[] = [];
    for (let cursor: Cursor | null = null, pages = 0;; pages++) {
      assert.ok(pages < 200, "paging does not end");
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      found.push(...page.items);
      if (page.next === null) return found;
      cursor = page.next;
    }
  };
  await test({ fake, list, walk });
}

function uuidsOf(fake: FakeBitbucket): string[] {
  return [...fake.state.workspace("demo")!.repositories.values()].map(({ uuid }) => uuid)
    .toSorted();
}

function unique(items: readonly { uuid: string }[]): string[] {
  return [...new Set(items.map(({ uuid }) => uuid))].toSorted();
}

Deno.test("listRepositories() takes ten calls for 1,000 repositories, each given once", async () => {
  await setup({ repositories: manyRepositories(1000, []) }, async ({ fake, walk }) => {
    const found = await walk();
    assert.deepEqual(found.map(({ uuid }) => uuid), uuidsOf(fake));
    assert.equal(fake.count(LIST), 10);
    const searches = fake.log.map(({ search }) => new URLSearchParams(search));
    assert.ok(searches.every((search) => search.get("pagelen") === "100"));
    assert.equal(searches[0]!.get("q"), null);
    assert.equal(searches[1]!.get("q"), `uuid > "${found[99]!.uuid}"`);
    assert.ok(fake.log[1]!.search.includes("q=uuid%20%3E%20%22%7B"));
  });
});

Deno.test("listRepositories() reads every field, and what is absent as null", async () => {
  await setup({
    repositories: [
      {
        name: "Pay Roll",
        slug: "pay-roll",
        isPrivate: false,
        project: { key: "FIN", name: "Finance" },
        size: 284698,
        language: "go",
        mainBranch: "develop",
        createdOn: "2018-09-20T12:49:08.541926+00:00",
        updatedOn: "2025-01-27T14:15:58.600540+00:00",
      },
      { name: "empty", mainBranch: null },
    ],
  }, async ({ walk }) => {
    const found = await walk();
    const full = found.find(({ slug }) => slug === "pay-roll")!;
    assert.deepEqual({ ...full, uuid: "", htmlUrl: new URL(full.htmlUrl).pathname }, {
      uuid: "",
      slug: "pay-roll",
      fullName: "demo/pay-roll",
      name: "Pay Roll",
      projectKey: "FIN",
      projectName: "Finance",
      isPrivate: false,
      sizeBytes: 284698,
      language: "go",
      defaultBranch: "develop",
      createdAt: Date.UTC(2018, 8, 20, 12, 49, 8, 541),
      updatedAt: Date.UTC(2025, 0, 27, 14, 15, 58, 600),
      htmlUrl: "/demo/pay-roll",
    });
    const empty = found.find(({ slug }) => slug === "empty")!;
    assert.equal(empty.defaultBranch, null);
    assert.equal(empty.language, null);
  });
});

Deno.test("listRepositories() walks by links where q and sort are refused", async () => {
  const listing = { q: "refused", sort: "refused" } as const;
  await setup({ repositories: manyRepositories(250, []), listing }, async ({ fake, walk }) => {
    assert.deepEqual(unique(await walk()), uuidsOf(fake));
    // sort=uuid refused, sort=created_on refused, two walks of three pages, the second sort again
    assert.ok(fake.count(LIST) <= 9, String(fake.count(LIST)));
  });
});

Deno.test("listRepositories() falls back in mid-walk when q stops being obeyed", async () => {
  await setup({ repositories: manyRepositories(250, []) }, async ({ fake, list }) => {
    const first = await list(null);
    fake.listing.q = "ignored";
    const found = [...first.items];
    const totals = new Set([first.total]);
    for (let cursor = first.next; cursor !== null;) {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      found.push(...page.items);
      totals.add(page.total);
      cursor = page.next;
    }
    assert.deepEqual(unique(found), uuidsOf(fake));
    assert.deepEqual(totals, new Set([250]));
  });
});

Deno.test("listRepositories() walks links twice, which heals a page that has drifted", async () => {
  const listing = { q: "ignored" } as const;
  await setup({ repositories: manyRepositories(250, []), listing }, async ({ fake, list }) => {
    const repositories = fake.state.workspace("demo")!.repositories;
    const lasting = new Set(uuidsOf(fake));
    const found = new Set<string>();
    for (let cursor: Cursor | null = null, pages = 0;; pages++) {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      for (const { uuid } of page.items) found.add(uuid);
      if (page.next === null) break;
      cursor = page.next;
      if (pages > 0) continue;
      // The whole list moves up by one, so that the next page misses one.
      lasting.delete(fake.state.remove("demo", [...repositories.keys()][0]!).uuid);
    }
    assert.deepEqual([...lasting].filter((uuid) => !found.has(uuid)), []);
  });
});

Deno.test("listRepositories() keeps going where the server tells no size", async () => {
  const listing = { size: false, longestPage: 30 };
  await setup({ repositories: manyRepositories(70, []), listing }, async ({ list, walk, fake }) => {
    assert.equal((await list(null)).total, null);
    assert.deepEqual(unique(await walk()), uuidsOf(fake));
  });
});

Deno.test("listRepositories() never follows a link to another host, or to the same page", async () => {
  const listing = { q: "ignored" } as const;
  await setup({ repositories: manyRepositories(250, []), listing }, async ({ fake, walk }) => {
    fake.faults.add({ on: LIST, skip: 2, kind: "foreign_next" });
    await assert.rejects(walk(), /on another host/);
    fake.faults.clear();
    fake.faults.add({ on: LIST, skip: 3, kind: "own_next" });
    await assert.rejects(walk(), /names itself/);
  });
});

Deno.test("listRepositories() begins anew where a link of the server's own is refused", async () => {
  for (const status of [400, 404]) {
    const listing = { q: "ignored" } as const;
    await setup({ repositories: manyRepositories(250, []), listing }, async ({ fake, walk }) => {
      fake.faults.add({ on: LIST, skip: 3, times: 1, status });
      assert.deepEqual(unique(await walk()), uuidsOf(fake), String(status));
    });
  }
});

Deno.test("listRepositories() gives up on links that are refused each time", async () => {
  const listing = { q: "ignored" } as const;
  await setup({ repositories: manyRepositories(250, []), listing }, async ({ fake, list }) => {
    let cursor = (await list((await list(null)).next)).next;
    fake.faults.add({ on: LIST, status: 404 });
    await assert.rejects(list(cursor), /no workspace/, "the start is refused as well");
    fake.faults.clear();
    cursor = JSON.stringify({ ...JSON.parse(cursor!), restarts: 2 });
    fake.faults.add({ on: LIST, status: 404 });
    await assert.rejects(list(cursor), /a next page is refused/);
  });
});

Deno.test("listRepositories() starts over where its stored place cannot be read", async () => {
  await setup({ repositories: manyRepositories(3, []) }, async ({ fake, list }) => {
    const page = await list('{"by":"another version"}');
    assert.deepEqual(unique(page.items), uuidsOf(fake));
  });
});

Deno.test("listRepositories() lets a stored cursor lead nowhere but to its own server", async () => {
  const asked: string[] = [];
  const server = bitbucketCloud({
    workspace: "demo",
    credential: { kind: "access_token", user: null, secret: SECRET },
    apiUrl: "https://api.bitbucket.org/2.0",
    gitUrl: "https://bitbucket.org",
    fetch: (input) => {
      asked.push(new URL(String(input)).origin);
      return Promise.resolve(new Response("", { status: 404 }));
    },
  });
  const place = { by: "next", walk: 1, sorted: true, total: 3, pages: 1 };
  const hosts = [
    "https://evil.test/x",
    "//evil.test/x",
    "/\\evil.test/x",
    ".evil.test/",
    "@evil.test/",
  ];
  for (const next of hosts) {
    await assert.rejects(server.listRepositories(JSON.stringify({ ...place, next })), RemoteError);
  }
  assert.deepEqual(new Set(asked), new Set(["https://api.bitbucket.org"]));
  const endless = JSON.stringify({ ...place, next: null, pages: 20_000 });
  await assert.rejects(server.listRepositories(endless), /more than 20000 pages/);
});

Deno.test("listRepositories() of an unknown workspace names it", async () => {
  await setup({ workspace: "other" }, async ({ list }) => {
    await assert.rejects(list(null), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.reason, "not_found");
      assert.match(error.message, /no workspace demo/);
      return true;
    });
  });
});

Deno.test("listRepositories() tells a closed workspace from an address that was removed", async () => {
  const asked = (body: string) =>
    bitbucketCloud({
      workspace: "demo",
      credential: { kind: "access_token", user: null, secret: SECRET },
      apiUrl: "https://api.bitbucket.org/2.0",
      gitUrl: "https://bitbucket.org",
      fetch: () => Promise.resolve(new Response(body, { status: 410 })),
    }).listRepositories(null);
  await assert.rejects(asked(""), { reason: "closed", message: /closed the workspace demo/ });
  const removed = { error: { message: "CHANGE-2770 - Functionality has been deprecated" } };
  await assert.rejects(asked(JSON.stringify(removed)), { reason: "malformed" });
});

Deno.test("listRepositories() never asks without a workspace", async () => {
  const server = bitbucketCloud({
    workspace: "",
    credential: { kind: "access_token", user: null, secret: SECRET },
    apiUrl: "https://api.bitbucket.org/2.0",
    gitUrl: "https://bitbucket.org",
    fetch: () => Promise.reject(new Error("asked")),
  });
  await assert.rejects(server.listRepositories(null), { reason: "not_found" });
});
