/** `/settings/api-keys`: made, listed and revoked by an admin. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { type ApiKeyField, ApiKeysPage } from "@/components/api_keys_page.tsx";
import type { FormView } from "@/components/forms.tsx";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { endOf, keyName, keyRow, lastDay } from "./key_forms.ts";
import { frameOf } from "./middleware.ts";

const newKey = z.object({
  name: keyName,
  role: z.enum(["viewer", "admin"], { error: "Choose a role." }),
  expires: lastDay,
});

/** The settings page of API keys. */
export function apiKeyRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, clock } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/api-keys", (c) => page(c, { values: {}, errors: {} }, null, 200));

  app.post("/settings/api-keys", async (c) => {
    const read = await readForm(c, newKey);
    if (!read.ok) return await page(c, read.form, null, 422);
    const { name, role, expires } = read.data;
    const expiresAt = endOf(expires);
    if (expiresAt !== null && expiresAt <= clock.now()) {
      const errors = { expires: "This day is over." };
      return await page(c, { values: { name, role, expires }, errors }, null, 422);
    }
    const { id: ownerId, email: who } = c.get("user");
    const { id, key } = await store.apiKeys.create({
      name,
      role,
      createdBy: who,
      ownerId,
      expiresAt,
    });
    await store.audit.add({
      who,
      action: "api_key.created",
      target: `${name} (${id})`,
      detail: role,
      address: addressOf(c),
    });
    // Not redirected: the key is in this answer and nowhere else.
    return await page(c, { values: {}, errors: {} }, key, 201);
  });

  app.post("/settings/api-keys/:id/revocation", async (c) => {
    const key = await store.apiKeys.find(c.req.param("id"));
    if (key === null) throw new HTTPException(404, { message: "There is no such key." });
    if (await store.apiKeys.revoke(key.id)) {
      await store.audit.add({
        who: c.get("user").email,
        action: "api_key.revoked",
        target: `${key.name} (${key.id})`,
        address: addressOf(c),
      });
    }
    leaveFlash(c, "good", `${key.name} opens nothing any more.`);
    return c.redirect("/settings/api-keys", 303);
  });

  async function page(
    c: Context<AppEnv>,
    form: FormView<ApiKeyField>,
    made: string | null,
    status: 200 | 201 | 422,
  ) {
    const now = clock.now();
    const keys = await store.apiKeys.list();
    return c.html(
      <ApiKeysPage
        frame={frameOf(c, deps)}
        keys={keys.map((key) => keyRow(key, key.role, now))}
        form={form}
        made={made}
        apiUrl={`${deps.publicUrl}/api/v1`}
        now={now}
      />,
      status,
    );
  }

  return app;
}
