import assert from "node:assert/strict";
import { Hono } from "hono";
import { createMetrics } from "@/lib/metrics.ts";
import { testRepository } from "@/lib/git/test_repository.ts";
import { mainJob } from "@/workers/fake_main_job.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { metricRoutes } from "./metrics.ts";

Deno.test("GET /metrics asks for a key, and counts what stands in rows and what was done", async () => {
  await using repository = await testRepository();
  await repository.commit({ files: { "a.txt": "text\n" } });
  await using job = await mainJob({ repositories: [{ name: "one", git: repository.dir }] });
  await job.run(job.settled);
  const deps = { store: job.store, metrics: job.metrics, runningSteps: () => 3 };
  const app = new Hono<AppEnv>();
  app.route("/", metricRoutes(deps as unknown as RouteDeps));
  assert.equal((await app.request("/metrics")).status, 401);
  const wrong = { headers: { Authorization: "Bearer nonsense" } };
  assert.equal((await app.request("/metrics", wrong)).status, 401);

  const { key } = await job.store.apiKeys.create({
    name: "prometheus",
    role: "viewer",
    createdBy: "ada@example.org",
    expiresAt: null,
  });
  const answer = await app.request("/metrics", { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 200);
  const text = await answer.text();
  assert.match(text, /^sluice_repositories\{state="clean"\} 1$/m);
  assert.match(text, /^sluice_rest_budget_used\{server="demo"\} [1-9]/m);
  assert.match(text, /^sluice_rest_calls_total\{status="2xx"\} [1-9]/m);
  assert.match(text, /^sluice_steps_total\{step="history",outcome="done"\} 1$/m);
  assert.match(text, /^sluice_git_requests_total [1-9]/m);
  assert.match(text, /^sluice_running_steps 3$/m);
});

Deno.test("createMetrics() keeps each instance's figures apart", async () => {
  const one = createMetrics();
  one.restCall(429);
  assert.match(await one.text(), /sluice_rest_calls_total\{status="4xx"\} 1/);
  assert.doesNotMatch(await createMetrics().text(), /status="4xx"/);
});

Deno.test("the dashboard asks only for figures that there are", async () => {
  const dashboard = await Deno.readTextFile(new URL("../docs/grafana.json", import.meta.url));
  const asked = new Set(dashboard.match(/sluice_[a-z_]+/g));
  const known = await createMetrics().text();
  for (const name of asked) {
    const bare = name.replace(/_bucket$/, "");
    assert.ok(known.includes(`# HELP ${bare} `), `${name} is not among the metrics`);
  }
});
