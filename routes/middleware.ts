/** What every request passes: id, headers, limits, the origin of changes, who is signed in. */

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { matchedRoutes } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import type { Frame } from "@/components/layout.tsx";
import { newId } from "@/lib/id.ts";
import { nameRequest } from "@/lib/tracing.ts";
import { findAddress } from "./address.ts";
import { readCookie, takeFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { accessOf, opensBeforeFactor } from "./permissions.ts";

/** A year, as browsers' own lists ask for. */
const HSTS = "max-age=31536000";

/** Forms and JSON of ours are far smaller. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Names each request, for the log and for the person who meets an error, and its other end. */
export function requestId(
  deps: Pick<RouteDeps, "publicUrl" | "trustedProxies">,
): MiddlewareHandler<AppEnv> {
  const overTls = deps.publicUrl.startsWith("https:");
  const headers = commonHeaders(overTls);
  return async (c, next) => {
    c.set("requestId", newId());
    c.set("address", findAddress(c, deps.trustedProxies));
    c.set("overTls", overTls);
    c.header("X-Request-Id", c.get("requestId"));
    for (const [name, value] of headers) c.header(name, value);
    await next();
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"));
    nameRequest(c.req.method, route?.path ?? "*");
  };
}

/** What every answer has; pages and embeds say more. */
export function commonHeaders(overTls: boolean): [name: string, value: string][] {
  const headers: [string, string][] = [
    ["X-Content-Type-Options", "nosniff"],
    ["Referrer-Policy", "no-referrer"],
    ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ];
  if (overTls) headers.push(["Strict-Transport-Security", HSTS]);
  return headers;
}

/** Headers of pages; embeds set their own. HSTS only where people come over TLS. */
export function pageHeaders(publicUrl: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      // Previews of what other portals embed.
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    strictTransportSecurity: publicUrl.startsWith("https:") ? HSTS : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  });
}

/** Private pages are kept by no cache. */
export function noStore(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
}

/** Refuses a body that is larger than any form or JSON of ours. */
export function limitBody(): MiddlewareHandler {
  return bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new HTTPException(413, {
        message: "That is more than 1 MB, and more than any form here.",
      });
    },
  });
}

/**
 * Changes come from our own pages only, whatever their body and method: same origin by the browser's
 * word, which scripts of other sites cannot forge. A request without either header is refused too.
 */
export function ownOrigin(publicUrl: string): MiddlewareHandler {
  return async (c, next) => {
    if (!["GET", "HEAD"].includes(c.req.method) && !isOwnPage(c, publicUrl)) {
      throw new HTTPException(403, {
        message:
          "A change must come from a page of this Sluice. If it did, PUBLIC_URL may not be " +
          "the address in your browser.",
      });
    }
    await next();
  };
}

/** Whether the browser says that a page of ours sends this. */
export function isOwnPage(c: Context, publicUrl: string): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = c.req.header("Origin");
  // Browsers send "null" from a page whose referrer policy tells nothing, ours among them.
  if (origin === undefined || origin === "null") return site === "same-origin";
  return origin === new URL(publicUrl).origin || origin === new URL(c.req.url).origin;
}

/** Lets signed-in people pass, each to what the table of permissions allows. */
export function signedIn(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const token = readCookie(c, "session");
    const user = token ? await deps.store.sessions.findUser(token) : null;
    if (user === null) return askToSignIn(c);
    c.set("user", user);
    if (user.mustEnrol && !opensBeforeFactor(c.req.path)) {
      return leadTo(c, "/account/second-factor");
    }
    if (accessOf(c.req.method, c.req.path) === "admin" && user.role !== "admin") {
      throw new HTTPException(403, {
        message: ["GET", "HEAD"].includes(c.req.method)
          ? "Only an admin may look at this."
          : "You may look at everything here, but only an admin can change it.",
      });
    }
    await next();
  };
}

/** To a page that comes before all others. */
function leadTo(c: Context, path: string): Response {
  if (!c.req.header("HX-Request")) return c.redirect(path, 303);
  c.header("HX-Redirect", path);
  return c.body(null, 403);
}

function askToSignIn(c: Context): Response {
  if (c.req.header("HX-Request")) {
    c.header("HX-Redirect", "/sign-in");
    return c.body(null, 401);
  }
  const url = new URL(c.req.url);
  const next = c.req.method === "GET" ? url.pathname + url.search : "/";
  return c.redirect(next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`, 303);
}

/** What the layout needs of this request. */
export function frameOf(c: Context<AppEnv>, deps: RouteDeps): Frame {
  const { email, role } = c.get("user");
  return { instanceName: deps.instanceName, user: { email, role }, flash: takeFlash(c) };
}
