import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { fakeGitServer, type GitFault } from "@/lib/git/fake_git_server.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { createInPlacePool, createPool, type Pool, ThreadFailure } from "@/workers/pool.ts";
import type {
  FoundSecret,
  ReadProgress,
  ReadRequest,
  ReadResult,
} from "@/workers/thread_messages.ts";

function requestFor(url: string, changes: Partial<ReadRequest> = {}): ReadRequest {
  return {
    remote: { url, user: "", password: "" },
    mode: "history",
    haves: [],
    fingerprintKey: new Uint8Array(32).fill(7),
    spoolDir: null,
    limits: {
      packBytes: 1e8,
      memoryBytes: 1e8,
      blobBytes: 1e7,
      objects: 1e6,
      inflatedBytes: 1e9,
      deltaDepth: 4095,
      treeDepth: 200,
      idleSeconds: 300,
    },
    ...changes,
  };
}

/** A token of GitHub's form with a right checksum, composed so that no scanner trips over it. */
const TOKEN = ["gh", "p_", "16C7e42F292c6912E7710c838347Ae178B4a"].join("");

async function setup(faults: readonly GitFault[] = []) {
  const repository = await testRepository([
    { files: { "src/app.js": `const token = "${TOKEN}";\n`, "b.txt": "nothing\n" } },
    { files: { "src/app.js": `// moved down\nconst token = "${TOKEN}";\n` } },
    { files: { "src/app.js": "// gone\n" } },
  ]);
  const server = fakeGitServer({ repositories: { r: repository.dir }, faults });
  return {
    url: `${server.url}r`,
    host: new URL(server.url).host,
    server,
    repository,
    async [Symbol.asyncDispose]() {
      await server.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

async function readAll(
  pool: Pool,
  request: ReadRequest,
  options: { signal?: AbortSignal; onProgress?: (progress: ReadProgress) => void } = {},
): Promise<{ secrets: FoundSecret[]; result: ReadResult }> {
  const reading = pool.read(request, options);
  const secrets: FoundSecret[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { secrets, result: next.value };
    secrets.push(...next.value);
  }
}

const POOLS: [string, (host: string) => Pool][] = [
  ["threads", (host) => createPool({ threads: 1, hosts: [host], spoolDir: null })],
  ["in place", () => createInPlacePool({ threads: 1 })],
];

for (const [name, open] of POOLS) {
  Deno.test(`read() gives each secret once, with its places, never in clear (${name})`, async () => {
    await using fixture = await setup();
    await using pool = open(fixture.host);
    const phases: string[] = [];
    const { secrets, result } = await readAll(pool, requestFor(fixture.url), {
      onProgress: ({ phase }) => phases.push(phase),
    });
    assert.equal(secrets.length, 1);
    const [secret] = secrets;
    assert.match(secret!.ruleId, /github/);
    assert.match(secret!.fingerprint, /^[0-9a-f]{64}$/);
    assert.equal(secret!.atTip, false);
    assert.deepEqual(
      secret!.occurrences.map(({ path, line, atTip }) => ({ path, line, atTip })),
      [
        { path: "src/app.js", line: 1, atTip: false },
        { path: "src/app.js", line: 2, atTip: false },
      ],
    );
    assert.equal(secret!.occurrenceCount, 2);
    assert.equal(JSON.stringify([secrets, result]).includes(TOKEN), false);
    assert.equal(result.commits, 3);
    assert.equal(result.leftOut.length, 0);
    assert.match(result.rulesVersion, /./);
    assert.ok(phases.length >= 1);
    assert.equal(pool.free, 1);
  });

  Deno.test(`read() throws what the server's refusal means (${name})`, async () => {
    await using fixture = await setup([{
      on: "info/refs",
      answer: () => new Response("", { status: 429, headers: { "retry-after": "3" } }),
    }]);
    await using pool = open(fixture.host);
    const error = await readAll(pool, requestFor(fixture.url)).catch((error) => error);
    assert.ok(error instanceof RemoteError);
    assert.equal(error.reason, "rate_limited");
    assert.equal(error.details.retryAfterMs, 3000);
    assert.equal(pool.free, 1);
  });

  Deno.test(`read() ends when it is cancelled, and not when the server is given up (${name})`, async () => {
    await using fixture = await setup([{ on: "git-upload-pack", request: 1, hangAfter: 300 }]);
    await using pool = open(fixture.host);
    const stop = new AbortController();
    const reason = new Error("cancelled by a person");
    const reading = readAll(pool, requestFor(fixture.url), { signal: stop.signal });
    while (fixture.server.requests.length < 3) await new Promise((done) => setTimeout(done, 5));
    assert.equal(pool.free, 0);
    const before = performance.now();
    stop.abort(reason);
    await assert.rejects(reading, reason);
    while (pool.free === 0) await new Promise((done) => setTimeout(done, 5));
    assert.ok(performance.now() - before < 60_000);
    assert.equal((await readAll(pool, requestFor(fixture.url))).secrets.length, 1);
  });

  Deno.test(`read() frees its place when the caller walks away (${name})`, async () => {
    await using fixture = await setup();
    await using pool = open(fixture.host);
    const reading = pool.read(requestFor(fixture.url));
    assert.equal((await reading.next()).done, false);
    await reading.return(undefined as never);
    while (pool.free === 0) await new Promise((done) => setTimeout(done, 5));
    assert.equal((await readAll(pool, requestFor(fixture.url))).secrets.length, 1);
  });
}

Deno.test("read() waits for a free thread, and all get their turn", async () => {
  await using fixture = await setup();
  await using pool = createPool({ threads: 2, hosts: [fixture.host], spoolDir: null });
  const all = await Promise.all(
    Array.from({ length: 5 }, () => readAll(pool, requestFor(fixture.url))),
  );
  assert.deepEqual(all.map(({ secrets }) => secrets.length), [1, 1, 1, 1, 1]);
  assert.equal(pool.free, 2);
});

Deno.test("a thread that dies takes its own reading with it and is replaced", async () => {
  const dir = await Deno.makeTempDir();
  try {
    // Dies at the first repository named `die`, and reads nothing.
    const module = `${dir}/thread.ts`;
    await Deno.writeTextFile(
      module,
      `self.onmessage = ({ data }) => {
         if (data.type === "read" && data.request.remote.url.includes("die")) {
           throw new TypeError("a bug");
         }
         if (data.type === "next") self.postMessage({ type: "done", id: data.id, result: {} });
       };`,
    );
    await using pool = createPool({
      threads: 2,
      spoolDir: null,
      module: new URL(`file://${module}`),
    });
    const [dead, alive] = await Promise.allSettled([
      readAll(pool, requestFor("http://127.0.0.1:1/die")),
      readAll(pool, requestFor("http://127.0.0.1:1/live")),
    ]);
    assert.equal(alive.status, "fulfilled");
    assert.ok(dead.status === "rejected" && dead.reason instanceof ThreadFailure);
    assert.equal(pool.free, 2);
    await readAll(pool, requestFor("http://127.0.0.1:1/live"));
    await readAll(pool, requestFor("http://127.0.0.1:1/live"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a thread that does not stop is ended, and its place is free soon after", async () => {
  const dir = await Deno.makeTempDir();
  const reached = Promise.withResolvers<void>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    reached.resolve();
    return new Response();
  });
  const host = `127.0.0.1:${server.addr.port}`;
  try {
    const module = `${dir}/thread.ts`;
    await Deno.writeTextFile(
      module,
      `self.onmessage = async ({ data }) => {
         if (data.type !== "next") return;
         await (await fetch("http://${host}/")).body?.cancel();
         for (;;);
       };`,
    );
    await using pool = createPool({
      threads: 1,
      hosts: [host],
      spoolDir: null,
      module: new URL(`file://${module}`),
    });
    const stop = new AbortController();
    const reading = readAll(pool, requestFor("http://127.0.0.1:1/r"), { signal: stop.signal });
    await reached.promise;
    const before = performance.now();
    stop.abort(new Error("enough"));
    await assert.rejects(reading, /enough/);
    while (pool.free === 0) await new Promise((done) => setTimeout(done, 5));
    assert.ok(performance.now() - before < 60_000);
  } finally {
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("threads reach no other host, no file, no environment", async () => {
  await using fixture = await setup();
  await using pool = createPool({ threads: 1, hosts: ["127.0.0.1:1"], spoolDir: null });
  const error = await readAll(pool, requestFor(fixture.url)).catch((error) => error);
  assert.ok(error instanceof RemoteError || error instanceof ThreadFailure);
  assert.equal(fixture.server.requests.length, 0);
});

Deno.test("close() ends what is running", async () => {
  await using fixture = await setup([{ on: "git-upload-pack", request: 1, hangAfter: 300 }]);
  const pool = createPool({ threads: 1, hosts: [fixture.host], spoolDir: null });
  const reading = readAll(pool, requestFor(fixture.url)).catch((error) => error);
  while (fixture.server.requests.length < 3) await new Promise((done) => setTimeout(done, 5));
  await pool.close();
  assert.ok(await reading instanceof ThreadFailure);
});
