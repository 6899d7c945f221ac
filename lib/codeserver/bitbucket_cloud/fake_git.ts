/** Serves real git repositories through `git http-backend`, a few processes at a time. */

/** How git answers beside the repository's own contents. */
export interface FakeGitHabits {
  /** 0 ignores the wish for version 2, as old servers do. */
  protocol?: 0 | 2;
  /** False ignores filters. */
  filter?: boolean;
}

/** Beyond it a request waits: a whole workspace may be fetched at once on two cores. */
const MOST_PROCESSES = 4;

let backendPath: Promise<string> | null = null;

/** One server's git; `close` ends what still runs. */
export class FakeGit {
  #running = 0;
  #waiting: (() => void)[] = [];
  #children = new Set<Deno.ChildProcess>();
  #emptyDir: Promise<string> | null = null;
  #closed = false;

  constructor(readonly habits: FakeGitHabits = {}) {}

  /** Answers `service` (`info/refs` or `git-upload-pack`) of one repository; null is an empty one. */
  async serve(request: Request, dir: string | null, service: string): Promise<Response> {
    backendPath ??= findBackend();
    const command = new Deno.Command(await backendPath, {
      clearEnv: true,
      env: this.#environment(request, dir ?? await this.#emptyRepository(), service),
      stdin: request.body ? "piped" : "null",
      stdout: "piped",
      stderr: "null",
    });
    await this.#enter();
    if (this.#closed) {
      this.#leave();
      return new Response("This server is closing", { status: 503 });
    }
    const child = command.spawn();
    this.#children.add(child);
    child.status.finally(() => {
      this.#children.delete(child);
      this.#leave();
    });
    if (request.body) {
      // A backend that has seen enough closes its input, and that is no failure.
      request.body.pipeTo(child.stdin).catch(() => {});
    }
    return await cgiResponse(child);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const children = [...this.#children];
    for (const child of children) kill(child);
    await Promise.all(children.map((child) => child.status));
    if (this.#emptyDir) await Deno.remove(await this.#emptyDir, { recursive: true });
    this.#emptyDir = null;
  }

  #emptyRepository(): Promise<string> {
    this.#emptyDir ??= (async () => {
      const dir = await Deno.makeTempDir({ prefix: "empty_repository_" });
      const args = ["init", "--quiet", "--bare", "--initial-branch=main", "--template=", dir];
      await new Deno.Command("git", { args }).output();
      return dir;
    })();
    return this.#emptyDir;
  }

  #environment(request: Request, dir: string, service: string): Record<string, string> {
    const url = new URL(request.url);
    const header = (name: string) => request.headers.get(name) ?? "";
    const config = {
      "safe.directory": "*",
      "uploadpack.allowFilter": String(this.habits.filter ?? true),
      "http.uploadpack": "true",
      "pack.threads": "1",
    };
    const environment: Record<string, string> = {
      PATH: "/usr/bin:/bin:/usr/local/bin",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: String(Object.keys(config).length),
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROJECT_ROOT: dir,
      PATH_INFO: `/${service}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      REMOTE_ADDR: "127.0.0.1",
    };
    for (const [index, [key, value]] of Object.entries(config).entries()) {
      environment[`GIT_CONFIG_KEY_${index}`] = key;
      environment[`GIT_CONFIG_VALUE_${index}`] = value;
    }
    const length = header("content-length");
    if (length !== "") environment.CONTENT_LENGTH = length;
    if ((this.habits.protocol ?? 2) === 2) environment.GIT_PROTOCOL = header("git-protocol");
    return environment;
  }

  async #enter(): Promise<void> {
    if (this.#running < MOST_PROCESSES) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes to the next in line, or becomes free. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}

/** Reads the headers that a CGI program writes before its body (RFC 3875 section 6). */
async function cgiResponse(child: Deno.ChildProcess): Promise<Response> {
  const reader = child.stdout.getReader();
  let start = new Uint8Array();
  let end = -1;
  while (end < 0) {
    const { done, value } = await reader.read();
    if (done) break;
    start = new Uint8Array(await new Blob([start, value]).arrayBuffer());
    end = indexOfBlankLine(start);
  }
  if (end < 0) return new Response("git http-backend said nothing", { status: 500 });
  const headers = new Headers();
  let status = 200;
  for (const line of new TextDecoder().decode(start.subarray(0, end)).split("\r\n")) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === "status") status = Number(value.slice(0, 3));
    else if (colon > 0) headers.append(name, value);
  }
  let first: Uint8Array | null = start.subarray(end + 4);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (first !== null && first.length > 0) {
        controller.enqueue(first);
        first = null;
        return;
      }
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      kill(child);
      await reader.cancel().catch(() => {});
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status, headers });
}

function indexOfBlankLine(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) {
      return at;
    }
  }
  return -1;
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function findBackend(): Promise<string> {
  const { stdout } = await new Deno.Command("git", { args: ["--exec-path"] }).output();
  return `${new TextDecoder().decode(stdout).trim()}/git-http-backend`;
}
