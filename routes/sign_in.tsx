/** `/sign-in` and `/sign-out`. */

import { Hono } from "hono";
import { z } from "zod";
import { SignInPage } from "@/components/sign_in_page.tsx";
import { formatDuration } from "@/lib/format.ts";
import { checkPassword, hashPassword } from "@/lib/password.ts";
import { clearSession, readSession, takeFlash, writeSession } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

const form = z.object({
  email: z.string().trim().max(254),
  password: z.string().max(1024),
  next: z.string().optional(),
});

export function signInRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, instanceName, publicUrl } = deps;
  const app = new Hono<AppEnv>();

  app.get("/sign-in", (c) =>
    c.html(
      <SignInPage
        instanceName={instanceName}
        form={{ values: {}, errors: {} }}
        next={safeNext(c.req.query("next"))}
        notice={takeFlash(c)}
      />,
    ));

  app.post("/sign-in", async (c) => {
    const body = await c.req.parseBody();
    const parsed = form.safeParse(body);
    const values = parsed.success ? parsed.data : { email: "", password: "", next: "/" };
    const next = safeNext(values.next);
    const refuse = (error: string, status: 422 | 429 = 422) =>
      c.html(
        <SignInPage
          instanceName={instanceName}
          form={{ values: { email: values.email }, errors: { password: error } }}
          next={next}
          notice={null}
        />,
        status,
      );

    const subject = `account:${values.email.toLowerCase()}`;
    const delayMs = await store.users.signInDelay(subject);
    if (delayMs > 0) {
      return refuse(
        `Too many wrong passwords for this account. Try again in ${formatDuration(delayMs)}.`,
        429,
      );
    }
    const user = await store.users.findByEmail(values.email);
    // Hashed in any case, so that the time taken does not tell whether the account exists.
    const check = await checkPassword(values.password, user?.passwordHash ?? await decoy());
    if (user === null || !check.right) {
      await store.users.countSignInFailure(subject);
      return refuse("E-mail and password do not belong together.");
    }
    await store.users.clearSignInFailures(subject);
    if (check.outdated) {
      await store.users.setPassword(user.id, await hashPassword(values.password));
    }
    writeSession(c, publicUrl, await store.users.startSession(user.id));
    return c.redirect(next, 303);
  });

  app.post("/sign-out", async (c) => {
    const token = readSession(c, publicUrl);
    if (token) await store.users.endSession(token);
    clearSession(c, publicUrl);
    return c.redirect("/sign-in", 303);
  });

  return app;
}

let decoyHash: Promise<string> | null = null;

function decoy(): Promise<string> {
  return decoyHash ??= hashPassword("no account has this password");
}

/** Only a path on this host, never another site's address. */
function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])[^\\\r\n]*$/.test(next) ? next : "/";
}
