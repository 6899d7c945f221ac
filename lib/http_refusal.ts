/** Turns an answer that refuses into a `RemoteError`: status to reason, body to a safe sentence. */

import { RemoteError, type RemoteErrorDetails, type RemoteReason } from "@/lib/errors.ts";
import { retryAfterMs } from "@/lib/rate_headers.ts";
import { clean, secretsSent, withoutSecrets } from "@/lib/said.ts";

/** What there is to know about an answer that is no success. */
export interface RefusedAnswer {
  host: string;
  status: number;
  headers: Headers;
  /** The start of the body, possibly empty. */
  body: string;
  /** The request's headers: whatever of them the body echoes is cut out. */
  sent: Headers;
  reasons: Readonly<Record<number, RemoteReason>>;
  nowMs: number;
}

/** Far more rights than any call needs. */
const MOST_SCOPES = 20;

/** The error for it; 5xx and Bitbucket's 555 are `unavailable`, an unforeseen status `malformed`. */
export function refusal(answer: RefusedAnswer): RemoteError {
  const reason = answer.reasons[answer.status] ?? reasonOf(answer.status);
  const details: RemoteErrorDetails = { status: answer.status };
  if (reason === "rate_limited" || reason === "unavailable") {
    const wait = retryAfterMs(answer.headers, answer.nowMs);
    if (wait !== undefined && (reason === "rate_limited" || answer.headers.has("retry-after"))) {
      details.retryAfterMs = wait;
    }
  }
  const error = parseError(answer.body);
  const secrets = secretsSent(answer.sent.get("authorization"));
  // These are shown and stored as well, and what is no right may be an echo.
  const scopes = error.required.filter((scope) => withoutSecrets(scope, secrets) === scope)
    .slice(0, MOST_SCOPES);
  if (reason === "forbidden" && scopes.length > 0) details.requiredScopes = scopes;
  const said = clean(error.message, secrets);
  return new RemoteError(
    reason,
    `${answer.host} answered ${answer.status}${said === "" ? "" : `: ${said}`}`,
    details,
  );
}

function reasonOf(status: number): RemoteReason {
  if (status === 429) return "rate_limited";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 408 || status >= 500) return "unavailable";
  return "malformed";
}

/** Bitbucket's envelope: `detail` is typed as text, and is an object when scopes are missing. */
function parseError(body: string): { message: string; required: string[] } {
  if (/^\s*</.test(body)) return { message: "an HTML page", required: [] };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { message: body, required: [] };
  }
  const error = field(value, "error");
  const detail = field(error, "detail");
  const required = field(detail, "required");
  const message = field(error, "message");
  return {
    message: typeof message === "string" ? message : "",
    required: Array.isArray(required)
      ? required.filter((scope): scope is string =>
        typeof scope === "string" && /^[a-z:_-]{1,64}$/.test(scope)
      )
      : [],
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
