/** Where a request comes from: the other end of the connection, or who a trusted proxy says it is for. */

import type { Context } from "hono";
import { z } from "zod";
import { type AddressRange, isInRanges, parseAddress } from "@/lib/network.ts";

/** What `Deno.serve` tells of a connection; absent in tests and where the platform keeps it. */
const connection = z.object({ remoteAddr: z.object({ hostname: z.string() }) });

/** The client's address as the middleware found it; null if not told. */
// deno-lint-ignore no-explicit-any
export function addressOf(c: Context<any>): string | null {
  return c.get("address") ?? null;
}

/**
 * Finds the client's address. `X-Forwarded-For` is believed from trusted proxies only, from its end
 * on and up to the first address that is no trusted proxy: what stands before, anyone may have sent.
 */
export function findAddress(
  // deno-lint-ignore no-explicit-any
  c: Context<any>,
  trustedProxies: readonly AddressRange[],
): string | null {
  const parsed = connection.safeParse(c.env);
  if (!parsed.success) return null;
  let address = parsed.data.remoteAddr.hostname;
  const forwarded = c.req.header("X-Forwarded-For")?.split(",").map((one) => one.trim()) ?? [];
  while (forwarded.length > 0 && isInRanges(address, trustedProxies)) {
    const before = forwarded.pop()!;
    if (parseAddress(before) === null) break;
    address = before;
  }
  return address;
}
