/**
 * Under which names pages answer. A site may have its own name lead to this machine (DNS rebinding)
 * and would then be taken by the browser for us: behind such a name nothing is shown.
 */

import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { parseRange } from "@/lib/network.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** Refuses any name but `PUBLIC_URL`'s and localhost; whoever asks by an address used no name. */
export function ownHost(
  { publicUrl, anyHost }: Pick<RouteDeps, "publicUrl" | "anyHost">,
): MiddlewareHandler<AppEnv> {
  const own = withoutDot(new URL(publicUrl).hostname);
  return async (c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!anyHost && !isOwnName(hostname, own)) {
      throw new HTTPException(421, {
        message:
          `This Sluice is at ${publicUrl}, and not at ${hostname}. Open it there. If people ` +
          "are to come by this name, set PUBLIC_URL to it; a proxy must hand on the Host header.",
      });
    }
    await next();
  };
}

/** The port does not matter: many a proxy leaves it out, and it changes nothing of who is asked. */
function isOwnName(hostname: string, own: string): boolean {
  const name = withoutDot(hostname);
  return name === own || name === "localhost" || parseRange(name.replace(/^\[|\]$/g, "")) !== null;
}

/** A name may be written with the dot of the root behind it. */
function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, "");
}
