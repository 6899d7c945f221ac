import assert from "node:assert/strict";
import { rateLimit, retryAfterMs } from "@/lib/rate_headers.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);

Deno.test("retryAfterMs() reads seconds, dates and both kinds of reset, in this order", () => {
  const cases: [Record<string, string>, number | undefined][] = [
    [{}, undefined],
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": " 0 " }, 0],
    [{ "retry-after": "Tue, 24 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "soon", "x-ratelimit-reset": "12" }, 12_000],
    [{ "x-ratelimit-reset": "3019" }, 3_019_000],
    [{ "x-ratelimit-reset": String(NOW / 1000 + 90) }, 90_000],
    [{ "x-ratelimit-reset": "-5" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "-5", "x-ratelimit-reset": "12" }, 12_000],
    [{ "retry-after": "5", "x-ratelimit-reset": "3019" }, 5_000],
    [{ "retry-after": "99999999" }, 24 * 3_600_000],
  ];
  for (const [headers, expected] of cases) {
    assert.equal(retryAfterMs(new Headers(headers), NOW), expected, JSON.stringify(headers));
  }
});

Deno.test("rateLimit() takes the first figure of each header", () => {
  assert.deepEqual(
    rateLimit(new Headers({ "x-ratelimit-limit": "60, 60;w=3600", "x-ratelimit-remaining": "59" })),
    { limit: 60, remaining: 59 },
  );
  assert.deepEqual(rateLimit(new Headers({ "x-ratelimit-limit": "many" })), {
    limit: null,
    remaining: null,
  });
});
