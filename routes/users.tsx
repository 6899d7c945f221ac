/** `/settings/users/:id`: another role, the end of all sessions, and the end of an account. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { User } from "@/lib/store/users.ts";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";

const roleForm = z.object({ role: z.enum(["viewer", "admin"], { error: "Choose a role." }) });

const LAST_ADMIN = "Somebody must stay admin: make another one first.";

/** Mounted behind the sign-in; the table of permissions keeps all of it to admins. */
export function userRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.post("/settings/users/:id/role", async (c) => {
    const user = await found(c.req.param("id"));
    const read = await readForm(c, roleForm);
    if (!read.ok) throw new HTTPException(422, { message: "A user is an admin or a viewer." });
    const { role } = read.data;
    if (role === user.role) return done(c, "neutral", `${user.email} is ${role} already.`);
    if (!await store.users.setRole(user.id, role)) return done(c, "danger", LAST_ADMIN);
    // A session is of the rights that it began with.
    await store.sessions.endAll(user.id);
    await tell(c, "user.role_changed", user, role);
    return done(c, "good", `${user.email} is ${role} now, and signed out everywhere.`);
  });

  app.post("/settings/users/:id/sessions/endings", async (c) => {
    const user = await found(c.req.param("id"));
    const ended = await store.sessions.endAll(user.id);
    await tell(c, "session.ended", user, `${ended}, by an admin`);
    return done(c, "good", `${user.email} is signed out everywhere.`);
  });

  app.post("/settings/users/:id/removal", async (c) => {
    const user = await found(c.req.param("id"));
    if (!await store.users.remove(user.id)) return done(c, "danger", LAST_ADMIN);
    await tell(c, "user.removed", user, user.role);
    return done(c, "good", `${user.email} has no account any more.`);
  });

  async function found(id: string): Promise<User> {
    const user = await store.users.find(id);
    if (user === null) throw new HTTPException(404, { message: "There is no such user." });
    return user;
  }

  async function tell(c: Context<AppEnv>, action: string, target: User, detail: string) {
    await store.audit.add({
      who: c.get("user").email,
      action,
      target: target.email,
      detail,
      address: addressOf(c),
    });
  }

  function done(c: Context<AppEnv>, tone: "good" | "danger" | "neutral", text: string) {
    leaveFlash(c, tone, text);
    return c.redirect("/settings/invitations", 303);
  }

  return app;
}
