/** `/setup`: the first admin, by the one-time link that is printed at the start. */

import { Hono } from "hono";
import { z } from "zod";
import { SetupClosedPage, SetupPage } from "@/components/sign_in_page.tsx";
import type { Clock } from "@/lib/clock.ts";
import { newToken } from "@/lib/id.ts";
import { hashPassword, passwordProblem } from "@/lib/password.ts";
import { sha256Hex } from "@/lib/seal.ts";
import type { Store } from "@/lib/store/mod.ts";
import { addressOf } from "./address.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { startSession } from "./session_start.ts";

/** It stands in the log of the start, where it may be read long after. */
const LINK_MS = 24 * 3_600_000;

const form = z.object({
  token: z.string(),
  email: z.email("Enter an e-mail address, such as name@example.com.").max(254),
  password: z.string(),
  repeat: z.string(),
}).refine((value) => value.password === value.repeat, {
  path: ["repeat"],
  message: "The two passwords differ.",
});

/**
 * Makes the first admin from the configuration, or gives the address of the one-time set-up page;
 * null when there is a user already.
 */
export async function openSetup(
  store: Store,
  { admin, publicUrl, localSignIn, clock }: {
    admin: { email: string; password: string } | null;
    publicUrl: string;
    localSignIn: boolean;
    clock: Clock;
  },
): Promise<string | null> {
  if (await store.users.count() > 0) return null;
  if (admin !== null) {
    const passwordHash = await hashPassword(admin.password);
    if (await store.users.createFirst({ email: admin.email, passwordHash }) !== null) {
      await store.audit.add({
        who: "system",
        action: "user.created",
        target: admin.email,
        detail: "admin, by ADMIN_EMAIL",
      });
    }
    return null;
  }
  // The first admin comes by the provider then, by the claim that makes one.
  if (!localSignIn) return null;
  const token = newToken(24);
  const until = clock.now() + LINK_MS;
  await store.settings.save("setup_token_hash", `${await sha256Hex(token)} ${until}`);
  return `${publicUrl}/setup?token=${token}`;
}

/** The first admin, by the one-time link that the start prints. */
export function setupRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, instanceName } = deps;
  const app = new Hono<AppEnv>();

  /** `token` is as it came: a file, too, in a form that a stranger made. */
  async function isOpen(token: unknown): Promise<boolean> {
    if (typeof token !== "string" || token === "" || !deps.localSignIn) return false;
    const kept = await store.settings.find("setup_token_hash");
    const [expected, until] = kept?.split(" ") ?? [];
    return expected === await sha256Hex(token) && deps.clock.now() < Number(until ?? 0);
  }

  app.use("/setup", async (c, next) => {
    // The link carries a secret: it is not to be told to other sites.
    c.header("Referrer-Policy", "no-referrer");
    await next();
  });

  app.get("/setup", async (c) => {
    const token = c.req.query("token");
    const hasUser = await store.users.count() > 0;
    if (hasUser || !await isOpen(token)) {
      return c.html(<SetupClosedPage instanceName={instanceName} hasUser={hasUser} />, 403);
    }
    return c.html(
      <SetupPage instanceName={instanceName} form={{ values: {}, errors: {} }} token={token!} />,
    );
  });

  app.post("/setup", async (c) => {
    const body = await c.req.parseBody() as Record<string, string>;
    const hasUser = await store.users.count() > 0;
    if (hasUser || !await isOpen(body.token)) {
      return c.html(<SetupClosedPage instanceName={instanceName} hasUser={hasUser} />, 403);
    }
    const context = [String(body.email ?? ""), instanceName];
    const parsed = form.superRefine(({ password }, issues) => {
      const message = passwordProblem(password, context);
      if (message !== null) issues.addIssue({ code: "custom", path: ["password"], message });
    }).safeParse(body);
    if (!parsed.success) {
      const errors: Partial<Record<"email" | "password" | "repeat", string>> = {};
      for (const issue of parsed.error.issues) {
        const field = issue.path[0] as "email" | "password" | "repeat";
        errors[field] ??= issue.message;
      }
      return c.html(
        <SetupPage
          instanceName={instanceName}
          form={{ values: { email: String(body.email ?? "") }, errors }}
          token={String(body.token)}
        />,
        422,
      );
    }
    const { email, password } = parsed.data;
    const id = await store.users.createFirst({ email, passwordHash: await hashPassword(password) });
    if (id === null) {
      return c.html(<SetupClosedPage instanceName={instanceName} hasUser />, 403);
    }
    await store.settings.remove("setup_token_hash");
    await store.audit.add({
      who: email,
      action: "user.created",
      target: email,
      detail: "admin, by the set-up link",
      address: addressOf(c),
    });
    await startSession(c, deps, { id, email }, "set-up link");
    return c.redirect("/servers", 303);
  });

  return app;
}

/** What the start prints: the address, and the one-time link while there is no admin. */
export function welcome(publicUrl: string, setupUrl: string | null): string {
  const lines = [`Sluice is ready: ${publicUrl}`];
  if (setupUrl !== null) lines.push(`Make the first admin, once and within a day, at: ${setupUrl}`);
  return lines.join("\n");
}
