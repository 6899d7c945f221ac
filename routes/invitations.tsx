/** `/settings/invitations` for admins; `/invitation` and `/reset` for whom the links are. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import {
  DeadLinkPage,
  type FreshLinkView,
  InvitationsPage,
  NewPasswordPage,
} from "@/components/invitation_pages.tsx";
import { hashPassword, passwordProblem } from "@/lib/password.ts";
import { LIFETIME_MS, type TokenFacts } from "@/lib/store/one_time_tokens.ts";
import { accountSubject } from "@/lib/store/sign_ins.ts";
import { addressOf } from "./address.ts";
import { leaveFlash, writeCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";
import { startSession } from "./session_start.ts";

const invitation = z.object({
  email: z.email("Enter an e-mail address, such as name@example.com.").max(254),
  role: z.enum(["viewer", "admin"], { error: "Choose a role." }),
});
const newPassword = z.object({
  token: z.string().max(100),
  password: z.string().max(1024, "That is too long."),
  repeat: z.string().max(1024, "That is too long."),
});

/** What an admin does with links, behind the sign-in. */
export function invitationRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/invitations", async (c) => await page(c));

  app.post("/settings/invitations", async (c) => {
    refuseWithoutPasswords(deps);
    const read = await readForm(c, invitation);
    if (!read.ok) return await page(c, { form: read.form }, 422);
    const { email, role } = read.data;
    if (await store.users.findByEmail(email) !== null) {
      const errors = { email: "This person has an account already." };
      return await page(c, { form: { values: { email, role }, errors } }, 422);
    }
    const createdBy = c.get("user").email;
    const token = await store.oneTimeTokens.create("invitation", { email, role, createdBy });
    await tell(c, "invitation.created", email, role);
    return await page(c, { fresh: fresh("invitation", email, token) });
  });

  app.post("/settings/invitations/:id/revocation", async (c) => {
    const email = await store.oneTimeTokens.revoke(c.req.param("id"));
    if (email !== null) {
      await tell(c, "invitation.revoked", email, null);
      leaveFlash(c, "good", `The link for ${email} no longer works.`);
    }
    return c.redirect("/settings/invitations", 303);
  });

  app.post("/settings/users/:id/reset-links", async (c) => {
    refuseWithoutPasswords(deps);
    const user = await found(c.req.param("id"));
    const createdBy = c.get("user").email;
    const token = await store.oneTimeTokens.create("reset", { userId: user.id, createdBy });
    await tell(c, "user.reset_link_created", user.email, null);
    return await page(c, { fresh: fresh("reset", user.email, token) });
  });

  app.post("/settings/users/:id/second-factor/removal", async (c) => {
    const user = await found(c.req.param("id"));
    if (await store.secondFactors.remove(user.id)) {
      await tell(c, "second_factor.turned_off", user.email, "by an admin");
      await store.sessions.endAll(user.id);
      leaveFlash(c, "warning", `${user.email} is signed out, and signs in by password alone now.`);
    }
    return c.redirect("/settings/invitations", 303);
  });

  async function page(
    c: Context<AppEnv>,
    given: Partial<Pick<Parameters<typeof InvitationsPage>[0], "form" | "fresh">> = {},
    status: 200 | 422 = 200,
  ) {
    const [links, users, withFactor] = await Promise.all([
      store.oneTimeTokens.listLinks(),
      store.users.list(),
      store.secondFactors.listUsers(),
    ]);
    return c.html(
      <InvitationsPage
        frame={frameOf(c, deps)}
        links={links}
        users={users.map(({ id, email, role }) => ({
          id,
          email,
          role,
          secondFactor: withFactor.has(id),
        }))}
        form={given.form ?? { values: {}, errors: {} }}
        fresh={given.fresh ?? null}
      />,
      status,
    );
  }

  function fresh(kind: FreshLinkView["kind"], email: string, token: string): FreshLinkView {
    const url = `${deps.publicUrl}/${kind}?token=${token}`;
    return { kind, email, url, expiresAt: deps.clock.now() + LIFETIME_MS[kind] };
  }

  async function found(id: string) {
    const user = await store.users.find(id);
    if (user === null) throw new HTTPException(404, { message: "There is no such user." });
    return user;
  }

  async function tell(c: Context<AppEnv>, action: string, target: string, detail: string | null) {
    const who = c.get("user").email;
    await store.audit.add({ who, action, target, detail, address: addressOf(c) });
  }

  return app;
}

/** What the links open, before the sign-in. */
export function linkRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, instanceName } = deps;
  const app = new Hono<AppEnv>();

  for (const kind of ["invitation", "reset"] as const) {
    app.get(`/${kind}`, async (c) => {
      const token = c.req.query("token") ?? "";
      const facts = deps.localSignIn ? await store.oneTimeTokens.find(kind, token) : null;
      const email = facts && await emailOf(facts);
      if (!email) return c.html(<DeadLinkPage instanceName={instanceName} />, 403);
      return c.html(
        <NewPasswordPage
          instanceName={instanceName}
          kind={kind}
          email={email}
          token={token}
          form={{ values: {}, errors: {} }}
        />,
      );
    });

    app.post(`/${kind}`, async (c) => {
      const read = await readForm(c, newPassword, ["token", "password", "repeat"]);
      const facts = deps.localSignIn && read.ok
        ? await store.oneTimeTokens.find(kind, read.data.token)
        : null;
      const email = facts && await emailOf(facts);
      if (!read.ok || !email) return c.html(<DeadLinkPage instanceName={instanceName} />, 403);
      const { token, password, repeat } = read.data;
      const problem = passwordProblem(password, [email, instanceName]);
      const errors = problem !== null
        ? { password: problem }
        : password !== repeat
        ? { repeat: "The two passwords differ." }
        : null;
      if (errors !== null) {
        return c.html(
          <NewPasswordPage
            instanceName={instanceName}
            kind={kind}
            email={email}
            token={token}
            form={{ values: {}, errors }}
          />,
          422,
        );
      }
      const passwordHash = await hashPassword(password);
      // Used up at the last moment only, so that a refused password does not cost the link.
      const taken = await store.oneTimeTokens.take(kind, token);
      const dead = () => c.html(<DeadLinkPage instanceName={instanceName} />, 403);
      return taken === null ? dead() : await follow(c, taken, email, passwordHash) ?? dead();
    });
  }

  async function follow(
    c: Context<AppEnv>,
    { userId, role, createdBy }: TokenFacts,
    email: string,
    passwordHash: string,
  ): Promise<Response | null> {
    const by = createdBy === null ? null : `by the link of ${createdBy}`;
    if (userId === null) {
      const id = await store.users.create({ email, passwordHash, role: role ?? "viewer" });
      if (id === null) return null;
      await tell(c, "user.created", email, `${role}, ${by}`);
      await startSession(c, deps, { id, email }, "invitation");
      return c.redirect("/", 303);
    }
    await store.users.setPassword(userId, passwordHash);
    await store.signIns.forget(accountSubject(email));
    await tell(c, "user.password_reset", email, by);
    if (await store.secondFactors.isOn(userId)) {
      // The link stands for the password; the second factor is still to be shown.
      const half = await store.oneTimeTokens.create("second_factor", { userId, next: "/" });
      writeCookie(c, "code", half);
      return c.redirect("/sign-in/code", 303);
    }
    await startSession(c, deps, { id: userId, email }, "reset link");
    return c.redirect("/", 303);
  }

  async function emailOf({ userId, email }: TokenFacts): Promise<string | null> {
    return userId === null ? email : (await store.users.find(userId))?.email ?? null;
  }

  async function tell(c: Context<AppEnv>, action: string, email: string, detail: string | null) {
    await store.audit.add({ who: email, action, target: email, detail, address: addressOf(c) });
  }

  return app;
}

function refuseWithoutPasswords({ localSignIn, sso }: RouteDeps): void {
  if (localSignIn) return;
  throw new HTTPException(422, {
    message:
      `Nobody has a password here: people come in by ${sso?.name}, which makes their accounts.`,
  });
}
