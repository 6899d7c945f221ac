import assert from "node:assert/strict";
import { createPrefilter, followers, inWord } from "@/lib/detect/prefilter.ts";
import { RULES } from "@/lib/detect/rules/mod.ts";
import { seeded } from "@/lib/git/test_repository.ts";

/** Of other characters than those of Latin-1, which no text here has, only the lower byte. */
const bytesOf = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

function fits(pattern: RegExp, text: string, at = 0): boolean {
  return createPrefilter(pattern, 0)(bytesOf(text), at);
}

/** Both ways, since the tables are filled by the first and only read by the second. */
function check(pattern: RegExp, text: string, expected: boolean): void {
  const prefilter = createPrefilter(pattern, 0);
  assert.equal(prefilter(bytesOf(text), 0), expected, `${pattern} on ${text}`);
  assert.equal(prefilter(bytesOf(text), 0), expected, `${pattern} on ${text}, again`);
}

Deno.test("a prefilter follows characters, classes, alternatives and repetitions", () => {
  check(/ab[0-9]{2}c/, "ab12c", true);
  check(/ab[0-9]{2}c/, "ab1c", false);
  check(/(?:ab|cd)+x/, "abcdabx", true);
  check(/(?:ab|cd)+x/, "abcx", false);
  check(/a{2,3}b/, "aab", true);
  check(/a{2,3}b/, "ab", false);
  check(/a{2,3}b/, "aaaab", false);
  check(/a?b*c{0}d/, "bbd", true);
  check(/\x41\u0042\d\s\W/, "AB1 -", true);
  check(/[^\]x]y/, "]y", false);
  check(/(?<name>a)\//, "a/", true);
});

Deno.test("a prefilter folds case only where the pattern does", () => {
  check(/key=/i, "KEY=", true);
  check(/key=/, "KEY=", false);
  check(/(?i:key)=x/, "Key=x", true);
  check(/(?i:key)=x/, "Key=X", false);
});

Deno.test("a prefilter knows the edges of words", () => {
  check(/curl\b[^|]{0,250}-u/, "curl -u", true);
  check(/curl\b[^|]{0,250}-u/, "curl_easy -u", false);
  check(/a\Bb/, "ab", true);
  check(/a\B-/, "a-", false);
  assert.ok(fits(/\bkey/, "-key", 1));
  assert.ok(!fits(/\bkey/, "xkey", 1));
});

Deno.test("what a prefilter does not follow is left to the expression", () => {
  check(/a(?!b)(?<=a)b/, "ab", true);
  check(/(a)\1c/, "ax", true);
  check(/^a$/, "a", true);
  check(/a{20}b/, `${"a".repeat(9)}b`, true);
  check(/a{100}b/, `${"a".repeat(64)}x`, true);
  check(/a{100}b/, `${"a".repeat(60)}x`, false);
});

Deno.test("a text that ends too early cannot match", () => {
  check(/abc/, "ab", false);
  check(/abc/, "", false);
  check(/a*/, "", true);
});

Deno.test("a prefilter that is hardly ever asked refuses nothing, and builds nothing", () => {
  const prefilter = createPrefilter(/ab/, 2);
  const answers = [1, 2, 3].map(() => prefilter(bytesOf("ac"), 0));
  assert.deepEqual(answers, [true, true, false]);
});

Deno.test("followers() marks what may stand behind a keyword, outside and inside of a word", () => {
  const after = (pattern: RegExp, keyword: string, word: number) => {
    const marks = followers(pattern, keyword);
    return Array.from("_a=1 ").filter((sign) => marks[word * 256 + sign.charCodeAt(0)] === 1).join(
      "",
    );
  };
  assert.equal(after(/\bcurl\b[^|]x/, "curl", 0), "= ");
  assert.equal(after(/\bcurl\b[^|]x/, "curl", 1), "");
  assert.equal(after(/key[a-z_]{0,3}=/i, "key", 1), "_a=");
  assert.equal(after(/KEY=/, "key", 0), "=", "the keyword may be written either way");
  assert.equal(after(/key(?<!x)/, "key", 0), "_a=1 ", "left to the expression");
  assert.equal(after(/other/, "key", 0), "");
});

Deno.test("followers() of every keyword refuses nothing that the prefilter lets pass", () => {
  let refused = 0;
  for (const rule of RULES) {
    const prefilter = createPrefilter(rule.pattern, 0);
    for (const keyword of rule.keywords) {
      const marks = followers(rule.pattern, keyword);
      for (const example of rule.matches()) {
        const text = example.slice(0, 600);
        const bytes = bytesOf(text);
        const folded = text.toLowerCase();
        for (let at = folded.indexOf(keyword); at >= 0; at = folded.indexOf(keyword, at + 1)) {
          const end = at + keyword.length;
          if (end >= bytes.length) continue;
          const before = at === 0 ? 0 : inWord(bytes[at - 1]!);
          // Every sign in the place of the one that follows.
          for (let byte = 0; byte < 256; byte++) {
            if (marks[before << 8 | byte] === 1) continue;
            const changed = bytes.slice();
            changed[end] = byte;
            refused++;
            assert.ok(!prefilter(changed, at), `${rule.id}: ${keyword} and ${byte}`);
          }
        }
      }
    }
  }
  assert.ok(refused > 10_000, `${refused} refusals`);
});

Deno.test("no prefilter refuses what its rule's pattern matches, in examples and in altered ones", () => {
  const random = seeded(5);
  let matched = 0;
  let refused = 0;
  for (const rule of RULES) {
    const sticky = new RegExp(rule.pattern.source, rule.pattern.flags.replace(/[gyd]/g, "") + "y");
    const prefilter = createPrefilter(rule.pattern, 0);
    for (const example of [...rule.matches(), ...rule.ignores()]) {
      for (let round = 0; round < 3; round++) {
        let text = String.fromCharCode(...bytesOf(example.slice(0, 600)));
        for (let i = 0; i < round; i++) {
          const at = random(text.length);
          text = text.slice(0, at) + String.fromCharCode(32 + random(95)) +
            text.slice(at + random(3));
        }
        const bytes = bytesOf(text);
        for (let at = 0; at < text.length; at++) {
          const may = prefilter(bytes, at);
          if (!may) refused++;
          sticky.lastIndex = at;
          if (!sticky.test(text)) continue;
          matched++;
          assert.ok(may, `${rule.id} at ${at} of ${JSON.stringify(text)}`);
        }
      }
    }
  }
  assert.ok(matched > 100, `${matched} matches`);
  assert.ok(refused > 100_000, `${refused} refusals`);
});
