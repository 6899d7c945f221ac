/** The one way into a session, whatever proved who asks: a new id, told to the audit log. */

import type { Context } from "hono";
import { describeDevice } from "@/lib/device.ts";
import type { SessionStart } from "@/lib/store/sessions.ts";
import { addressOf } from "./address.ts";
import { clearCookie, readCookie, writeCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

/**
 * Signs a user in. The session that the browser had before, whoever's it was, ends: its id is not
 * taken over. From now on the browser is a known one. `provenAt` is as `sessions.start` has it.
 */
export async function startSession(
  c: Context<AppEnv>,
  { store }: RouteDeps,
  user: { id: string; email: string },
  via: SessionStart["via"],
  provenAt?: number,
): Promise<void> {
  const before = readCookie(c, "session");
  if (before) await store.sessions.end(before);
  clearCookie(c, "code");
  const address = addressOf(c);
  const device = describeDevice(c.req.header("User-Agent"));
  writeCookie(
    c,
    "session",
    await store.sessions.start(user.id, { via, address, device }, provenAt),
  );
  const known = readCookie(c, "device");
  if (known === undefined || !await store.signIns.knowsDevice(user.email, known)) {
    writeCookie(c, "device", await store.signIns.rememberDevice(user.id));
  }
  await store.audit.add({
    who: user.email,
    action: "sign_in.succeeded",
    target: user.email,
    detail: device === null ? `by ${via}` : `by ${via}, ${device}`,
    address,
  });
}
