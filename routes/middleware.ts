/** What every request passes: id, headers, limits, the origin of changes, who is signed in. */

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Frame } from "@/components/layout.tsx";
import { newId } from "@/lib/id.ts";
import { readSession, takeFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** Forms and JSON of ours are far smaller. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Names each request, for the log and for the person who meets an error. */
export function requestId(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set("requestId", newId());
    c.header("X-Request-Id", c.get("requestId"));
    await next();
  };
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
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    strictTransportSecurity: publicUrl.startsWith("https:")
      ? "max-age=31536000; includeSubDomains"
      : false,
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

/** Changes come from our own pages only: same origin by the browser's word, or by our address. */
export function ownOrigin(publicUrl: string): MiddlewareHandler {
  const expected = new URL(publicUrl).origin;
  return csrf({
    origin: (origin, c) => origin === expected || origin === new URL(c.req.url).origin,
  });
}

/** Lets signed-in people pass, and of them only admins to change things. */
export function signedIn(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const token = readSession(c, deps.publicUrl);
    const user = token ? await deps.store.users.findBySession(token) : null;
    if (user === null) return askToSignIn(c);
    c.set("user", user);
    if (!["GET", "HEAD"].includes(c.req.method) && user.role !== "admin") {
      throw new HTTPException(403, {
        message: "You may look at everything here, but only an admin can change it.",
      });
    }
    await next();
  };
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
