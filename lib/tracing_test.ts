import assert from "node:assert/strict";
import { inSpan, nameRequest } from "@/lib/tracing.ts";

Deno.test("without OpenTelemetry inSpan() gives what the work gives, and throws what it throws", async () => {
  assert.equal(await inSpan("step tip", { "job.id": "1" }, () => Promise.resolve(7)), 7);
  await assert.rejects(inSpan("step tip", {}, () => Promise.reject(new Error("no"))), /no/);
  nameRequest("GET", "/");
});
