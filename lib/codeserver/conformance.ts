/** What every driver must do, as one suite of tests; a driver brings a server that can misbehave. */

import assert from "node:assert/strict";
import type { CodeServer, Cursor, OpenOptions, RemoteRepository } from "@/lib/codeserver/mod.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";

/** How the next answer to a list call goes wrong. */
export interface Misbehaviour {
  status?: number;
  headers?: Record<string, string>;
  kind?: "hang" | "reset" | "break" | "truncate" | "html" | "broken_json" | "empty" | "twice";
  /** How many calls suffer; one unless told. */
  times?: number;
}

/** A workspace on a server beside the driver. */
export interface World extends AsyncDisposable {
  options: OpenOptions;
  /** Uuids of what is in the workspace now. */
  uuids(): string[];
  add(name: string): string;
  /** Removes the first repository in the server's own order, and gives its uuid. */
  removeFirst(): string;
  misbehave(how: Misbehaviour): void;
  /** How many REST calls have come. */
  calls(): number;
}

/** A driver under test. */
export interface Driver {
  name: string;
  open(options: OpenOptions): CodeServer;
  /** A workspace with so many repositories, whose pages are shorter than that. */
  world(repositories: number): World;
}

const MISBEHAVIOURS: [string, Misbehaviour, RemoteReason][] = [
  ["400", { status: 400, times: 3 }, "malformed"],
  ["401", { status: 401 }, "unauthorized"],
  ["403", { status: 403 }, "forbidden"],
  ["404", { status: 404 }, "not_found"],
  ["410", { status: 410 }, "malformed"],
  ["429", { status: 429 }, "rate_limited"],
  ["500", { status: 500 }, "unavailable"],
  ["502 with a page of HTML", { status: 502 }, "unavailable"],
  ["503", { status: 503 }, "unavailable"],
  ["555", { status: 555 }, "unavailable"],
  ["a login page in HTML", { kind: "html" }, "malformed"],
  ["broken JSON", { kind: "broken_json" }, "malformed"],
  ["half of the JSON", { kind: "truncate" }, "malformed"],
  ["an empty body", { kind: "empty" }, "malformed"],
  ["silence", { kind: "hang" }, "unavailable"],
  ["a connection that breaks off at once", { kind: "reset" }, "unavailable"],
  ["a connection that breaks off midway", { kind: "break" }, "unavailable"],
];

/** Registers the suite. */
export function testDriver(driver: Driver): void {
  const test = (name: string, body: () => Promise<void>) =>
    Deno.test(`${driver.name}: ${name}`, body);

  test("paging ends and gives each repository", async () => {
    await using world = driver.world(250);
    const { found, totals } = await walk(driver.open(world.options));
    assert.deepEqual(unique(found), world.uuids().toSorted());
    assert.deepEqual(new Set(totals), new Set([250]));
  });

  test("an empty workspace is one empty page", async () => {
    await using world = driver.world(0);
    const page = await driver.open(world.options).listRepositories(null);
    assert.deepEqual(page, { items: [], total: 0, next: null });
  });

  test("a cursor is text, and goes on in another process", async () => {
    await using world = driver.world(250);
    const found: string[] = [];
    let cursor: Cursor | null = null;
    do {
      const server = driver.open(world.options);
      const page: Awaited<ReturnType<CodeServer["listRepositories"]>> = await server
        .listRepositories(cursor);
      found.push(...page.items.map(({ uuid }) => uuid));
      cursor = page.next === null ? null : JSON.parse(JSON.stringify(page.next));
    } while (cursor !== null);
    assert.deepEqual(unique(found), world.uuids().toSorted());
  });

  test("a cursor that is not ours, perhaps of another version, starts the list over", async () => {
    await using world = driver.world(1);
    const { items } = await driver.open(world.options).listRepositories("../x");
    assert.deepEqual(items.map(({ uuid }) => uuid), world.uuids());
  });

  test("repositories that come and go between pages hide no other", async () => {
    await using world = driver.world(250);
    const server = driver.open(world.options);
    const lasting = new Set(world.uuids());
    const added: string[] = [];
    const first = await walk(server, () => {
      added.push(world.add(`added-${added.length}`));
      lasting.delete(world.removeFirst());
    });
    const missed = [...lasting].filter((uuid) => !first.found.includes(uuid));
    assert.deepEqual(missed, []);
    const second = await walk(server);
    assert.deepEqual(unique(second.found), world.uuids().toSorted());
    assert.ok(added.every((uuid) => second.found.includes(uuid) || !world.uuids().includes(uuid)));
  });

  test("pages that repeat their items end all the same", async () => {
    await using world = driver.world(250);
    world.misbehave({ kind: "twice", times: 100 });
    const { found } = await walk(driver.open(world.options));
    assert.deepEqual(unique(found), world.uuids().toSorted());
  });

  for (const [what, how, reason] of MISBEHAVIOURS) {
    test(`${what} is ${reason}, and the next call works`, async () => {
      await using world = driver.world(3);
      const server = driver.open({ ...world.options, timeoutMs: 300 });
      world.misbehave(how);
      await fails(world, server.listRepositories(null), reason);
      assert.equal((await server.listRepositories(null)).items.length, 3);
    });
  }

  test("Retry-After in seconds and as a date is handed on", async () => {
    await using world = driver.world(3);
    const server = driver.open(world.options);
    const date = new Date(Date.now() + 90_000).toUTCString();
    for (const [value, least, most] of [["7", 7_000, 7_000], [date, 60_000, 91_000]] as const) {
      world.misbehave({ status: 429, headers: { "retry-after": value } });
      const error = await fails(world, server.listRepositories(null), "rate_limited");
      const waitMs = error.details.retryAfterMs ?? -1;
      assert.ok(waitMs >= least && waitMs <= most, `${waitMs} ms`);
    }
  });

  test("cancelling closes the socket and rejects with the signal's reason", async () => {
    await using world = driver.world(1);
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { pathname } = new URL(world.options.apiUrl);
    const apiUrl = `http://127.0.0.1:${listener.addr.port}${pathname}`;
    const stop = new AbortController();
    const why = new Error("enough");
    const server = driver.open({ ...world.options, apiUrl });
    const rejected = assert.rejects(
      server.listRepositories(null, { signal: stop.signal }),
      (error) => error === why,
    );
    const socket = await listener.accept();
    await socket.read(new Uint8Array(4096));
    stop.abort(why);
    await rejected;
    assert.equal(await socket.read(new Uint8Array(1)).catch(() => null), null);
    socket.close();
    listener.close();
  });

  test("the budget is asked before each call and told after it", async () => {
    await using world = driver.world(250);
    const statuses: number[] = [];
    let allowed = 2;
    const server = driver.open({
      ...world.options,
      beforeCall: () => {
        if (allowed-- === 0) throw new RemoteError("rate_limited", "The budget is spent");
      },
      afterCall: ({ status }) => {
        statuses.push(status);
      },
    });
    const page = await server.listRepositories(null);
    world.misbehave({ status: 502 });
    await fails(world, server.listRepositories(page.next), "unavailable");
    await fails(world, server.listRepositories(page.next), "rate_limited");
    assert.deepEqual(statuses, [200, 502]);
    assert.equal(world.calls(), 2);
  });

  test("no address holds the credential, and git gets it apart", async () => {
    await using world = driver.world(1);
    const server = driver.open(world.options);
    const [repository] = (await server.listRepositories(null)).items;
    assert.ok(repository);
    const remote = await server.gitRemote(repository);
    const line = {
      fullName: repository.fullName,
      commit: "a".repeat(40),
      path: "a #b/c?.ts",
      line: 7,
    };
    const lineUrl = server.lineUrl(line);
    assert.ok(lineUrl !== null);
    const addresses = [
      remote.url,
      repository.htmlUrl,
      lineUrl,
      server.commitUrl(line),
    ];
    for (const address of addresses) {
      const url = new URL(address);
      assert.equal(url.username + url.password, "");
      assert.ok(!address.includes(world.options.credential.secret));
    }
    assert.equal(remote.password, world.options.credential.secret);
    assert.match(new URL(lineUrl).pathname, /a%20%23b\/c%3F\.ts$/);
    assert.match(lineUrl, /7/);
    const astray = { ...line, path: "../".repeat(9) + "a" };
    assert.equal(server.lineUrl(astray), null);
    const cut = { ...line, path: `a/…~${"0".repeat(12)}…/b.ts` };
    assert.equal(server.lineUrl(cut), null);
  });

  test("access to a workspace that works passes every check it could make", async () => {
    await using world = driver.world(3);
    const told: string[] = [];
    const access = await driver.open(world.options).checkAccess({
      onCheck: ({ id }) => told.push(id),
    });
    assert.ok(access.ok, JSON.stringify(access.checks));
    assert.equal(access.repositoryCount, 3);
    assert.deepEqual(access.checks.map(({ id }) => id), told);
    assert.equal(new Set(told).size, 6);
  });
}

/** Every page to the end, `between` two of them. */
async function walk(server: CodeServer, between: () => void = () => {}) {
  const found: string[] = [];
  const totals: (number | null)[] = [];
  let cursor: Cursor | null = null;
  for (let pages = 0;; pages++) {
    assert.ok(pages < 100, "paging does not end");
    const page: { items: RemoteRepository[]; total: number | null; next: Cursor | null } =
      await server.listRepositories(cursor);
    found.push(...page.items.map(({ uuid }) => uuid));
    totals.push(page.total);
    cursor = page.next;
    if (cursor === null) return { found, totals };
    between();
  }
}

async function fails(
  world: World,
  promise: Promise<unknown>,
  reason: RemoteReason,
): Promise<RemoteError> {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof RemoteError, `a RemoteError was expected, not ${error}`);
  assert.equal(error.reason, reason, error.message);
  const { secret } = world.options.credential;
  assert.ok(!`${error.message} ${error.stack} ${Deno.inspect(error)}`.includes(secret));
  return error;
}

function unique(uuids: readonly string[]): string[] {
  return [...new Set(uuids)].toSorted();
}
