/** Errors of the JSON API as problem details (RFC 9457). */

import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { describeError } from "@/lib/error_facts.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { SealError } from "@/lib/seal.ts";
import { reasonSentence } from "@/lib/status.ts";
import type { RouteDeps } from "../deps.ts";
import type { ApiEnv } from "./caller.ts";
import type { problem } from "./schemas.ts";

type Problem = z.infer<typeof problem>;

/** What a problem may tell beside its sentence. */
export type Extras = Pick<Problem, "errors" | "checks" | "server">;

/** Thrown by handlers; `type` is an anchor of the documentation, or none. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: ContentfulStatusCode,
    detail: string,
    readonly extras: Partial<Extras> & { type?: string; headers?: Record<string, string> } = {},
  ) {
    super(detail);
  }
}

const TITLES: Record<number, string> = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  422: "Not acceptable as it is",
  429: "Too many requests",
  500: "Our own error",
  502: "The code server failed",
  503: "The code server asks to wait",
};

const REMOTE: Record<RemoteReason, ContentfulStatusCode> = {
  rate_limited: 503,
  unavailable: 502,
  unauthorized: 422,
  forbidden: 422,
  not_found: 422,
  closed: 422,
  too_large: 422,
  malformed: 502,
  corrupt: 502,
};

/** Every kind of problem that has an explanation of its own, by its anchor in the documentation. */
export const PROBLEM_TYPES = {
  "preflight-failed": "A check of the pre-flight failed; `checks` has the whole list.",
  "workspace-connected": "The workspace is connected already; `server` names it.",
  "invalid-request": "`errors` says what is wrong with each field.",
  "rate-limited": "Too many calls this minute; Retry-After says how many seconds to wait.",
  "idempotency-key-reused": "The Idempotency-Key was used with another body.",
} as const;

/** Answers a thrown error; only those of ours are logged. */
export function onApiError(deps: RouteDeps) {
  return (error: Error, c: Context<ApiEnv>): Response => {
    if (error instanceof ApiProblem) {
      if (error.status === 403) {
        deps.log.warn("A request was refused", {
          request: c.get("requestId"),
          method: c.req.method,
          path: c.req.path,
          caller: c.get("caller")?.subject,
          address: c.get("address"),
        });
      }
      const { type, headers, ...extras } = error.extras;
      return answer(c, error.status, error.message, {
        type: type === undefined ? "about:blank" : `${deps.publicUrl}/api/v1/docs#${type}`,
        ...extras,
      }, headers);
    }
    if (error instanceof HTTPException) {
      return answer(c, error.status as ContentfulStatusCode, error.message || "Refused.");
    }
    if (error instanceof RemoteError) {
      const { retryAfterMs } = error.details;
      return answer(
        c,
        REMOTE[error.reason],
        `${reasonSentence(error.reason)} (${error.message})`,
        {},
        retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) },
      );
    }
    if (error instanceof SealError) return answer(c, 500, error.message);
    deps.log.error("A request met an error of ours", {
      request: c.get("requestId"),
      method: c.req.method,
      path: c.req.path,
      ...describeError(error),
    });
    return answer(c, 500, "Sluice met an error of its own. The log has it under the request id.");
  };
}

/** A problem as the answer to a request. */
export function answer(
  c: Context<ApiEnv>,
  status: ContentfulStatusCode,
  detail: string,
  extras: Partial<Extras> & { type?: string } = {},
  headers: Record<string, string> = {},
): Response {
  const { type = "about:blank", ...rest } = extras;
  const body: Problem = {
    type,
    title: TITLES[status] ?? "Error",
    status,
    detail,
    requestId: c.get("requestId"),
    ...rest,
  };
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  c.header("Cache-Control", "no-store");
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

/** A refused body or query, as field and sentence. */
export function refusal(
  status: 400 | 422,
  error: z.ZodError,
  where: "body" | "query",
): ApiProblem {
  const errors = error.issues.map((issue) => ({
    path: [where, ...issue.path].join("."),
    message: issue.message,
  }));
  return new ApiProblem(
    status,
    `The ${where} cannot be used: ${errors[0]?.path}: ${errors[0]?.message}`,
    { type: "invalid-request", errors },
  );
}
