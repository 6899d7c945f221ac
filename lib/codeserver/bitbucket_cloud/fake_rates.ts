/** The rate limits of the stand-in: calls counted by credential, headers as each kind gets them. */

import type { Caller } from "@/lib/codeserver/bitbucket_cloud/fake_auth.ts";
import type { FakeCredential } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** How many REST calls an hour a credential has, and what a refusal says about waiting. */
export interface RateHabits {
  /** 1,000 unless told. */
  perHour?: number;
  refusal?: "silent" | "retry-after" | "reset";
  /** Seconds that the refusal names (60). */
  retryAfterSeconds?: number;
}

const ANONYMOUS_PER_HOUR = 60;

/** One server's counts; they start anew by `reset` alone, so that no test waits for an hour. */
export class FakeRates {
  #counts = new Map<FakeCredential | null, number>();

  constructor(readonly habits: RateHabits = {}) {}

  /** Counts a call; the refusal when it is one too many. */
  take(caller: Caller): Response | null {
    if (caller === "refused") return null;
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    if (count <= this.#limit(caller)) return null;
    const seconds = String(this.habits.retryAfterSeconds ?? 60);
    const headers = new Headers({ "content-type": "text/plain" });
    if (this.habits.refusal === "retry-after") headers.set("retry-after", seconds);
    if (this.habits.refusal === "reset") headers.set("x-ratelimit-reset", seconds);
    return new Response("Rate limit for this resource has been exceeded", { status: 429, headers });
  }

  /** API tokens and OAuth get none, access tokens the official ones, anonymous calls the old ones. */
  headers(caller: Caller): [string, string][] {
    if (caller === "refused") return [];
    const limit = this.#limit(caller);
    const left = Math.max(0, limit - (this.#counts.get(caller) ?? 0));
    if (caller === null) {
      return [
        ["x-ratelimit-limit", `${limit}, ${limit};w=3600`],
        ["x-ratelimit-remaining", String(left)],
        ["x-ratelimit-reset", "3019"],
      ];
    }
    if (!caller.kind.endsWith("access_token")) return [];
    return [
      ["x-ratelimit-limit", String(limit)],
      ["x-ratelimit-resource", "api-repositories"],
      ["x-ratelimit-nearlimit", String(left < limit / 5)],
    ];
  }

  /** A new hour. */
  reset(): void {
    this.#counts.clear();
  }

  #limit(caller: FakeCredential | null): number {
    return caller === null ? ANONYMOUS_PER_HOUR : this.habits.perHour ?? 1000;
  }
}
