/** What an answer's headers say about limits and waiting (RFC 9110 section 10.2.3; X-RateLimit-*). */

/** A server that asks for more than a day is taken to mean a day. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Below it `X-RateLimit-Reset` counts the seconds left, above it the seconds since the epoch. */
const SMALLEST_EPOCH_S = 1_000_000;

/** Milliseconds to wait, from `Retry-After` (seconds or date), else from the reset header. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  return parseRetryAfter(headers.get("retry-after"), nowMs) ??
    parseReset(headers.get("x-ratelimit-reset"), nowMs);
}

/** The allowance and what is left of it; null where the headers do not say. */
export function rateLimit(headers: Headers): { limit: number | null; remaining: number | null } {
  return {
    limit: firstNumber(headers.get("x-ratelimit-limit")),
    remaining: firstNumber(headers.get("x-ratelimit-remaining")),
  };
}

function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) {
    // A negative number says nothing; Date would read it as a year.
    return text.startsWith("-") ? undefined : bounded(Number(text) * 1000);
  }
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : bounded(dateMs - nowMs);
}

function parseReset(value: string | null, nowMs: number): number | undefined {
  const seconds = firstNumber(value);
  if (seconds === null) return undefined;
  return bounded(seconds < SMALLEST_EPOCH_S ? seconds * 1000 : seconds * 1000 - nowMs);
}

/** `60, 60;w=3600` is 60: some servers add their policy after the figure. */
function firstNumber(value: string | null): number | null {
  const digits = value?.match(/^\s*(\d+)/)?.[1];
  return digits === undefined ? null : Number(digits);
}

function bounded(ms: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(ms)));
}
