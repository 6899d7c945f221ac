/** `/health`: whether the process lives and its database answers, for supervisors. */

import { Hono } from "hono";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** Whether the process lives and whether it can work, with reasons. */
export function healthRoutes({ store }: RouteDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/health", async (c) => {
    try {
      await store.repositories.changeNumber();
      return c.json({ live: true, ready: true });
    } catch {
      return c.json({ live: true, ready: false, reason: "The database does not answer" }, 503);
    }
  });
  return app;
}
