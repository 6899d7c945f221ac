/** `/sign-in`, its second step `/sign-in/code`, and `/sign-out`. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { SignInCodePage } from "@/components/sign_in_code_page.tsx";
import { SignInPage } from "@/components/sign_in_page.tsx";
import { formatDuration } from "@/lib/format.ts";
import { checkPassword, hashPassword } from "@/lib/password.ts";
import {
  accountSubject,
  addressSubject,
  codeSubject,
  deviceSubject,
} from "@/lib/store/sign_ins.ts";
import { addressOf } from "./address.ts";
import { clearCookie, readCookie, takeFlash, writeCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { backTo } from "./forms.ts";
import { startSession } from "./session_start.ts";

const form = z.object({
  email: z.string().trim().max(254),
  password: z.string().max(1024),
  next: z.string().optional(),
});

/** Sign-in by password and second factor, and sign-out. */
export function signInRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, instanceName } = deps;
  const app = new Hono<AppEnv>();
  const ssoName = deps.sso?.name ?? null;

  app.get("/sign-in", async (c) => {
    const next = backTo(c.req.query("next"), "/");
    return c.html(
      <SignInPage
        instanceName={instanceName}
        form={{ values: {}, errors: {} }}
        next={next}
        notice={takeFlash(c)}
        local={deps.localSignIn}
        ssoName={ssoName}
        noAccount={await store.users.count() === 0}
      />,
    );
  });

  app.post("/sign-in", async (c) => {
    if (!deps.localSignIn) {
      throw new HTTPException(403, { message: `Here people sign in by ${ssoName} only.` });
    }
    const parsed = form.safeParse(await c.req.parseBody());
    const values = parsed.success ? parsed.data : { email: "", password: "", next: "/" };
    const { email, password } = values;
    const next = backTo(values.next, "/");
    const refuse = (error: string, status: 422 | 429 = 422) =>
      c.html(
        <SignInPage
          instanceName={instanceName}
          form={{ values: { email }, errors: { password: error } }}
          next={next}
          notice={null}
          local
          ssoName={ssoName}
        />,
        status,
      );

    const subjects = await subjectsOf(c, email);
    const waitMs = await store.signIns.take([...subjects.shared, subjects.own]);
    if (waitMs > 0) {
      return refuse(`Too many tries to sign in. Try again in ${formatDuration(waitMs)}.`, 429);
    }
    const user = await store.users.findByEmail(email);
    const check = await checkPassword(password, user?.passwordHash ?? null);
    if (user === null || !check.right) {
      await tellFailure(c, user?.email ?? null, "wrong password");
      return refuse("E-mail and password do not belong together.");
    }
    await store.signIns.forget(subjects.own);
    for (const subject of subjects.shared) await store.signIns.giveBack(subject);
    if (check.outdated) await store.users.rehash(user.id, await hashPassword(password));
    if (await store.secondFactors.isOn(user.id)) {
      const half = await store.oneTimeTokens.create("second_factor", { userId: user.id, next });
      writeCookie(c, "code", half);
      return c.redirect("/sign-in/code", 303);
    }
    await startSession(c, deps, user, "password");
    return c.redirect(next, 303);
  });

  app.get("/sign-in/code", async (c) => {
    const token = readCookie(c, "code");
    const half = token ? await store.oneTimeTokens.find("second_factor", token) : null;
    if (half === null) return c.redirect("/sign-in", 303);
    return c.html(
      <SignInCodePage instanceName={instanceName} form={{ values: {}, errors: {} }} />,
    );
  });

  app.post("/sign-in/code", async (c) => {
    const token = readCookie(c, "code");
    const half = token ? await store.oneTimeTokens.find("second_factor", token) : null;
    const user = half?.userId ? await store.users.find(half.userId) : null;
    if (!token || half === null || user === null) return c.redirect("/sign-in", 303);
    const refuse = (error: string, status: 422 | 429 = 422) =>
      c.html(
        <SignInCodePage
          instanceName={instanceName}
          form={{ values: {}, errors: { code: error } }}
        />,
        status,
      );

    const subject = codeSubject(user.id);
    const waitMs = await store.signIns.take([subject]);
    if (waitMs > 0) return refuse(`Too many codes. Try again in ${formatDuration(waitMs)}.`, 429);
    const body = await c.req.parseBody();
    const code = typeof body.code === "string" ? body.code.slice(0, 100) : "";
    const kind = await store.secondFactors.take(user.id, code);
    if (kind === null) {
      await tellFailure(c, user.email, "wrong code");
      return refuse("This code is not the one of now, or was used before. Wait for the next one.");
    }
    if (await store.oneTimeTokens.take("second_factor", token) === null) {
      return c.redirect("/sign-in", 303);
    }
    await store.signIns.forget(subject);
    await startSession(c, deps, user, `password and ${kind}`);
    return c.redirect(backTo(half.next ?? undefined, "/"), 303);
  });

  app.post("/sign-out", async (c) => {
    const token = readCookie(c, "session");
    const user = token ? await store.sessions.findUser(token) : null;
    if (token) await store.sessions.end(token);
    clearCookie(c, "session");
    if (user) {
      await store.audit.add({
        who: user.email,
        action: "session.ended",
        target: user.email,
        detail: "signed out",
        address: addressOf(c),
      });
    }
    // Browsers that know it forget what they kept of the pages.
    c.header("Clear-Site-Data", '"cache"');
    return c.redirect("/sign-in", 303);
  });

  /** A known browser is counted by itself: who guesses elsewhere does not slow its owner. */
  async function subjectsOf(c: Context<AppEnv>, email: string) {
    const device = readCookie(c, "device");
    if (device !== undefined && await store.signIns.knowsDevice(email, device)) {
      return { own: deviceSubject(device), shared: [] };
    }
    const address = addressOf(c);
    return {
      own: accountSubject(email),
      shared: address === null ? [] : [addressSubject(address)],
    };
  }

  /** What was typed as an e-mail may be a password: only an account's own name is logged. */
  async function tellFailure(c: Context<AppEnv>, email: string | null, detail: string) {
    await store.audit.add({
      who: email ?? "unknown",
      action: "sign_in.failed",
      target: email ?? "no such account",
      detail,
      address: addressOf(c),
    });
  }

  return app;
}
