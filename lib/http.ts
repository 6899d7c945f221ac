/** The one door to `fetch`: pinned origins, time limits, errors with a reason, no secret in them. */

import type { ZodType } from "zod";
import { type Clock, systemClock } from "@/lib/clock.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { refusal } from "@/lib/http_refusal.ts";
import { createWatch, seconds, type Watch } from "@/lib/http_watch.ts";

/** How a door is made. */
export interface HttpOptions {
  /** The only origins that may be asked, as `https://api.bitbucket.org`; a path is ignored. */
  origins: readonly string[];
  fetch?: typeof fetch;
  /** Until the headers are there (30 s). */
  timeoutMs?: number;
  /** Between two pieces of the body (30 s). */
  idleMs?: number;
  clock?: Clock;
}

/** One request. */
export interface HttpInit {
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal | undefined;
  /** Statuses beside 2xx that come back as an answer instead of an error. */
  accept?: readonly number[];
  /** What a status means to this caller, before the general table. */
  reasons?: Readonly<Record<number, RemoteReason>>;
  /** Told of the status and headers of every answer, errors and redirects included. */
  onAnswer?: (status: number, headers: Headers) => void | Promise<void>;
}

/** What `json` takes besides. */
export interface JsonInit extends HttpInit {
  /** A longer body is refused (8 MB). */
  maxBytes?: number;
  /** From the headers to the end of the body, so that a trickle ends too (60 s). */
  bodyMs?: number;
}

/** An answer whose body is read once, or dropped by `cancel`: one of the two is owed. */
export interface HttpAnswer {
  /** After redirects, which stay on one origin. */
  url: string;
  status: number;
  headers: Headers;
  /** The body as it arrives. @throws RemoteError `unavailable` when it stops or breaks off. */
  chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** The whole body. @throws RemoteError `malformed` beyond `maxBytes`, else as `chunks`. */
  bytes(maxBytes: number, withinMs?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Closes the socket of an unread body; harmless afterwards. */
  cancel(): Promise<void>;
}

/**
 * A door to the given origins. Both calls throw `RemoteError` only, except that a call cancelled by
 * its own signal rejects with that signal's reason.
 */
export interface Http {
  request(url: string | URL, init?: HttpInit): Promise<HttpAnswer>;
  json<T>(url: string | URL, schema: ZodType<T>, init?: JsonInit): Promise<T>;
}

/** How long a connection for git's content may be silent: a server may prepare a large pack. */
export const GIT_SILENCE_SECONDS = 60;

const DEFAULT_LIMIT_MS = 30_000;
const DEFAULT_JSON_BYTES = 8 * 1024 * 1024;
const DEFAULT_BODY_MS = 60_000;
const REFUSAL_BYTES = 64 * 1024;
const REFUSAL_BODY_MS = 5_000;
const MAX_REDIRECTS = 3;

/** Opens the door; nothing is sent before the first request. */
export function createHttp(options: HttpOptions): Http {
  const origins = new Set(options.origins.map((origin) => new URL(origin).origin));
  const send = options.fetch ?? fetch;
  const timeoutMs = options.timeoutMs ?? DEFAULT_LIMIT_MS;
  const idleMs = options.idleMs ?? DEFAULT_LIMIT_MS;
  const clock = options.clock ?? systemClock;

  async function request(url: string | URL, init: HttpInit = {}): Promise<HttpAnswer> {
    let target = checkedUrl(url, origins);
    const headers = checkedHeaders(init);
    for (let hop = 0;; hop++) {
      const answer = await once(target, headers, init);
      await told(answer, init);
      if (answer.status >= 200 && answer.status < 300) return answer;
      if (init.accept?.includes(answer.status)) return answer;
      const location = redirectTarget(answer, target, init);
      if (location === null) throw await refused(answer, target, headers, init);
      await answer.cancel();
      if (hop === MAX_REDIRECTS || location.origin !== target.origin) {
        const why = hop === MAX_REDIRECTS ? "too many redirects" : "a redirect to another host";
        throw new RemoteError("malformed", `Cannot follow ${target.host}: ${why}`, {
          status: answer.status,
        });
      }
      target = location;
    }
  }

  async function once(target: URL, headers: Headers, init: HttpInit): Promise<HttpAnswer> {
    init.signal?.throwIfAborted();
    const watch = createWatch(init.signal);
    watch.limit(timeoutMs, `no answer within ${seconds(timeoutMs)}`);
    try {
      const response = await send(target, {
        method: init.method ?? "GET",
        headers,
        redirect: "manual",
        signal: watch.signal,
        ...(init.body === undefined ? {} : { body: init.body }),
      });
      watch.rest();
      return answerOf(response, target, watch, idleMs);
    } catch (error) {
      const failure = watch.failure(error, target.host);
      watch.close();
      throw failure;
    }
  }

  async function refused(
    answer: HttpAnswer,
    target: URL,
    sent: Headers,
    init: HttpInit,
  ): Promise<RemoteError> {
    // The status alone says enough when its body is late, broken or endless.
    const body = await answer.bytes(REFUSAL_BYTES, REFUSAL_BODY_MS).catch(() => new Uint8Array());
    init.signal?.throwIfAborted();
    return refusal({
      host: target.host,
      status: answer.status,
      headers: answer.headers,
      body: new TextDecoder().decode(body),
      sent,
      reasons: init.reasons ?? {},
      nowMs: clock.now(),
    });
  }

  async function json<T>(url: string | URL, schema: ZodType<T>, init: JsonInit = {}): Promise<T> {
    const headers = { accept: "application/json", ...init.headers };
    const answer = await request(url, { ...init, headers });
    const host = new URL(answer.url).host;
    const bytes = await answer.bytes(
      init.maxBytes ?? DEFAULT_JSON_BYTES,
      init.bodyMs ?? DEFAULT_BODY_MS,
    );
    const parsed = schema.safeParse(parseJson(bytes, answer, host));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") || "value";
    throw new RemoteError("malformed", `Cannot read the answer of ${host}: unexpected ${where}`, {
      status: answer.status,
    });
  }

  return { request, json };
}

/** `Basic` over UTF-8, which RFC 7617 allows and `btoa` alone cannot. */
export function basicAuth(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}

function checkedUrl(url: string | URL, origins: ReadonlySet<string>): URL {
  const target = URL.parse(String(url));
  if (target === null || !origins.has(target.origin)) {
    const allowed = [...origins].map((origin) => new URL(origin).host).join(" and ");
    throw new RemoteError(
      "malformed",
      `Cannot ask another host than ${allowed}: ${target?.host || "no address"}`,
    );
  }
  if (target.username !== "" || target.password !== "") {
    throw new RemoteError("malformed", `Cannot ask ${target.host}: the address carries a user`);
  }
  return target;
}

function checkedHeaders(init: HttpInit): Headers {
  try {
    return new Headers(init.headers);
  } catch {
    // The platform's own message may quote the value, which may be the credential.
    throw new RemoteError("malformed", "Cannot send the request: a header has a forbidden sign");
  }
}

/** A caller's objection, such as a spent budget, must not leave the socket open. */
async function told(answer: HttpAnswer, init: HttpInit): Promise<void> {
  try {
    await init.onAnswer?.(answer.status, answer.headers);
  } catch (error) {
    await answer.cancel();
    throw error;
  }
}

function answerOf(response: Response, target: URL, watch: Watch, idleMs: number): HttpAnswer {
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = response.body?.getReader();
    try {
      while (reader) {
        watch.limit(idleMs, `no byte for ${seconds(idleMs)}`);
        const { done, value } = await reader.read();
        watch.rest();
        if (done) break;
        yield value;
      }
    } catch (error) {
      throw watch.failure(error, target.host);
    } finally {
      watch.close();
      await reader?.cancel().catch(() => {});
    }
  }

  async function bytes(maxBytes: number, withinMs?: number): Promise<Uint8Array<ArrayBuffer>> {
    if (withinMs !== undefined) watch.deadline(withinMs);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const part of chunks()) {
      size += part.length;
      if (size > maxBytes) {
        const limit = `larger than ${maxBytes} bytes`;
        throw new RemoteError("malformed", `Cannot read the answer of ${target.host}: ${limit}`);
      }
      parts.push(part);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  async function cancel(): Promise<void> {
    watch.close();
    if (!response.body?.locked) await response.body?.cancel().catch(() => {});
  }

  return {
    url: target.href,
    status: response.status,
    headers: response.headers,
    chunks,
    bytes,
    cancel,
  };
}

/** Only what is safe to repeat; a redirect without a readable target is a refusal. */
function redirectTarget(answer: HttpAnswer, from: URL, init: HttpInit): URL | null {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return null;
  if ((init.method ?? "GET") !== "GET") return null;
  const location = answer.headers.get("location");
  return location === null ? null : URL.parse(location, from);
}

function parseJson(bytes: Uint8Array, answer: HttpAnswer, host: string): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it stays out.
    const html = /html/i.test(answer.headers.get("content-type") ?? "") || /^\s*</.test(text);
    const what = text === "" ? "it is empty" : html ? "HTML instead of JSON" : "broken JSON";
    throw new RemoteError("malformed", `Cannot read the answer of ${host}: ${what}`, {
      status: answer.status,
    });
  }
}
