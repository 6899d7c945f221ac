import assert from "node:assert/strict";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { fakeGitServer, type GitFault } from "@/lib/git/fake_git_server.ts";
import { connect } from "@/lib/git/git_http.ts";
import type { ReadingResult } from "@/lib/git/mod.ts";
import { openRepository } from "@/lib/git/smart_http.ts";
import { readAll, type TestReading } from "@/lib/git/test_reading.ts";
import { type TestRepository, testRepository } from "@/lib/git/test_repository.ts";

/** Lines that differ, so that the pack has some size. */
function text(seed: number, lines = 400, from = 0): string {
  return Array.from({ length: lines }, (_, i) => `${Math.sin(seed * 1000 + from + i)}`).join("\n");
}

function setup(): Promise<TestRepository> {
  return testRepository([1, 2, 3].map((n) => ({ files: { [`file${n}`]: text(n) } })));
}

async function read(url: string, options: TestReading = {}): Promise<ReadingResult> {
  return (await readAll(url, options)).result;
}

async function failure(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof RemoteError, `not a RemoteError: ${error}`);
  return error;
}

Deno.test("readRemote() names the reason of every refusal, without the password", async () => {
  await using repository = await setup();
  const secret = ["hunter", "2", "hunter"].join("-");
  const html = { "content-type": "text/html" };
  const table: [GitFault["answer"], RemoteReason][] = [
    [() => new Response("no", { status: 401 }), "unauthorized"],
    [() => new Response("no", { status: 403 }), "forbidden"],
    [() => new Response("no", { status: 404 }), "not_found"],
    [() => new Response("app passwords are gone", { status: 410 }), "unauthorized"],
    [() => new Response("slow", { status: 429, headers: { "retry-after": "7" } }), "rate_limited"],
    [() => new Response("oops", { status: 500 }), "unavailable"],
    [() => new Response("oops", { status: 503 }), "unavailable"],
    [() => new Response("<html>Log in</html>", { headers: html }), "malformed"],
    [() => new Response("<html>Log in</html>"), "malformed"],
    [
      () => new Response(null, { status: 302, headers: { location: "https://id.example.org/" } }),
      "malformed",
    ],
    [
      () =>
        new Response("nonsense that is no packet", {
          headers: { "content-type": "application/x-git-upload-pack-advertisement" },
        }),
      "malformed",
    ],
  ];
  for (const [answer, reason] of table) {
    await using server = fakeGitServer({
      repositories: { r: repository.dir },
      faults: [{ on: "info/refs", answer: answer! }],
    });
    const error = await failure(read(`${server.url}r`, { user: "x", password: secret }));
    assert.equal(error.reason, reason, error.message);
    assert.equal(
      JSON.stringify([error.message, error.stack, error.details]).includes(secret),
      false,
    );
    if (reason === "rate_limited") assert.equal(error.details.retryAfterMs, 7000);
  }
});

Deno.test("readRemote() sends the credential as a header and never in an address", async () => {
  await using repository = await setup();
  const credentials = { user: "x-token-auth", password: ["pa", "ss"].join(":") };
  await using server = fakeGitServer({ repositories: { r: repository.dir }, credentials });
  assert.equal((await read(`${server.url}r`, credentials)).commits, 3);
  assert.ok(server.requests.every(({ path }) => !path.includes("pass") && !path.includes("@")));
  const error = await failure(read(`${server.url}r`, { ...credentials, password: "other" }));
  assert.equal(error.reason, "unauthorized");
});

Deno.test("readRemote() does not follow a redirect to another host, credential or not", async () => {
  await using repository = await setup();
  await using other = fakeGitServer({ repositories: { r: repository.dir } });
  await using server = fakeGitServer({
    repositories: { r: repository.dir },
    faults: [{
      on: "info/refs",
      answer: () =>
        new Response(null, {
          status: 301,
          headers: { location: `${other.url}r/info/refs?service=git-upload-pack` },
        }),
    }],
  });
  assert.equal((await failure(read(`${server.url}r`))).reason, "malformed");
  assert.deepEqual(other.requests, []);
});

Deno.test("readRemote() tells a corrupt pack from a whole one, wherever a byte is wrong", async () => {
  await using repository = await setup();
  for (const at of [-200, -5000]) {
    await using server = fakeGitServer({
      repositories: { r: repository.dir },
      faults: [{
        on: "git-upload-pack",
        request: 1,
        change(body) {
          const changed = body.slice();
          changed[changed.length + at]! ^= 0x40;
          return changed;
        },
      }],
    });
    const error = await failure(read(`${server.url}r`));
    assert.equal(error.reason, "corrupt", error.message);
  }
});

Deno.test("readRemote() tells a truncated pack from a whole one, wherever it ends", async () => {
  await using repository = await setup();
  for (const protocol of [2, 0] as const) {
    for (const keep of [0.3, 0.9]) {
      await using server = fakeGitServer({
        repositories: { r: repository.dir },
        protocol,
        faults: [{
          on: "git-upload-pack",
          request: protocol === 2 ? 1 : 0,
          change: (body) => body.slice(0, Math.floor(body.length * keep)),
        }],
      });
      const error = await failure(read(`${server.url}r`));
      assert.equal(error.reason, "corrupt", error.message);
    }
  }
});

Deno.test("readRemote() gives up on a server that sends nothing more", async () => {
  await using repository = await setup();
  const silent = async (fault: GitFault, hungAt: number, idleSeconds: number): Promise<void> => {
    await using server = fakeGitServer({ repositories: { r: repository.dir }, faults: [fault] });
    const error = await failure(read(`${server.url}r`, { limits: { idleSeconds } }));
    assert.equal(error.reason, "unavailable");
    // On a busy machine git itself may be given up, before it comes to the silence.
    const isGivenUpThere = server.requests.length === hungAt && error.message.includes("no byte");
    if (!isGivenUpThere && idleSeconds < 60) return await silent(fault, hungAt, idleSeconds * 10);
    assert.ok(error.message.includes(`no byte for ${idleSeconds} s`), error.message);
    assert.equal(server.requests.length, hungAt);
  };
  await silent({ on: "info/refs", hangAfter: 10 }, 1, 0.1);
  await silent({ on: "git-upload-pack", request: 1, hangAfter: 4000 }, 3, 0.1);
});

Deno.test("readRemote() ends at once when it is cancelled", async () => {
  await using repository = await setup();
  await using server = fakeGitServer({
    repositories: { r: repository.dir },
    faults: [{ on: "git-upload-pack", request: 1, hangAfter: 4000 }],
  });
  const stop = new AbortController();
  const reason = new Error("enough");
  const reading = read(`${server.url}r`, { signal: stop.signal });
  while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort(reason);
  await assert.rejects(reading, reason);
});

Deno.test("readRemote() passes on what the server says when it stops", async () => {
  await using repository = await setup();
  const packet = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  for (
    const [said, reason] of [
      ["ERR access denied to you", "forbidden"],
      ["ERR upload-pack: not our ref 12", "unavailable"],
    ] as const
  ) {
    await using server = fakeGitServer({
      repositories: { r: repository.dir },
      faults: [{
        on: "git-upload-pack",
        request: 1,
        answer: () =>
          new Response(packet(said), {
            headers: { "content-type": "application/x-git-upload-pack-result" },
          }),
      }],
    });
    const error = await failure(read(`${server.url}r`));
    assert.equal(error.reason, reason);
    assert.ok(error.message.includes(said.slice(4)));
  }
});

Deno.test("readRemote() repeats no credential that the server echoes", async () => {
  await using repository = await setup();
  const [user, password] = ["x-token-auth", ["ATCTT3", "x/F", "=echo"].join("")];
  const packet = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  const address = (secret: string) =>
    `Authentication failed for 'https://${user}:${secret}@git.test/'`;
  const says = (...texts: string[]) => () =>
    new Response(texts.join(""), {
      headers: { "content-type": "application/x-git-upload-pack-result" },
    });
  const coded = encodeURIComponent(password);
  const table: [GitFault["on"], number, protocol: 0 | 2, GitFault["answer"]][] = [
    [
      "info/refs",
      0,
      2,
      () => new Response("", { headers: { "content-type": `text/${password.split("/")[0]}` } }),
    ],
    [
      "info/refs",
      0,
      2,
      () =>
        new Response(packet(`ERR fatal: ${address(password)}`), {
          headers: { "content-type": "application/x-git-upload-pack-advertisement" },
        }),
    ],
    ["git-upload-pack", 0, 2, says(packet(`ERR fatal: ${address(coded)}`))],
    ["git-upload-pack", 1, 2, says(packet(`ERR the token ${password} is no good`))],
    ["git-upload-pack", 1, 2, says(packet("packfile\n"), packet(`\u0003token ${coded}`))],
    [
      "git-upload-pack",
      0,
      0,
      says(packet("NAK\n"), packet(`\u0003${btoa(`${user}:${password}`)}`)),
    ],
    ["git-upload-pack", 0, 0, says(packet(`ERR no ${password}`))],
  ];
  for (const [on, request, protocol, answer] of table) {
    await using server = fakeGitServer({
      repositories: { r: repository.dir },
      credentials: { user, password },
      protocol,
      faults: [{ on, request, answer: answer! }],
    });
    const { message } = await failure(read(`${server.url}r`, { user, password }));
    for (const secret of [password, password.split("/")[0]!, coded, btoa(`${user}:${password}`)]) {
      assert.ok(!message.toLowerCase().includes(secret.toLowerCase()), message);
    }
    assert.ok(on === "info/refs" || message.includes("…"), message);
  }
});

Deno.test("openRepository() proves that git lets us in", async () => {
  await using repository = await setup();
  await using server = fakeGitServer({ repositories: { r: repository.dir } });
  const listed = async (url: string) => {
    const http = connect({ url, user: "", password: "" }, { idleMs: 30_000 });
    try {
      return (await openRepository(http, new Map())).refs;
    } finally {
      await http.close();
    }
  };
  const refs = await listed(`${server.url}r`);
  assert.deepEqual(refs.refs.map(({ name }) => name), ["refs/heads/main"]);
  assert.equal(refs.headTarget, "refs/heads/main");
  const gone = await failure(listed(`${server.url}none`));
  assert.equal(gone.reason, "not_found");
});

Deno.test("readRemote() asks anew when a server no longer speaks as remembered", async () => {
  await using repository = await setup();
  const memory = new Map();
  await using server = fakeGitServer({
    repositories: { r: repository.dir },
    faults: [{ on: "git-upload-pack", request: 2, answer: () => new Response("what?") }],
  });
  const once = () => read(`${server.url}r`, { memory });
  assert.equal((await once()).gitRequests, 3);
  const again = await once();
  assert.equal(again.commits, 3);
  assert.equal(again.gitRequests, 4);
});
