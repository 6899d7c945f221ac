import assert from "node:assert/strict";
import { decidingSpan, zonesOf } from "@/lib/detect/zones.ts";

const bytes = new TextEncoder().encode(
  `${"a".repeat(299)}\n`.repeat(3) + "above\nkey = value # comment\nbelow\n" +
    `${"b".repeat(299)}\n`,
);
const line = 900 + "above\n".length;

Deno.test("decidingSpan() takes in the match, its line and the line above", () => {
  const start = line + 6;
  const hit = { start, end: start + 5, matchStart: line, matchEnd: start + 5 };
  const span = decidingSpan(bytes, hit);
  assert.ok(span.start <= 900);
  assert.ok(span.end >= line + "key = value # comment".length);
});

Deno.test("decidingSpan() stops somewhere in a line that does not end", () => {
  const long = new Uint8Array(10_000).fill(65);
  const span = decidingSpan(long, { start: 5000, end: 5010, matchStart: 5000, matchEnd: 5010 });
  assert.deepEqual(span, { start: 3000, end: 6010 });
});

Deno.test("a zone holds every hit that a change decides about", () => {
  for (let at = 0; at <= bytes.length; at += 7) {
    const zones = zonesOf(bytes, [{ start: at, end: at }]);
    for (let start = 0; start + 5 <= bytes.length; start += 11) {
      const span = decidingSpan(bytes, {
        start,
        end: start + 5,
        matchStart: start,
        matchEnd: start + 5,
      });
      if (span.start <= at && span.end >= at) {
        assert.ok(zones.touch(start, start + 5), `${at} ${start}`);
      }
    }
  }
});

Deno.test("zones of changes that lie close are one, and far ones stay apart", () => {
  const long = new TextEncoder().encode("line\n".repeat(4000));
  const zones = zonesOf(long, [{ start: 5000, end: 5001 }, { start: 5010, end: 5010 }, {
    start: 15_000,
    end: 15_000,
  }]);
  assert.deepEqual([4000, 5005, 6000, 15_000].map((at) => zones.touch(at, at)), [
    false,
    true,
    false,
    true,
  ]);
});
