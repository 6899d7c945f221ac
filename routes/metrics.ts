/** `/metrics`: figures for Prometheus, for holders of an API key. */

import { Hono } from "hono";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** The metrics in Prometheus' text format. */
export function metricRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, metrics } = deps;
  const app = new Hono<AppEnv>();

  app.get("/metrics", async (c) => {
    const key = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    if (key === undefined || await store.apiKeys.use(key) === null) {
      c.header("WWW-Authenticate", 'Bearer realm="Sluice"');
      return c.text("Send an API key as Authorization: Bearer KEY.\n", 401);
    }
    await readRows(deps);
    c.header("Content-Type", metrics.contentType);
    c.header("Cache-Control", "no-store");
    return c.body(await metrics.text());
  });
  return app;
}

/** Sets the gauges to what the rows say now. */
async function readRows({ store, metrics, runningSteps }: RouteDeps): Promise<void> {
  const { rows } = metrics;
  for (const gauge of Object.values(rows)) gauge.reset();
  for (const { kind, state, count, oldestDueMs } of await store.operations.openJobs()) {
    rows.jobs.set({ kind, state }, count);
    if (state === "queued") rows.oldestJob.set({ kind }, (oldestDueMs ?? 0) / 1000);
  }
  for (const [state, count] of Object.entries(await store.repositories.countByState())) {
    rows.repositories.set({ state }, count);
  }
  for (const { state, severity, count } of await store.findings.counts()) {
    rows.findings.set({ state, severity }, count);
  }
  for (const server of await store.servers.list()) {
    const budget = await store.restCalls.budget(server);
    rows.budget.set({ server: server.workspace }, budget.used);
    rows.budgetLimit.set({ server: server.workspace }, budget.limit);
  }
  rows.running.set(runningSteps());
}
