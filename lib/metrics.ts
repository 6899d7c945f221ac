/** The figures of this process for Prometheus; what stands in rows is asked when it is read. */

import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** A registry of its own, so that a test's figures are no other's. */
export function createMetrics() {
  const registers = [new Registry()];
  const registry = registers[0]!;
  const restCalls = new Counter({
    name: "sluice_rest_calls_total",
    help: "REST calls to code servers by the answer's status class (0xx: no answer)",
    labelNames: ["status"] as const,
    registers,
  });
  const gitRequests = new Counter({
    name: "sluice_git_requests_total",
    help: "Git requests of finished readings",
    registers,
  });
  const packBytes = new Counter({
    name: "sluice_pack_bytes_total",
    help: "Bytes of packs received by finished readings",
    registers,
  });
  const scannedBytes = new Counter({
    name: "sluice_scanned_bytes_total",
    help: "Bytes of text looked at by finished readings",
    registers,
  });
  const steps = new Counter({
    name: "sluice_steps_total",
    help: "Steps of jobs by how they ended",
    labelNames: ["step", "outcome"] as const,
    registers,
  });
  const stepSeconds = new Histogram({
    name: "sluice_step_seconds",
    help: "How long steps ran",
    labelNames: ["step"] as const,
    buckets: [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    registers,
  });
  const queueSeconds = new Histogram({
    name: "sluice_queue_delay_seconds",
    help: "From the time a job was due until it was claimed",
    buckets: [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200],
    registers,
  });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  const rows = {
    jobs: gauge("sluice_jobs", "Open jobs by kind and state", ["kind", "state"]),
    oldestJob: gauge("sluice_oldest_due_job_seconds", "Age of the oldest job that is due", [
      "kind",
    ]),
    repositories: gauge("sluice_repositories", "Repositories by shown state", ["state"]),
    findings: gauge("sluice_findings", "Findings by state and severity", ["state", "severity"]),
    budget: gauge("sluice_rest_budget_used", "REST calls of this hour by server", ["server"]),
    budgetLimit: gauge("sluice_rest_budget_limit", "REST calls an hour by server", ["server"]),
    running: gauge("sluice_running_steps", "Steps that run in this process", []),
  };

  return {
    restCall(status: number): void {
      restCalls.inc({ status: `${Math.floor(status / 100)}xx` });
    },
    readingEnded(read: { gitRequests: number; packBytes: number; scannedBytes: number }): void {
      gitRequests.inc(read.gitRequests);
      packBytes.inc(read.packBytes);
      scannedBytes.inc(read.scannedBytes);
    },
    claimed(delayMs: number): void {
      queueSeconds.observe(Math.max(0, delayMs) / 1000);
    },
    stepEnded(step: string, outcome: string, ms: number): void {
      steps.inc({ step, outcome });
      stepSeconds.observe({ step }, ms / 1000);
    },
    rows,
    contentType: registry.contentType,
    /** The text that Prometheus reads. */
    text: (): Promise<string> => registry.metrics(),
  };
}
