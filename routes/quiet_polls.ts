/** Polls that bring no news, nearly every request of a day: answered from memory, ahead of the router. */

import type { Hono } from "hono";
import { recallCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { type Changes, isPresent } from "./live.ts";
import { commonHeaders } from "./middleware.ts";

/** An answer that needs no database and no body made anew; null leaves the request to the router. */
export type QuickAnswer = (request: Request) => Response | null;

/** Lets each of `quick` answer first, whichever way the app is asked. */
export function answerFirst(app: Hono<AppEnv>, quick: readonly QuickAnswer[]): void {
  const { fetch } = app;
  app.fetch = (request, ...rest) => {
    if (request.method === "GET") {
      for (const one of quick) {
        const answer = one(request);
        if (answer !== null) return answer;
      }
    }
    return fetch(request, ...rest);
  };
}

/** Where a request's path begins in its address: behind `http://` or `https://` and the host. */
export function pathStart(url: string): number {
  return url.indexOf("/", "https://".length);
}

/**
 * The list's poll whose tag is the present one still, of a session that the database would confirm:
 * 304. Nothing of it is logged, so that it needs no id of its own, and one answer does for all.
 */
export function quietPolls(deps: RouteDeps, changes: Changes): QuickAnswer {
  const path = "/repositories/refresh";
  const overTls = deps.publicUrl.startsWith("https:");
  const headers = commonHeaders(overTls);
  let latest: { tag: string; answer: Response } | null = null;

  return (request) => {
    const { url } = request;
    const start = pathStart(url);
    if (!url.startsWith(path, start)) return null;
    const end = url.charAt(start + path.length);
    if (end !== "?" && end !== "") return null;
    const tag = request.headers.get("HX-PTag");
    const token = tag === null ? null : recallCookie(request, "session", overTls);
    if (tag === null || token === null) return null;
    const change = changes.recall();
    if (change === null || deps.store.sessions.recallUser(token) === null) return null;
    if (!isPresent(tag, change, deps.clock.now())) return null;
    if (latest?.tag !== tag) latest = { tag, answer: notModified(headers, tag) };
    return latest.answer;
  };
}

function notModified(headers: readonly [string, string][], tag: string): Response {
  return new Response(null, {
    status: 304,
    headers: [...headers, ["HX-PTag", tag], ["Cache-Control", "no-store"]],
  });
}
