import assert from "node:assert/strict";
import { createAutomaton, createKeywordHits } from "@/lib/detect/automaton.ts";

function scan(keywords: string[], text: string, start = 0, end = text.length): string[] {
  const hits = createKeywordHits();
  createAutomaton(keywords).scan(new TextEncoder().encode(text), start, end, hits);
  const found: string[] = [];
  for (let i = 0; i < hits.length; i += 2) {
    found.push(`${keywords[hits.pairs[i]!]}@${hits.pairs[i + 1]}`);
  }
  return found.sort();
}

Deno.test("scan() finds keywords inside each other and overlapping", () => {
  assert.deepEqual(scan(["she", "hers", "her", "ushers"], "xushersx"), [
    "her@6",
    "hers@7",
    "she@5",
    "ushers@7",
  ]);
});

Deno.test("scan() folds the case of the text and leaves other signs alone", () => {
  assert.deepEqual(scan(["api_key", "://"], "API_Key = A://B"), ["://@14", "api_key@7"]);
});

Deno.test("scan() sees only what lies wholly between start and end", () => {
  assert.deepEqual(scan(["token"], "token token token", 1, 16), ["token@11"]);
});

Deno.test("scanBeginnings() gives what begins between start and end, wherever it ends", () => {
  const hits = createKeywordHits();
  const text = new TextEncoder().encode("token tokens token");
  createAutomaton(["token", "tokens", "ken"]).scanBeginnings(text, 1, 7, hits);
  assert.deepEqual([...hits.pairs.subarray(0, hits.length)], [2, 5, 0, 11, 1, 12]);
});

Deno.test("reachBack() tells how far before a place a keyword may begin that goes on behind it", () => {
  const { reachBack } = createAutomaton(["token", "okay-token"]);
  const reach = (text: string, at: number) => reachBack(new TextEncoder().encode(text), at);
  assert.equal(reach("a TOKEN", 4), 7);
  assert.equal(reach("a token", 2), 0);
  assert.equal(reach("y-t", 1), 4);
  assert.equal(reach("token", 0), 0);
  assert.equal(reach("token", 5), 0);
});

Deno.test("scan() gives keywords in order of their end, the longer of two first", () => {
  const hits = createKeywordHits();
  createAutomaton(["abcd", "bcd", "bcde", "abc"]).scan(
    new TextEncoder().encode("abcdef"),
    0,
    6,
    hits,
  );
  assert.deepEqual([...hits.pairs.subarray(0, hits.length)], [3, 3, 0, 4, 1, 4, 2, 5]);
});

Deno.test("scan() works through texts longer than it looks at in one go", () => {
  const text = `${"x".repeat(4094)}token${"y".repeat(4089)}token`;
  assert.deepEqual(scan(["token"], text), ["token@4099", `token@${text.length}`]);
});

Deno.test("scan() agrees with indexOf over many random texts", () => {
  const keywords = ["aab", "aba", "bab", "abab", "bbb", "cab"];
  let seed = 7;
  for (let round = 0; round < 200; round++) {
    let text = "";
    for (let i = 0; i < 60; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      text += "abc"[Math.floor(seed / 65536) % 3];
    }
    const expected: string[] = [];
    for (const keyword of keywords) {
      for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) {
        expected.push(`${keyword}@${at + keyword.length}`);
      }
    }
    assert.deepEqual(scan(keywords, text), expected.sort());
  }
});

Deno.test("scan() grows its list when a text is nothing but keywords", () => {
  assert.equal(scan(["aaa", "aaaa"], "a".repeat(5000)).length, 4998 + 4997);
});

Deno.test("createAutomaton() refuses a keyword of two bytes", () => {
  assert.throws(() => createAutomaton(["ab"]), /short: ab/);
});

Deno.test("createAutomaton() refuses a keyword that is not lower-case ASCII", () => {
  assert.throws(() => createAutomaton(["Key"]), /not lower-case ASCII: Key/);
});
