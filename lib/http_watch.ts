/** Time limits and cancelling of one request, and what its failure may say. */

import { RemoteError } from "@/lib/errors.ts";

/** Holds the timers of one request; `close` ends them and the socket. */
export interface Watch {
  signal: AbortSignal;
  /** Starts the one running limit anew; crossing it ends the request with `why`. */
  limit(ms: number, why: string): void;
  /** Stops the running limit. */
  rest(): void;
  /** A second limit, which `rest` does not stop. */
  deadline(ms: number): void;
  close(): void;
  /** What to throw for `error`: never the platform's own text, which quotes addresses and headers. */
  failure(error: unknown, host: string): unknown;
}

/** Nobody reads why: `failure` has the last word. An error for each request would cost its trace. */
const CLOSED = new Error("The request is over");

/** Watches one request on behalf of the caller's signal. */
export function createWatch(outer: AbortSignal | undefined): Watch {
  const inner = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: ReturnType<typeof setTimeout> | undefined;
  let expired: string | null = null;
  const onAbort = () => inner.abort();
  outer?.addEventListener("abort", onAbort, { once: true });

  function expire(why: string) {
    expired = why;
    inner.abort();
  }

  return {
    signal: inner.signal,
    limit(ms, why) {
      clearTimeout(timer);
      timer = setTimeout(() => expire(why), ms);
    },
    rest: () => clearTimeout(timer),
    deadline(ms) {
      clearTimeout(last);
      last = setTimeout(() => expire(`not finished within ${seconds(ms)}`), ms);
    },
    close() {
      clearTimeout(timer);
      clearTimeout(last);
      outer?.removeEventListener("abort", onAbort);
      inner.abort(CLOSED);
    },
    failure(error, host) {
      if (error instanceof RemoteError) return error;
      if (outer?.aborted) return outer.reason;
      return new RemoteError(
        "unavailable",
        `Cannot reach ${host}: ${expired ?? networkKind(error)}`,
      );
    },
  };
}

/** Milliseconds as a person reads them. */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function networkKind(error: unknown): string {
  let text = "";
  for (let at: unknown = error; at instanceof Error; at = at.cause) text += ` ${at.message}`;
  if (/dns|lookup|resolve|not known/i.test(text)) return "its name is not known";
  if (/refused/i.test(text)) return "connection refused";
  if (/certificate|tls|handshake/i.test(text)) return "its certificate was not accepted";
  return "the connection broke off";
}
