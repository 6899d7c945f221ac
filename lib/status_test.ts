/** Every state has its words, and only known tones. */

import assert from "node:assert/strict";
import {
  ATTENTION_REASONS,
  ATTENTION_SENTENCES,
  FINDING_STATES,
  FINDING_WORDS,
  isOneOf,
  reasonSentence,
  REPOSITORY_STATES,
  REPOSITORY_WORDS,
  SERVER_STATES,
  SERVER_WORDS,
  SEVERITY_ORDER,
  SEVERITY_WORDS,
  type StateWords,
  TONES,
  TRIAGE_STATES,
} from "./status.ts";
import { REMOTE_REASONS } from "./errors.ts";

const SETS: [string, readonly string[], Record<string, StateWords>][] = [
  ["server", SERVER_STATES, SERVER_WORDS],
  ["repository", REPOSITORY_STATES, REPOSITORY_WORDS],
  ["finding", FINDING_STATES, FINDING_WORDS],
  ["severity", SEVERITY_ORDER, SEVERITY_WORDS],
];

for (const [name, states, words] of SETS) {
  Deno.test(`each ${name} state has a word of its own, an icon in the sprite and a sentence`, async () => {
    const sprite = await Deno.readTextFile(new URL("../static/icons.svg", import.meta.url));
    assert.deepEqual(Object.keys(words).sort(), [...states].sort());
    assert.equal(new Set(Object.values(words).map((one) => one.word)).size, states.length);
    for (const one of Object.values(words)) {
      assert.ok(sprite.includes(`id="${one.icon}"`), `${one.icon} is missing in icons.svg`);
      assert.ok(isOneOf(TONES, one.tone));
      assert.match(one.sentence, /^[A-Z].*\.$/);
    }
  });
}

Deno.test("a person can give each finding state but suppressed", () => {
  assert.deepEqual(FINDING_STATES.filter((state) => !isOneOf(TRIAGE_STATES, state)), [
    "suppressed",
  ]);
});

Deno.test("only a server that did not answer is said not to have answered", () => {
  for (const reason of ATTENTION_REASONS) {
    const sentence = ATTENTION_SENTENCES[reason];
    assert.match(sentence, /^[A-Z].*\.$/);
    assert.equal(/not answered/.test(sentence), reason === "unreachable");
  }
});

Deno.test("each reason of a code server has a sentence, and an unknown one is ours", () => {
  for (const reason of REMOTE_REASONS) {
    assert.notEqual(reasonSentence(reason), reasonSentence("internal"));
  }
  assert.equal(reasonSentence("surprise"), reasonSentence("internal"));
});
