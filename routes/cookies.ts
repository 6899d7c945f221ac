/** Every cookie: the session, the known browser, a sign-in half-way, the message for the next page. */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { TONES } from "@/lib/status.ts";
import { LIFETIME_MS } from "@/lib/store/one_time_tokens.ts";
import { SESSION_MS } from "@/lib/store/sessions.ts";
import { DEVICE_MS } from "@/lib/store/sign_ins.ts";

const flash = z.object({ tone: z.enum(TONES), text: z.string().max(500) });

/** A message that the next page shows once. */
export type Flash = z.infer<typeof flash>;

/** What the cookies hold, and for how long. */
const COOKIES = {
  session: { name: "sluice", ms: SESSION_MS },
  /** That somebody signed in from this browser before. */
  device: { name: "sluice_device", ms: DEVICE_MS },
  /** That the password was right, and the code is still to come. */
  code: { name: "sluice_code", ms: LIFETIME_MS.second_factor },
  /** What state, nonce and verifier of single sign-on are made of. */
  sso: { name: "sluice_sso", ms: LIFETIME_MS.sso },
  flash: { name: "sluice_flash", ms: 60_000 },
} as const;

/** Cookies that hold a secret; the message of the last act is none. */
export type SecretCookie = Exclude<keyof typeof COOKIES, "flash">;

// deno-lint-ignore no-explicit-any
type AnyContext = Context<any>;

/** The cookie's value, or undefined. */
export function readCookie(c: AnyContext, which: SecretCookie): string | undefined {
  return getCookie(c, nameOf(c, which));
}

/** The same of a bare request, for values that are written without escapes; null where there is none. */
export function recallCookie(
  request: Request,
  which: SecretCookie,
  overTls: boolean,
): string | null {
  const header = request.headers.get("Cookie");
  if (header === null) return null;
  const name = `${fullName(which, overTls)}=`;
  let start = header.startsWith(name) ? 0 : header.indexOf(`; ${name}`) + 2;
  if (start === 1) return null;
  start += name.length;
  const end = header.indexOf(";", start);
  return header.slice(start, end === -1 ? undefined : end);
}

/** Sets a cookie that scripts and other sites do not get. */
export function writeCookie(c: AnyContext, which: SecretCookie, value: string): void {
  write(c, which, value);
}

/** Takes the cookie back. */
export function clearCookie(c: AnyContext, which: SecretCookie): void {
  deleteCookie(c, nameOf(c, which), { path: "/", secure: isSecure(c) });
}

/** Leaves a message for the next page. */
export function leaveFlash(c: AnyContext, tone: Flash["tone"], text: string): void {
  write(c, "flash", encodeURIComponent(JSON.stringify({ tone, text })));
}

/** Takes the message that was left, if any. */
export function takeFlash(c: AnyContext): Flash | null {
  const text = getCookie(c, nameOf(c, "flash"));
  if (text === undefined) return null;
  deleteCookie(c, nameOf(c, "flash"), { path: "/", secure: isSecure(c) });
  try {
    return flash.parse(JSON.parse(decodeURIComponent(text)));
  } catch {
    return null;
  }
}

function write(c: AnyContext, which: keyof typeof COOKIES, value: string): void {
  setCookie(c, nameOf(c, which), value, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure(c),
    maxAge: COOKIES[which].ms / 1000,
  });
}

/** `__Host-` binds the cookie to this host; browsers take it over TLS only. */
function nameOf(c: AnyContext, which: keyof typeof COOKIES): string {
  return fullName(which, isSecure(c));
}

function fullName(which: keyof typeof COOKIES, overTls: boolean): string {
  return overTls ? `__Host-${COOKIES[which].name}` : COOKIES[which].name;
}

/** Whether people come over TLS, as the configured address says. */
function isSecure(c: AnyContext): boolean {
  return c.get("overTls") === true;
}
