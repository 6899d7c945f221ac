/** The two cookies: the session, and the message of the last act for the next page. */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { TONES } from "@/lib/status.ts";
import { SESSION_MS } from "@/lib/store/users.ts";

const flash = z.object({ tone: z.enum(TONES), text: z.string().max(500) });

/** A message that the next page shows once. */
export type Flash = z.infer<typeof flash>;

const FLASH = "sluice_flash";

/** `__Host-` binds the cookie to this host; browsers take it over TLS only. */
function names(publicUrl: string) {
  const secure = publicUrl.startsWith("https:");
  return { secure, session: secure ? "__Host-sluice" : "sluice" };
}

export function readSession(c: Context, publicUrl: string): string | undefined {
  return getCookie(c, names(publicUrl).session);
}

export function writeSession(c: Context, publicUrl: string, token: string): void {
  const { secure, session } = names(publicUrl);
  setCookie(c, session, token, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    maxAge: SESSION_MS / 1000,
  });
}

export function clearSession(c: Context, publicUrl: string): void {
  const { secure, session } = names(publicUrl);
  deleteCookie(c, session, { path: "/", secure });
}

/** Leaves a message for the next page. */
export function leaveFlash(c: Context, tone: Flash["tone"], text: string): void {
  setCookie(c, FLASH, encodeURIComponent(JSON.stringify({ tone, text })), {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    maxAge: 60,
  });
}

/** Takes the message that was left, if any. */
export function takeFlash(c: Context): Flash | null {
  const text = getCookie(c, FLASH);
  if (text === undefined) return null;
  deleteCookie(c, FLASH, { path: "/" });
  try {
    return flash.parse(JSON.parse(decodeURIComponent(text)));
  } catch {
    return null;
  }
}
