/** `/sso`: signing in by the OpenID provider, there and back. */

import { type Context, Hono } from "hono";
import { SsoError, type SsoPerson } from "@/lib/sso.ts";
import { PROOF_MS } from "@/lib/store/sessions.ts";
import { ssoSubject } from "@/lib/store/sign_ins.ts";
import type { User } from "@/lib/store/users.ts";
import { addressOf } from "./address.ts";
import { clearCookie, leaveFlash, readCookie, writeCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { backTo } from "./forms.ts";
import { startSession } from "./session_start.ts";

/** Mounted where a provider is configured. */
export function ssoRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, sso, log, clock } = deps;
  const app = new Hono<AppEnv>();
  if (sso === null) return app;

  app.get("/sso", async (c) => {
    const next = backTo(c.req.query("next"), "/");
    // Somebody who is here already shows once more who they are.
    const session = c.req.query("fresh") === undefined ? undefined : readCookie(c, "session");
    const userId = session ? (await store.sessions.findUser(session))?.id ?? null : null;
    const secret = await store.oneTimeTokens.create("sso", { next, userId });
    try {
      const url = await sso.start(secret, userId !== null);
      writeCookie(c, "sso", secret);
      return c.redirect(url.href, 303);
    } catch (error) {
      return await refuse(c, sentenceOf(error), null);
    }
  });

  app.get("/sso/callback", async (c) => {
    const secret = readCookie(c, "sso");
    clearCookie(c, "sso");
    const flow = secret ? await store.oneTimeTokens.take("sso", secret) : null;
    if (!secret || flow === null) {
      // Nothing is written down: anybody can call this address as often as they like.
      leaveFlash(c, "danger", "This sign-in is over, or began in another browser. Try again.");
      return c.redirect("/sign-in", 303);
    }
    let person: SsoPerson;
    try {
      person = await sso.finish(new URL(c.req.url).search, secret);
    } catch (error) {
      return await refuse(c, sentenceOf(error), null);
    }
    const user = await admit(person);
    if (typeof user === "string") return await refuse(c, user, person.email);
    const provenAt = provenAtOf(person, flow.userId !== null);
    if (provenAt === null || (flow.userId !== null && flow.userId !== user.id)) {
      const why = provenAt === null
        ? `${sso.name} did not ask you again who you are.`
        : "You signed in as somebody else. Sign out first.";
      return await refuse(c, why, user.email);
    }
    await startSession(c, deps, user, "single sign-on", provenAt);
    return c.redirect(backTo(flow.next ?? undefined, "/"), 303);
  });

  /**
   * When somebody proved who they are: by the provider's word, and where it was asked to ask afresh
   * and does not tell, now; null where it tells that it did not ask. Never in the time to come.
   */
  function provenAtOf({ authenticatedAt }: SsoPerson, afresh: boolean): number | null {
    const now = clock.now();
    if (authenticatedAt === null) return afresh ? now : 0;
    if (afresh && authenticatedAt + PROOF_MS <= now) return null;
    return Math.min(authenticatedAt, now);
  }

  /** The account of a person, made or tied to it if need be; or why they may not come in. */
  async function admit(person: SsoPerson): Promise<User | string> {
    const { issuer, subject, email, role } = person;
    if (role === null) return `${sso!.name} gives you no role here. Ask whoever runs this Sluice.`;
    const known = await store.users.findByOidc(issuer, subject);
    if (known !== null) return await withRole(known, role);
    if (email === null) return `${sso!.name} tells no e-mail address of you.`;
    const namesake = await store.users.findByEmail(email);
    if (namesake !== null) {
      // Else whoever may write any address into their profile could take over its account here.
      if (!person.emailVerified) {
        return `An account with your e-mail exists, and ${
          sso!.name
        } does not vouch for the address.`;
      }
      if (!await store.users.linkOidc(namesake.id, issuer, subject)) {
        return `The account with your e-mail belongs to somebody else at ${sso!.name}.`;
      }
      await tell("user.linked", email, subject);
      return await withRole(namesake, role);
    }
    const id = await store.users.create({
      email,
      passwordHash: "",
      role: role === "admin" ? "admin" : "viewer",
    });
    if (id === null || !await store.users.linkOidc(id, issuer, subject)) {
      return "Somebody else just signed in with your e-mail. Try again.";
    }
    await tell("user.created", email, subject);
    return (await store.users.find(id))!;
  }

  /** The claim rules at each sign-in; sessions with the role of before end. */
  async function withRole(user: User, role: SsoPerson["role"]): Promise<User> {
    if (role === null || role === "unknown" || role === user.role) return user;
    if (!await store.users.setRole(user.id, role)) {
      log.warn("The last admin stays one, though the provider says otherwise", { user: user.id });
      return user;
    }
    await store.sessions.endAll(user.id);
    await tell("user.role_changed", user.email, `${role}, by its claim`);
    return { ...user, role };
  }

  async function tell(action: string, target: string, detail: string): Promise<void> {
    await store.audit.add({ who: sso!.name, action, target, detail });
  }

  async function refuse(c: Context<AppEnv>, sentence: string, email: string | null) {
    const address = addressOf(c);
    // Anybody can fail here as often as they like, and the audit log is kept for ever.
    if (address === null || await store.signIns.take([ssoSubject(address)]) === 0) {
      await store.audit.add({
        who: email ?? "unknown",
        action: "sign_in.failed",
        target: email ?? "no such account",
        detail: `${sso!.name}: ${sentence}`,
        address,
      });
    }
    leaveFlash(c, "danger", sentence);
    return c.redirect("/sign-in", 303);
  }

  function sentenceOf(error: unknown): string {
    if (!(error instanceof SsoError)) throw error;
    log.warn("Single sign-on failed", { error: error.message });
    return `${error.message}. Try again, or tell whoever runs this Sluice.`;
  }

  return app;
}
