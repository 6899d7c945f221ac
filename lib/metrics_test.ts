import assert from "node:assert/strict";
import { createMetrics } from "@/lib/metrics.ts";

Deno.test("createMetrics() counts calls, steps and readings as Prometheus reads them", async () => {
  const metrics = createMetrics();
  metrics.restCall(200);
  metrics.restCall(204);
  metrics.restCall(0);
  metrics.stepEnded("tip", "advance", 2_000);
  metrics.claimed(-5);
  metrics.readingEnded({ gitRequests: 2, packBytes: 10, scannedBytes: 7 });
  const text = await metrics.text();
  assert.match(text, /^sluice_rest_calls_total\{status="2xx"\} 2$/m);
  assert.match(text, /^sluice_rest_calls_total\{status="0xx"\} 1$/m);
  assert.match(text, /^sluice_steps_total\{step="tip",outcome="advance"\} 1$/m);
  assert.match(text, /^sluice_step_seconds_sum\{step="tip"\} 2$/m);
  assert.match(text, /^sluice_queue_delay_seconds_sum 0$/m);
  assert.match(text, /^sluice_git_requests_total 2$/m);
  assert.match(text, /^sluice_scanned_bytes_total 7$/m);
});
