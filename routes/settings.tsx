/** `/settings`: who may sign in, and with which role. */

import { Hono } from "hono";
import { z } from "zod";
import { SettingsPage } from "@/components/settings_page.tsx";
import { hashPassword, passwordProblem } from "@/lib/password.ts";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";

const newUser = z.object({
  email: z.email("Enter an e-mail address, such as name@example.com."),
  password: z.string().max(1024, "That is too long."),
  role: z.enum(["viewer", "admin"], { error: "Choose a role." }),
});

/** The settings pages. */
export function settingRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings", async (c) =>
    c.html(
      <SettingsPage
        frame={frameOf(c, deps)}
        users={await userViews(c.get("user").id)}
        form={{ values: {}, errors: {} }}
      />,
    ));

  app.post("/settings/users", async (c) => {
    const read = await readForm(c, newUser, ["password"]);
    const refuse = async (form: Parameters<typeof SettingsPage>[0]["form"]) =>
      c.html(
        <SettingsPage
          frame={frameOf(c, deps)}
          users={await userViews(c.get("user").id)}
          form={form}
        />,
        422,
      );
    if (!read.ok) return await refuse(read.form);
    const { email, password, role } = read.data;
    const problem = passwordProblem(password, [email, deps.instanceName]);
    if (problem !== null) {
      return await refuse({ values: { email, role }, errors: { password: problem } });
    }
    const passwordHash = await hashPassword(password);
    if (await store.users.create({ email, passwordHash, role }) === null) {
      return await refuse({
        values: { email, role },
        errors: { email: "This person has an account already." },
      });
    }
    await store.audit.add({
      who: c.get("user").email,
      action: "user.created",
      target: email,
      detail: role,
      address: addressOf(c),
    });
    leaveFlash(c, "good", `${email} can sign in now.`);
    return c.redirect("/settings", 303);
  });

  async function userViews(you: string) {
    const users = await store.users.list();
    return users.map((user) => ({
      id: user.id,
      email: user.email,
      role: user.role,
      createdAt: user.createdAt,
      isYou: user.id === you,
    }));
  }

  return app;
}
