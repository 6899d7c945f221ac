import assert from "node:assert/strict";
import { FINDING_STATES, FINDING_WORDS } from "@/lib/status.ts";
import { isUnresolved, WHY_SENTENCES } from "@/lib/triage.ts";

Deno.test("isUnresolved() holds as long as somebody has to act", () => {
  assert.deepEqual(FINDING_STATES.filter(isUnresolved), ["open", "to_fix"]);
});

Deno.test("WHY_SENTENCES ask about what leaves a secret where it is, in its own words", () => {
  for (const state of FINDING_STATES) {
    const sentence = WHY_SENTENCES[state];
    if (sentence !== undefined) assert.ok(sentence.includes(FINDING_WORDS[state].word));
  }
});
