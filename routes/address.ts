/** Where a request comes from, for the audit log. */

import type { Context } from "hono";
import { z } from "zod";

/** What `Deno.serve` tells of a connection; absent in tests and where the platform keeps it. */
const connection = z.object({ remoteAddr: z.object({ hostname: z.string() }) });

/** The address of the other end, which is a proxy's where one stands before us; null if not told. */
// deno-lint-ignore no-explicit-any
export function addressOf(c: Context<any>): string | null {
  const parsed = connection.safeParse(c.env);
  return parsed.success ? parsed.data.remoteAddr.hostname : null;
}
