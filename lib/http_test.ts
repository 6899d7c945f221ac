import assert from "node:assert/strict";
import { z } from "zod";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { basicAuth, createHttp, type HttpOptions } from "@/lib/http.ts";

/** A server on loopback for the length of one test. */
async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  test: (origin: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  try {
    await test(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

function door(origin: string, options: Partial<HttpOptions> = {}) {
  return createHttp({ origins: [origin], timeoutMs: 60_000, idleMs: 60_000, ...options });
}

async function failing(promise: Promise<unknown>, reason: RemoteReason): Promise<RemoteError> {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof RemoteError, `a RemoteError was expected, not ${error}`);
  assert.equal(error.reason, reason, error.message);
  assert.equal(error.cause, undefined);
  return error;
}

const body = z.object({ a: z.number() });

Deno.test("json() reads a good answer and many over one socket", async () => {
  const ports = new Set<number>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (_request, info) => {
      ports.add(info.remoteAddr.port);
      return Response.json({ a: ports.size, b: "ignored" });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const http = door(origin);
  for (let i = 0; i < 5; i++) assert.deepEqual(await http.json(`${origin}/x`, body), { a: 1 });
  await server.shutdown();
});

Deno.test("request() gives each status its reason", async () => {
  const reasons: [number, RemoteReason][] = [
    [400, "malformed"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not_found"],
    [408, "unavailable"],
    [410, "malformed"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [502, "unavailable"],
    [555, "unavailable"],
  ];
  await withServer(
    (request) =>
      new Response("plain text", { status: Number(new URL(request.url).pathname.slice(1)) }),
    async (origin) => {
      for (const [status, reason] of reasons) {
        const error = await failing(door(origin).request(`${origin}/${status}`), reason);
        assert.equal(error.details.status, status);
        assert.match(error.message, /plain text/);
      }
      const gone = door(origin).request(`${origin}/410`, { reasons: { 410: "unauthorized" } });
      await failing(gone, "unauthorized");
      const kept = await door(origin).request(`${origin}/404`, { accept: [404] });
      assert.equal(kept.status, 404);
      await kept.cancel();
    },
  );
});

Deno.test("a refusal carries the wait and the missing scopes", async () => {
  await withServer(
    (request) =>
      new URL(request.url).pathname === "/wait"
        ? new Response("slow down", { status: 429, headers: { "retry-after": "7" } })
        : Response.json({
          type: "error",
          error: {
            message: "Your credentials lack one or more required privilege scopes.",
            detail: { required: ["read:user:bitbucket", "<b>"], granted: [] },
          },
        }, { status: 403 }),
    async (origin) => {
      const wait = await failing(door(origin).request(`${origin}/wait`), "rate_limited");
      assert.equal(wait.details.retryAfterMs, 7_000);
      const scopes = await failing(door(origin).request(`${origin}/scopes`), "forbidden");
      assert.deepEqual(scopes.details.requiredScopes, ["read:user:bitbucket"]);
    },
  );
});

Deno.test("json() calls HTML, broken, empty, oversized and unexpected bodies malformed", async () => {
  const bodies: [string, string, RegExp][] = [
    ["<!doctype html><p>Log in", "text/html", /HTML instead of JSON/],
    ['{"a":', "application/json", /broken JSON/],
    ["", "application/json", /empty/],
    ['{"a":"text"}', "application/json", /unexpected a/],
    [`{"a":1,"b":"${"x".repeat(2000)}"}`, "application/json", /larger than 1000 bytes/],
  ];
  await withServer(
    (request) => {
      const [text, type] = bodies[Number(new URL(request.url).pathname.slice(1))]!;
      return new Response(text, { headers: { "content-type": type } });
    },
    async (origin) => {
      for (const [index, [, , expected]] of bodies.entries()) {
        const call = door(origin).json(`${origin}/${index}`, body, { maxBytes: 1_000 });
        assert.match((await failing(call, "malformed")).message, expected);
      }
    },
  );
});

Deno.test("request() asks the given origins only, and no address that carries a user", async () => {
  const sent: string[] = [];
  const http = createHttp({
    origins: ["https://api.example.test/2.0"],
    fetch: (input) => {
      sent.push(String(input));
      return Promise.resolve(new Response(null, { status: 204 }));
    },
  });
  for (
    const url of [
      "https://evil.test/",
      "http://api.example.test/",
      "https://api.example.test:8443/",
      "https://api.example.test.evil.test/",
      "https://user:secret@api.example.test/",
      "no address",
    ]
  ) {
    const error = await failing(http.request(url), "malformed");
    assert.doesNotMatch(error.message, /secret/);
  }
  assert.deepEqual(sent, []);
  await (await http.request("https://api.example.test/x")).cancel();
  assert.deepEqual(sent, ["https://api.example.test/x"]);
});

Deno.test("request() follows a redirect on its origin and none away from it", async () => {
  await withServer(() => new Response("caught"), (elsewhere) =>
    withServer(
      (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/old") {
          return new Response(null, { status: 301, headers: { location: "/new" } });
        }
        if (pathname === "/away") {
          return Response.redirect(`${elsewhere}/`, 302);
        }
        if (pathname === "/round") {
          return new Response(null, { status: 302, headers: { location: "/round" } });
        }
        return Response.json({ a: 1 });
      },
      async (origin) => {
        const answer = await door(origin).request(`${origin}/old`);
        assert.equal(answer.url, `${origin}/new`);
        await answer.cancel();
        const both = createHttp({ origins: [origin, elsewhere] });
        await failing(both.request(`${origin}/away`), "malformed");
        await failing(door(origin).request(`${origin}/round`), "malformed");
        await failing(door(origin).request(`${origin}/old`, { method: "POST" }), "malformed");
      },
    ));
});

Deno.test("a server that is silent, stalls, trickles or is not there is unavailable", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  await withServer(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/silent") await held;
      let ticks: ReturnType<typeof setInterval>;
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode("{"));
            if (pathname !== "/trickle") return;
            ticks = setInterval(() => controller.enqueue(new TextEncoder().encode(" ")), 20);
          },
          cancel: () => clearInterval(ticks),
        }),
      );
    },
    async (origin) => {
      const silent = await failing(
        door(origin, { timeoutMs: 100 }).request(`${origin}/silent`),
        "unavailable",
      );
      assert.match(silent.message, /no answer within 0.1 s/);
      const stalled = await failing(
        door(origin, { idleMs: 100 }).json(`${origin}/stalls`, body),
        "unavailable",
      );
      assert.match(stalled.message, /no byte for 0.1 s/);
      const call = door(origin).json(`${origin}/trickle`, body, { bodyMs: 200 });
      assert.match((await failing(call, "unavailable")).message, /not finished within 0.2 s/);
      release();
    },
  );
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const origin = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const refused = await failing(door(origin).request(`${origin}/`), "unavailable");
  assert.match(refused.message, /connection refused/);
});

Deno.test("a body that breaks off is unavailable", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const origin = `http://127.0.0.1:${listener.addr.port}`;
  const served = (async () => {
    const socket = await listener.accept();
    await socket.read(new Uint8Array(4096));
    await socket.write(
      new TextEncoder().encode('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a":'),
    );
    socket.close();
  })();
  await failing(door(origin).json(`${origin}/`, body), "unavailable");
  await served;
  listener.close();
});

Deno.test("cancelling closes the socket and rejects with the signal's reason", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const origin = `http://127.0.0.1:${listener.addr.port}`;
  const why = new Error("enough");
  for (const start of ["", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"]) {
    const stop = new AbortController();
    const call = door(origin).json(`${origin}/`, body, { signal: stop.signal });
    const rejected = assert.rejects(call, (error) => error === why);
    const socket = await listener.accept();
    const buffer = new Uint8Array(4096);
    await socket.read(buffer);
    await socket.write(new TextEncoder().encode(start));
    stop.abort(why);
    await rejected;
    assert.equal(await socket.read(buffer).catch(() => null), null);
    socket.close();
  }
  listener.close();
  const late = AbortSignal.abort(why);
  await assert.rejects(door(origin).request(origin, { signal: late }), (error) => error === why);
});

Deno.test("no error holds the credential, even when the server echoes it", async () => {
  const secret = "made" + "-up-" + "t0ken";
  const authorizations = [`Bearer ${secret}`, basicAuth("ana@example.test", secret)];
  await withServer(
    (request) => {
      const value = request.headers.get("authorization") ?? "";
      return Response.json({ error: { message: `bad ${value}, that is ${secret}\n<x>` } }, {
        status: 401,
      });
    },
    async (origin) => {
      for (const authorization of authorizations) {
        const call = door(origin).request(`${origin}/`, { headers: { authorization } });
        const error = await failing(call, "unauthorized");
        assert.doesNotMatch(error.message, new RegExp(`${secret}|${authorization.slice(7)}|\n`));
      }
      const broken = door(origin).request(origin, { headers: { authorization: `a\n${secret}` } });
      assert.doesNotMatch((await failing(broken, "malformed")).message, new RegExp(secret));
    },
  );
});

Deno.test("a caller's objection in onAnswer ends the call and its socket", async () => {
  await withServer(() => Response.json({ a: 1 }), async (origin) => {
    const seen: number[] = [];
    const call = door(origin).request(origin, {
      onAnswer: (status) => {
        seen.push(status);
        throw new RemoteError("rate_limited", "The budget is spent");
      },
    });
    await failing(call, "rate_limited");
    assert.deepEqual(seen, [200]);
  });
});
