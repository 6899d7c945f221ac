/** Real repositories over real `git http-backend`, with the faults that a test asks for. */

/** What goes wrong, and how often. */
export interface GitFault {
  on: "info/refs" | "git-upload-pack";
  /** Which of these requests, counted from 0; absent: all. */
  request?: number;
  /** Answers so, instead of asking git. */
  answer?: () => Response;
  /** Changes git's answer; the whole of it at once. */
  change?: (body: Uint8Array) => Uint8Array;
  /** Sends so many bytes of git's answer, then nothing more. */
  hangAfter?: number;
}

export interface FakeGitOptions {
  /** Folders of repositories by the path they are served under. */
  repositories: Readonly<Record<string, string>>;
  /** Without them anybody may read. */
  credentials?: { user: string; password: string };
  /** What git is told of the client's wish: 2 as asked for, else an older protocol. */
  protocol?: 0 | 1 | 2;
  faults?: readonly GitFault[];
}

/** A running server; `close` is owed. */
export interface FakeGitServer extends AsyncDisposable {
  /** With a trailing slash; a repository's path follows. */
  url: string;
  /** Method, path and protocol header of each request so far. */
  requests: { method: string; path: string; protocol: string | null; body: string }[];
  close(): Promise<void>;
}

/** Serves on a free port of the loopback. */
export function fakeGitServer(options: FakeGitOptions): FakeGitServer {
  const requests: FakeGitServer["requests"] = [];
  const seen = new Map<string, number>();
  const stop = new AbortController();

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    requests.push({
      method: request.method,
      path: url.pathname + url.search,
      protocol: request.headers.get("git-protocol"),
      body: new TextDecoder().decode(body),
    });
    const [, name, action] = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack)$/
      .exec(url.pathname) ?? [];
    const dir = name === undefined ? undefined : options.repositories[name];
    if (dir === undefined || action === undefined) return new Response("none", { status: 404 });
    const count = seen.get(action) ?? 0;
    seen.set(action, count + 1);
    const fault = options.faults?.find((one) =>
      one.on === action && (one.request === undefined || one.request === count)
    );
    if (fault?.answer !== undefined) return fault.answer();
    if (options.credentials !== undefined) {
      const { user, password } = options.credentials;
      if (request.headers.get("authorization") !== `Basic ${btoa(`${user}:${password}`)}`) {
        return new Response("who are you", {
          status: 401,
          headers: { "www-authenticate": 'Basic realm="git"' },
        });
      }
    }
    const response = await runBackend(dir, action, url.search.slice(1), request, body, options);
    if (fault === undefined) return response;
    const whole = new Uint8Array(await response.arrayBuffer());
    if (fault.change !== undefined) {
      return new Response(fault.change(whole) as Uint8Array<ArrayBuffer>, response);
    }
    return new Response(hanging(whole.slice(0, fault.hangAfter ?? 0), stop.signal), response);
  }

  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, signal: stop.signal },
    handle,
  );
  async function close(): Promise<void> {
    stop.abort();
    await server.finished;
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function runBackend(
  dir: string,
  action: string,
  query: string,
  request: Request,
  body: Uint8Array,
  options: FakeGitOptions,
): Promise<Response> {
  const protocol = options.protocol ?? 2;
  const asked = request.headers.get("git-protocol");
  const child = new Deno.Command("git", {
    args: ["http-backend"],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: "/nonexistent",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      GIT_PROJECT_ROOT: dir,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${action}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers.get("content-type") ?? "",
      CONTENT_LENGTH: String(body.length),
      ...(protocol === 2 && asked !== null ? { GIT_PROTOCOL: asked } : {}),
      ...(protocol === 1 ? { GIT_PROTOCOL: "version=1" } : {}),
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  // A client that went away closes the pipe under us.
  writer.write(body).then(() => writer.close()).catch(() => {});
  const reader = child.stdout.getReader();
  let head: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let split = -1;
  while (split < 0) {
    const { done, value } = await reader.read();
    if (done) break;
    const joined = new Uint8Array(head.length + value.length);
    joined.set(head);
    joined.set(value, head.length);
    head = joined;
    split = latin1(head).indexOf("\r\n\r\n");
  }
  const headers = new Headers();
  let status = 200;
  for (const line of latin1(head.subarray(0, Math.max(0, split))).split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (name === "Status") status = parseInt(line.slice(colon + 1), 10);
    else if (colon > 0) headers.set(name, line.slice(colon + 1).trim());
  }
  const rest = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(head.slice(split + 4)),
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      await child.status;
      controller.close();
    },
    async cancel() {
      await reader.cancel();
      try {
        child.kill();
      } catch {
        // It has ended by itself.
      }
      await child.status;
    },
  });
  return new Response(rest, { status, headers });
}

function hanging(start: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(start);
      signal.addEventListener("abort", () => {
        try {
          controller.close();
        } catch {
          // The client closed it first.
        }
      });
    },
  });
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
