/** Who calls the JSON API: an API key, or a signed-in person from a page of ours; and how often. */

import type { Context, MiddlewareHandler } from "hono";
import { addressOf } from "../address.ts";
import { readCookie } from "../cookies.ts";
import type { AppEnv, RouteDeps } from "../deps.ts";
import { isOwnPage } from "../middleware.ts";
import { ApiProblem } from "./problems.ts";

/** Who calls, as rows and limits know them. */
export interface Caller {
  /** For the audit log and the triage: an e-mail, or "API key NAME". */
  who: string;
  role: "admin" | "viewer";
  /** Counts calls and scopes idempotency keys. */
  subject: string;
}

/** Hono's type of a request that `identify` let pass. */
export type ApiEnv = { Variables: AppEnv["Variables"] & { caller: Caller } };

/** Ten a second over a whole minute: enough to page through 100,000 rows in one. */
export const CALLS_PER_MINUTE = 600;

/** Lets known callers pass, changes by cookie only from our own pages, and all within their limit. */
export function identify(deps: RouteDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const caller = await byKey(c, deps) ?? await bySession(c, deps);
    if (caller === null) {
      throw new ApiProblem(401, "Send an API key as Authorization: Bearer KEY, or sign in.", {
        headers: { "WWW-Authenticate": 'Bearer realm="Sluice"' },
      });
    }
    c.set("caller", caller);
    await limit(c, deps, caller);
    await next();
  };
}

/** Writes a line of the audit log for this request. */
export async function audit(
  c: Context<ApiEnv>,
  deps: RouteDeps,
  action: string,
  target: string | null,
  detail: string | null = null,
): Promise<void> {
  const { who } = c.get("caller");
  await deps.store.audit.add({ who, action, target, detail, address: addressOf(c) });
}

async function byKey(c: Context<ApiEnv>, deps: RouteDeps): Promise<Caller | null> {
  const header = c.req.header("Authorization");
  if (header === undefined) return null;
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const found = key === undefined ? null : await deps.store.apiKeys.use(key);
  if (found === null) {
    throw new ApiProblem(401, "This API key is unknown, over or revoked.", {
      headers: { "WWW-Authenticate": 'Bearer realm="Sluice", error="invalid_token"' },
    });
  }
  return { who: `API key ${found.name}`, role: found.role, subject: `key:${found.id}` };
}

async function bySession(c: Context<ApiEnv>, deps: RouteDeps): Promise<Caller | null> {
  const token = readCookie(c, "session");
  const user = token ? await deps.store.sessions.findUser(token) : null;
  if (user === null) return null;
  if (!["GET", "HEAD"].includes(c.req.method) && !isOwnPage(c, deps.publicUrl)) {
    throw new ApiProblem(403, "A change by cookie must come from a page of this Sluice.");
  }
  if (user.mustEnrol) {
    throw new ApiProblem(403, "Turn on one-time passwords first, at /account/second-factor.");
  }
  return { who: user.email, role: user.role, subject: `user:${user.id}` };
}

async function limit(c: Context<ApiEnv>, deps: RouteDeps, caller: Caller): Promise<void> {
  const { calls, resetsAt } = await deps.store.apiCalls.count(caller.subject);
  const left = Math.max(0, CALLS_PER_MINUTE - calls);
  const seconds = Math.max(1, Math.ceil((resetsAt - deps.clock.now()) / 1000));
  // The draft of the IETF (httpapi-ratelimit-headers), and the names that scripts look for today.
  c.header("RateLimit-Policy", `"minute";q=${CALLS_PER_MINUTE};w=60`);
  c.header("RateLimit", `"minute";r=${left};t=${seconds}`);
  c.header("X-RateLimit-Limit", String(CALLS_PER_MINUTE));
  c.header("X-RateLimit-Remaining", String(left));
  c.header("X-RateLimit-Reset", String(seconds));
  if (calls > CALLS_PER_MINUTE) {
    throw new ApiProblem(429, `More than ${CALLS_PER_MINUTE} calls this minute.`, {
      type: "rate-limited",
      headers: { "Retry-After": String(seconds) },
    });
  }
}
