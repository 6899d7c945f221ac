/**
 * Spans for who runs it, by Deno's own OpenTelemetry (`OTEL_DENO=true`); without it all this does
 * nothing. Deno writes a request's whole address into its span before it asks us, and what is set
 * later is appended: `url.full` and `url.query` are for the collector to delete.
 */

import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("sluice");

/** Names the span of the request that is being answered by its route, such as `/repositories/:id`. */
export function nameRequest(method: string, route: string): void {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  span.updateName(`${method} ${route}`);
  span.setAttribute("http.route", route);
}

/** Runs `work` in a span; what it throws marks the span as failed, by its name alone. */
export function inSpan<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.name : "error";
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
