/** `/settings/operations`: what an operator asks when something does not move. */

import { Hono } from "hono";
import { OperationsPage, type OperationView } from "@/components/operations_page.tsx";
import type { OperationRow } from "@/lib/store/operations.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { checkHealth } from "./health.ts";
import { frameOf } from "./middleware.ts";

const LIMIT = 50;

/** The operations page: jobs, leases, failures and threads, for admins. */
export function operationRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, clock } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/operations", async (c) => {
    const [checks, open, running, waiting, failed] = await Promise.all([
      checkHealth(deps),
      store.operations.openJobs(),
      store.operations.listRunning(LIMIT),
      store.operations.listWaiting(LIMIT),
      store.operations.listFailed(LIMIT),
    ]);
    return c.html(
      <OperationsPage
        frame={frameOf(c, deps)}
        view={{
          troubles: checks.flatMap(({ reason }) => reason ?? []),
          open,
          running: running.map((row) => view(row, row.beatAt)),
          waiting: waiting.map((row) => view(row, row.runAt)),
          failed: failed.map((row) => view(row, row.finishedAt)),
          threads: deps.threads(),
          now: clock.now(),
        }}
      />,
    );
  });
  return app;
}

function view(row: OperationRow, at: number | null): OperationView {
  return {
    id: row.id,
    step: row.kind === "discovery" ? "discovery" : row.step,
    serverName: row.serverName,
    repository: row.repositoryId === null
      ? null
      : { id: row.repositoryId, fullName: row.repositoryFullName ?? row.repositoryId },
    owner: row.owner,
    attempts: row.attempts,
    crashes: row.crashes,
    at,
    reason: row.waitReason ?? row.failureReason,
    detail: row.failureDetail,
  };
}
