/** A stand-in served over loopback: counts what reaches it, and holds or answers what a test wants. */

/** One request that arrived, in order. */
export interface Arrival {
  method: string;
  /** Path and query as sent. */
  path: string;
  kind: "rest" | "git" | "other";
  status: number | null;
}

export interface Served {
  /** `http://127.0.0.1:port`. */
  url: string;
  arrivals: Arrival[];
  count(kind: Arrival["kind"]): number;
  /** Asked before the stand-in: a Response answers in its place, null lets the request through. */
  intercept: (request: Request, path: string) => Promise<Response | null> | Response | null;
  stop(): Promise<void>;
}

/** Serves `handler` on a free port. Paths under `/2.0/` are REST, those of smart HTTP git. */
export function serve(handler: (request: Request) => Response | Promise<Response>): Served {
  const stop = new AbortController();
  const arrivals: Arrival[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen() {} },
    async (request) => {
      const url = new URL(request.url);
      const path = url.pathname + url.search;
      const arrival: Arrival = { method: request.method, path, kind: kindOf(path), status: null };
      arrivals.push(arrival);
      const response = await served.intercept(request, path) ?? await handler(request);
      arrival.status = response.status;
      return response;
    },
  );
  const served: Served = {
    url: `http://127.0.0.1:${server.addr.port}`,
    arrivals,
    count: (kind) => arrivals.filter((one) => one.kind === kind).length,
    intercept: () => null,
    stop: async () => {
      stop.abort();
      await server.finished;
    },
  };
  return served;
}

/** A gate that requests wait at: tells when the first has come, and lets all through when opened. */
export function createGate(): { arrived: Promise<void>; pass(): Promise<void>; open(): void } {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    arrived: arrived.promise,
    pass: () => {
      arrived.resolve();
      return opened.promise;
    },
    open: opened.resolve,
  };
}

function kindOf(path: string): Arrival["kind"] {
  if (path.startsWith("/2.0/")) return "rest";
  return /\/(info\/refs\?|git-upload-pack$)/.test(path) ? "git" : "other";
}
