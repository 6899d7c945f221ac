/**
 * `/health`: whether the process lives and can do its work, with reasons, for supervisors. Anyone
 * may ask: it names no server, person, path or number of theirs.
 */

import { type Context, Hono } from "hono";
import { formatBytes, formatDuration } from "@/lib/format.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

/** Below it the operator is warned: a pack of a large repository takes as much. */
const LOW_BYTES = 1024 ** 3;
/** What is due is claimed within seconds where nothing else runs. */
const IDLE_MS = 10 * 60_000;

/** One part of the health, as shown. A part that failed takes the instance out of service. */
export interface HealthCheck {
  name: string;
  state: "passed" | "warning" | "failed";
  reason: string | null;
}

/** The two addresses that a supervisor asks. */
export function healthRoutes(deps: RouteDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get("/health", async (c) => {
    const checks = await checkHealth(deps);
    const ready = checks.every(({ state }) => state !== "failed");
    return answer(c, { live: true, ready, checks }, ready ? 200 : 503);
  });

  // Says only that the process answers: a restart does not cure what a disk or a database lacks.
  app.get("/health/live", (c) => answer(c, { live: true }, 200));
  return app;
}

/** Every part. A database that does not answer hides what would be asked of it. */
export async function checkHealth(
  { store, vitals }: Pick<RouteDeps, "store" | "vitals">,
): Promise<HealthCheck[]> {
  const checks: HealthCheck[] = [];
  const passed = (name: string) => checks.push({ name, state: "passed", reason: null });
  const warn = (name: string, reason: string | null) =>
    checks.push({ name, state: reason === null ? "passed" : "warning", reason });
  const fail = (name: string, reason: string) => checks.push({ name, state: "failed", reason });
  try {
    await store.repositories.changeNumber();
    passed("database");
    if (await store.operations.isCurrent()) passed("migrations");
    else fail("migrations", "Another version of Sluice has changed the database. Start that one");
    if (await store.sealed.opensAll()) passed("key");
    else fail("key", "Tokens were sealed with another key than this instance has");
    const idleMs = await store.operations.idleMs();
    warn(
      "queue",
      idleMs !== null && idleMs > IDLE_MS
        ? `Work has been due for ${formatDuration(idleMs)}, and nothing runs`
        : null,
    );
    const behindMs = await store.clockSteps.behindMs();
    warn(
      "clock",
      behindMs > 0
        ? `The clock stands ${formatDuration(behindMs)} behind what it showed before`
        : null,
    );
  } catch {
    fail("database", "The database does not answer");
  }
  const late = vitals.lateMs();
  warn(
    "worker",
    late === null ? null : `The minute's work has not run for ${formatDuration(late)}`,
  );
  const free = await vitals.freeBytes();
  if (vitals.isDiskFull()) fail("disk", "The disk that the data stands on is full");
  else {
    warn(
      "disk",
      free !== null && free < LOW_BYTES
        ? `Less than ${formatBytes(LOW_BYTES)} is left for the data`
        : null,
    );
  }
  return checks;
}

function answer(
  c: Context<AppEnv>,
  health: { live: boolean; ready?: boolean; checks?: HealthCheck[] },
  status: 200 | 503,
): Response {
  if (!(c.req.header("Accept") ?? "").startsWith("text/plain")) return c.json(health, status);
  const lines = (health.checks ?? []).map(({ name, state, reason }) =>
    reason === null ? `${name}: ${state}` : `${name}: ${state}. ${reason}.`
  );
  const first = health.ready === undefined ? "live" : health.ready ? "ready" : "not ready";
  return c.text(`${[first, ...lines].join("\n")}\n`, status);
}
