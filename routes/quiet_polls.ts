/** Polls that bring no news, nearly every request of a day: answered from memory, ahead of the router. */

import type { Hono } from "hono";
import { recallCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { type Changes, FAST_SECONDS, isPresent, type News, tagOf, takesPacked } from "./live.ts";
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

/** The polls of the servers' pages, whose news are few: they are left to the router. */
const OF_SERVERS = /^\/servers\/(?:(?!new\/)[\w-]+\/)?status$/;

/**
 * A page's poll of a session that the database would confirm: 304 where its tag is the present one
 * still, and the list's news where others were told the same. Nothing of it is logged, so that it
 * needs no id of its own, and one 304 does for all.
 */
export function quietPolls(deps: RouteDeps, changes: Changes, news: News): QuickAnswer {
  const path = "/repositories/refresh";
  const overTls = deps.publicUrl.startsWith("https:");
  const headers: [string, string][] = [...commonHeaders(overTls), ["Cache-Control", "no-store"]];
  let latest: { tag: string; answer: Response } | null = null;
  const notModified = (tag: string) => {
    if (latest?.tag !== tag) {
      const all: [string, string][] = [...headers, ["HX-PTag", tag]];
      latest = { tag, answer: new Response(null, { status: 304, headers: all }) };
    }
    return latest.answer;
  };

  return (request) => {
    const { url } = request;
    const start = pathStart(url);
    const isOfList = url.startsWith(path, start) &&
      ["?", ""].includes(url.charAt(start + path.length));
    const isOfServers = !isOfList && url.startsWith("/servers/", start) &&
      OF_SERVERS.test(url.slice(start));
    if (!isOfList && !isOfServers) return null;
    const tag = request.headers.get("HX-PTag");
    const token = tag === null ? null : recallCookie(request, "session", overTls);
    if (tag === null || token === null) return null;
    const change = changes.recall();
    const user = deps.store.sessions.recallUser(token);
    if (change === null || user === null || user.mustEnrol) return null;
    const now = deps.clock.now();
    if (isPresent(tag, change, now)) return notModified(tag);
    if (isOfServers) return null;
    const search = url.slice(start + path.length);
    const told = news.recall(tagOf(change, FAST_SECONDS, now), search, user.role === "admin");
    if (told === null || !takesPacked(request.headers)) return null;
    if (told.tag === tag) return notModified(tag);
    return new Response(told.packed, {
      headers: [
        ...headers,
        ["HX-PTag", told.tag],
        ["Content-Type", "text/html; charset=UTF-8"],
        ["Content-Encoding", "gzip"],
      ],
    });
  };
}
