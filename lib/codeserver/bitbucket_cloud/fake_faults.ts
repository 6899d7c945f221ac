/** Faults as data: which request goes wrong, how often, and in what way. */

import { errorBody } from "@/lib/codeserver/bitbucket_cloud/fake_shapes.ts";

/** One way to go wrong. The first fault that fits a request and is not used up is taken. */
export interface FakeFault {
  /** Method and path with `*` for anything: `GET /2.0/repositories/*`, `POST /demo/*`. */
  on: string;
  /** How many requests suffer; all unless told. */
  times?: number;
  /** How many fitting requests pass before the first suffers. */
  skip?: number;
  /** Answered at once, without asking the service; the body is the recorded one unless told. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Waits before anything else happens. */
  delayMs?: number;
  kind?:
    /** No answer for as long as the server runs. */
    | "hang"
    /** The connection breaks off: with half of the body sent, or all of it missing. */
    | "break"
    | "reset"
    /** The true body, cut in half and ended in good order. */
    | "truncate"
    /** The true body, byte by byte, one each 50 ms. */
    | "slow"
    /** The true body with one byte in its middle changed. */
    | "corrupt"
    | "html"
    | "broken_json"
    | "empty"
    /** The true page, whose `next` leads to another host, or to itself. */
    | "foreign_next"
    | "own_next"
    /** The true page, each item twice. */
    | "twice";
}

const STATUS_BODIES: Record<number, unknown> = {
  401: errorBody("Token is invalid, expired, or not supported for this endpoint."),
  403: errorBody("Forbidden"),
  404: errorBody("Resource not found", { detail: "There is no API hosted at this URL" }),
  410: errorBody("CHANGE-2770 - Functionality has been deprecated", {
    detail: "Please read the changelog entry for more details.",
    data: {
      announcement_url: "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770",
    },
  }),
};
const RATE_LIMITED = "Rate limit for this resource has been exceeded";
const HTML =
  "<!DOCTYPE html>\n<html><head><title>Bitbucket</title></head><body>Log in</body></html>";

/** The faults of one server, which may be added to and taken away while it runs. */
export class FakeFaults {
  #faults: { fault: FakeFault; pattern: RegExp; seen: number; suffered: number }[] = [];

  constructor(faults: readonly FakeFault[] = []) {
    for (const fault of faults) this.add(fault);
  }

  add(fault: FakeFault): void {
    this.#faults.push({ fault, pattern: patternOf(fault.on), seen: 0, suffered: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that this request suffers, counted as such. */
  take(method: string, path: string): FakeFault | null {
    for (const entry of this.#faults) {
      if (!entry.pattern.test(`${method} ${path}`)) continue;
      if (entry.seen++ < (entry.fault.skip ?? 0)) continue;
      if (entry.suffered >= (entry.fault.times ?? Infinity)) continue;
      entry.suffered++;
      return entry.fault;
    }
    return null;
  }
}

/** `GET /2.0/repositories/*` as an expression. */
export function patternOf(on: string): RegExp {
  return new RegExp(`^${on.split("*").map((part) => RegExp.escape(part)).join(".*")}$`);
}

/** Answers in place of the service, or spoils what `serve` answers to `asked`. `stop` ends a hang. */
export async function suffer(
  fault: FakeFault,
  asked: string,
  serve: () => Promise<Response>,
  stop: AbortSignal,
): Promise<Response> {
  if (fault.delayMs !== undefined) await rest(fault.delayMs, stop);
  if (fault.kind === "hang") {
    await rest(null, stop);
    return new Response(null, { status: 503 });
  }
  if (fault.kind === "html" || fault.kind === "broken_json" || fault.kind === "empty") {
    const html = fault.kind === "html";
    return new Response(html ? HTML : fault.kind === "empty" ? "" : '{"values": [', {
      status: fault.status ?? 200,
      headers: { "content-type": html ? "text/html" : "application/json", ...fault.headers },
    });
  }
  if (fault.kind === "reset") return spoiled(new Response(""), () => broken(new Uint8Array()));
  if (fault.status !== undefined) return refusalOf(fault, fault.status);
  const answer = await serve();
  switch (fault.kind) {
    case undefined:
      for (const [name, value] of Object.entries(fault.headers ?? {})) {
        answer.headers.set(name, value);
      }
      return answer;
    case "foreign_next":
    case "own_next":
    case "twice":
      return await edited(answer, fault.kind, asked);
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  switch (fault.kind) {
    case "break":
      return spoiled(answer, () => broken(bytes.subarray(0, bytes.length / 2)));
    case "truncate":
      return spoiled(answer, () => bytes.slice(0, bytes.length / 2));
    case "corrupt":
      bytes[Math.floor(bytes.length / 2)]! ^= 0x55;
      return spoiled(answer, () => bytes);
    case "slow":
      return spoiled(answer, () => trickle(bytes, stop));
  }
}

function refusalOf(fault: FakeFault, status: number): Response {
  const recorded = STATUS_BODIES[status];
  const body = fault.body ??
    (status === 429
      ? RATE_LIMITED
      : recorded !== undefined
      ? JSON.stringify(recorded)
      : status >= 500
      ? HTML
      : "");
  const type = body.startsWith("{")
    ? "application/json"
    : body === HTML
    ? "text/html"
    : "text/plain";
  return new Response([204, 304].includes(status) ? null : body, {
    status,
    headers: { "content-type": type, ...fault.headers },
  });
}

async function edited(
  answer: Response,
  kind: "foreign_next" | "own_next" | "twice",
  asked: string,
): Promise<Response> {
  const body = await answer.json();
  if (kind === "twice") body.values = body.values.flatMap((item: unknown) => [item, item]);
  else if (kind === "own_next") body.next = asked;
  else body.next = "https://foreign.example.test/2.0/repositories/demo?page=2";
  return spoiled(answer, () => JSON.stringify(body));
}

function spoiled(answer: Response, body: () => BodyInit): Response {
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(body(), { status: answer.status, headers });
}

function broken(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (bytes.length > 0) {
        controller.enqueue(bytes);
        bytes = new Uint8Array();
      } else {
        // Deno prints what ends a stream, so this says what a reader of the output should know.
        controller.error("The stand-in breaks off a connection, as it was told to");
      }
    },
  }, { highWaterMark: 0 });
}

function trickle(bytes: Uint8Array<ArrayBuffer>, stop: AbortSignal): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await rest(50, stop);
      if (at >= bytes.length || stop.aborted) controller.close();
      else controller.enqueue(bytes.slice(at, ++at));
    },
  }, { highWaterMark: 0 });
}

/** Until the time is over or the server closes; null waits for that alone. */
export function rest(ms: number | null, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = ms === null ? undefined : setTimeout(done, ms);
    stop.addEventListener("abort", done, { once: true });
  });
}
