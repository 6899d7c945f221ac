/** How numbers, sizes and times read. */

import assert from "node:assert/strict";
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDate,
  formatDuration,
  formatMoment,
  formatRelative,
  formatTook,
  isoTime,
  percent,
  plural,
  shortCommit,
} from "./format.ts";

const NOON = Date.UTC(2026, 10, 24, 12, 5, 9);
const MIN = 60_000;

Deno.test("formatCount() groups by thousands", () => {
  assert.deepEqual([0, 999, 1000, 1266, 1_234_567].map(formatCount), [
    "0",
    "999",
    "1,000",
    "1,266",
    "1,234,567",
  ]);
});

Deno.test("plural() takes one for exactly one", () => {
  assert.equal(plural(0, "repository", "repositories"), "0 repositories");
  assert.equal(plural(1, "repository", "repositories"), "1 repository");
  assert.equal(plural(1266, "commit"), "1,266 commits");
});

Deno.test("formatBytes() keeps one decimal below ten and changes unit before 1,000", () => {
  assert.deepEqual([0, 512, 1023, 1536, 1024 * 1024, 76 * 1024 * 1024, 5e12].map(formatBytes), [
    "0 B",
    "512 B",
    "1 KB",
    "1.5 KB",
    "1 MB",
    "76 MB",
    "4.5 TB",
  ]);
});

Deno.test("formatDuration() gives at most two units", () => {
  assert.deepEqual(
    [0, 42_000, 60_000, 250_000, 125 * MIN, 120 * MIN, 28 * 60 * MIN, 72 * 60 * MIN]
      .map(formatDuration),
    ["0 s", "42 s", "1 min", "4 min 10 s", "2 h 5 min", "2 h", "1 day 4 h", "3 days"],
  );
});

Deno.test("formatTook() speaks of no zero seconds", () => {
  assert.deepEqual([0, 999, 1000, 61_000].map(formatTook), [
    "less than a second",
    "less than a second",
    "1 s",
    "1 min 1 s",
  ]);
});

Deno.test("formatRelative() looks both ways", () => {
  assert.equal(formatRelative(NOON - 500, NOON), "just now");
  assert.equal(formatRelative(NOON - 59_000, NOON), "59 s ago");
  assert.equal(formatRelative(NOON - 5 * MIN, NOON), "5 min ago");
  assert.equal(formatRelative(NOON + 3 * 24 * 60 * MIN, NOON), "in 3 days");
  assert.equal(formatRelative(NOON - 90 * 24 * 60 * MIN, NOON), "3 months ago");
  assert.equal(formatRelative(NOON - 900 * 24 * 60 * MIN, NOON), "2 years ago");
});

Deno.test("moments are UTC wherever the machine stands", () => {
  assert.equal(isoTime(NOON), "2026-11-24T12:05:09Z");
  assert.equal(formatDate(NOON), "2026-11-24");
  assert.equal(formatClock(NOON), "12:05 UTC");
  assert.equal(formatMoment(NOON), "2026-11-24 12:05 UTC");
});

Deno.test("percent() is 100 only at the end", () => {
  assert.equal(percent(0, 10), 0);
  assert.equal(percent(9999, 10_000), 99);
  assert.equal(percent(10, 10), 100);
  assert.equal(percent(0, 0), 100);
});

Deno.test("shortCommit() gives ten characters", () => {
  assert.equal(shortCommit("0123456789abcdef0123456789abcdef01234567"), "0123456789");
});
