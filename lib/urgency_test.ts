import assert from "node:assert/strict";
import { urgencyFacts } from "@/lib/urgency.ts";

const DAY = 86_400_000;

Deno.test("urgencyFacts() says whether it is still there", () => {
  const facts = (given: { atTip: boolean; missingAt?: number }) =>
    urgencyFacts({ firstDate: null, ...given }, 0);
  assert.deepEqual(facts({ atTip: true }), ["still at the tip of the default branch"]);
  assert.deepEqual(facts({ atTip: false }), ["only in the history, where it can still be read"]);
  assert.deepEqual(facts({ atTip: false, missingAt: 5 }), [
    "no longer in the repository, but it was there",
  ]);
});

Deno.test("urgencyFacts() says for how long, and nothing of a date to come", () => {
  const since = (days: number) =>
    urgencyFacts({ atTip: true, firstDate: 1e12 - days * DAY }, 1e12).slice(1);
  assert.deepEqual(since(0), ["known to others for less than a day"]);
  assert.deepEqual(since(1), ["known to others for 1 day"]);
  assert.deepEqual(since(59), ["known to others for 59 days"]);
  assert.deepEqual(since(100), ["known to others for 3 months"]);
  assert.deepEqual(since(1100), ["known to others for 3 years"]);
  assert.deepEqual(since(-3), []);
});
