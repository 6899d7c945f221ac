/** `/settings`: who may sign in, with which role, and of whom a second factor is asked. */

import { type Context, Hono } from "hono";
import { z } from "zod";
import { type FactorsView, SettingsPage } from "@/components/settings_page.tsx";
import { FACTOR_POLICIES } from "@/lib/store/settings.ts";
import { addressOf } from "./address.ts";
import { leaveFlash, readCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";

const policy = z.enum(FACTOR_POLICIES, { error: "Choose of whom they are asked." });

/** The list of users, and the policy on second factors. */
export function settingRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings", (c) => page(c, { values: {}, errors: {} }, 200));

  app.post("/settings/second-factor", async (c) => {
    const read = await readForm(c, z.object({ policy }));
    if (!read.ok) return await page(c, read.form, 422);
    const asked = read.data.policy;
    if (asked !== "nobody" && !await hasOwn(c)) {
      // Else nobody might be left who has shown that it works here.
      const sentence = "Turn on your own one-time passwords first, at your account.";
      return await page(c, { values: { policy: asked }, errors: { policy: sentence } }, 422);
    }
    await store.settings.save("second_factor_for", asked);
    const who = c.get("user").email;
    await store.audit.add({
      who,
      action: "second_factor.policy_changed",
      target: "one-time passwords",
      detail: `asked of ${asked}`,
      address: addressOf(c),
    });
    leaveFlash(c, "good", `One-time passwords are asked of ${asked} now.`);
    return c.redirect("/settings", 303);
  });

  /** Whether who changes it has a second factor, here or at the provider. */
  async function hasOwn(c: Context<AppEnv>): Promise<boolean> {
    if (await store.secondFactors.isOn(c.get("user").id)) return true;
    return await store.sessions.findVia(readCookie(c, "session") ?? "") === "single sign-on";
  }

  async function page(c: Context<AppEnv>, form: FactorsView["form"], status: 200 | 422) {
    const users = await store.users.list();
    const kept = policy.catch("nobody").parse(await store.settings.find("second_factor_for"));
    const shown = policy.catch(kept).parse(form.values.policy);
    return c.html(
      <SettingsPage
        frame={frameOf(c, deps)}
        users={users.map((user) => ({
          id: user.id,
          email: user.email,
          role: user.role,
          createdAt: user.createdAt,
          isYou: user.id === c.get("user").id,
        }))}
        factors={deps.localSignIn
          ? { policy: shown, provider: deps.sso?.name ?? null, form }
          : null}
      />,
      status,
    );
  }

  return app;
}
