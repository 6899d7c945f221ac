/** Every error's answer: status, sentence, and page or fragment; the rest goes to the log. */

import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { ErrorPage } from "@/components/error_page.tsx";
import { DISK_FULL, isDiskFull } from "@/lib/disk.ts";
import { describeError } from "@/lib/error_facts.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { TooBusyError } from "@/lib/password.ts";
import { SealError } from "@/lib/seal.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

const REMOTE: Record<RemoteReason, { status: ContentfulStatusCode; sentence: string }> = {
  rate_limited: {
    status: 503,
    sentence: "Bitbucket asked us to wait. Try again in a minute.",
  },
  unavailable: { status: 502, sentence: "Bitbucket did not answer. Try again in a moment." },
  unauthorized: { status: 422, sentence: "The token no longer works. Replace it." },
  forbidden: { status: 422, sentence: "The token lacks a right that this needs." },
  not_found: { status: 404, sentence: "Bitbucket does not know this, or the token cannot see it." },
  closed: { status: 422, sentence: "Bitbucket has closed this workspace." },
  too_large: { status: 422, sentence: "This is larger than the limits of this installation." },
  malformed: { status: 502, sentence: "Bitbucket answered in a form we do not know." },
  corrupt: { status: 502, sentence: "What Bitbucket sent was damaged on the way. Try again." },
};

const TITLES: Record<number, string> = {
  401: "Sign in first",
  403: "Not yours to change",
  404: "Not found",
  413: "Too much at once",
  421: "At another address",
  422: "That did not work",
};

/** Answers a thrown error; only those of ours are logged. */
export function onError(deps: RouteDeps) {
  return (error: Error, c: Context<AppEnv>): Response | Promise<Response> => {
    if (error instanceof HTTPException) {
      // A refusal may be somebody who tries what they may not.
      if (error.status === 403) {
        deps.log.warn("A request was refused", {
          request: c.get("requestId"),
          method: c.req.method,
          path: c.req.path,
          user: c.get("user")?.id,
          address: c.get("address"),
        });
      }
      return answer(c, deps, error.status as ContentfulStatusCode, error.message);
    }
    if (error instanceof RemoteError) {
      const { status, sentence } = REMOTE[error.reason];
      return answer(c, deps, status, `${sentence} (${error.message})`);
    }
    if (error instanceof TooBusyError) {
      return answer(c, deps, 503, "Many people sign in just now. Try again in a moment.");
    }
    if (isDiskFull(error)) {
      deps.vitals.diskFull();
      return answer(c, deps, 507, DISK_FULL);
    }
    if (error instanceof SealError) return answer(c, deps, 500, error.message);
    deps.log.error("A request met an error of ours", {
      request: c.get("requestId"),
      method: c.req.method,
      path: c.req.path,
      ...describeError(error),
    });
    return answer(
      c,
      deps,
      500,
      "Sluice met an error of its own. Nothing you entered was lost on our side; go back and try again.",
      c.get("requestId"),
    );
  };
}

/** Answers an address that nothing stands at. */
export function notFound(deps: RouteDeps) {
  return (c: Context<AppEnv>) => answer(c, deps, 404, "There is no page at this address.");
}

function answer(
  c: Context<AppEnv>,
  deps: RouteDeps,
  status: ContentfulStatusCode,
  sentence: string,
  requestId: string | null = null,
): Response | Promise<Response> {
  const title = TITLES[status] ?? "Something went wrong";
  if (c.req.header("HX-Request")) {
    return c.html(<p class="problem" role="alert">{sentence}</p>, status);
  }
  const user = c.get("user");
  const frame = user
    ? { instanceName: deps.instanceName, user: { email: user.email, role: user.role }, flash: null }
    : null;
  return c.html(
    <ErrorPage
      instanceName={deps.instanceName}
      frame={frame}
      error={{ status, title, sentence, requestId, onward: { href: "/", word: "To the start" } }}
    />,
    status,
  );
}
