import assert from "node:assert/strict";
import type { PlacedHit } from "@/lib/git/mod.ts";
import { type GroupedHit, groupSecrets, type Judge } from "@/workers/group_secrets.ts";

interface TestHit extends GroupedHit {
  severity: "critical" | "high" | "medium" | "low";
}

const judge: Judge<TestHit> = (hit, path) =>
  path.startsWith("never/") ? null : {
    severity: path.startsWith("test/") ? "low" : hit.severity,
    confidence: "high",
    pathKind: path.startsWith("test/") ? "test" : "source",
    reasons: [path],
    suppressedBy: path.startsWith("allowed/") ? "an inline comment" : null,
  };

function at(path: string, more: { atTip?: boolean; fingerprint?: string; commit?: string } = {}) {
  const { atTip = false, fingerprint = "f1", commit = "c" } = more;
  const placed: PlacedHit<TestHit> = {
    hit: { ruleId: "acme", preview: "ac****", fingerprint, severity: "high" },
    line: 3,
    column: 7,
    place: {
      blob: 0,
      oid: "b",
      path,
      commit,
      author: { name: "Ada", email: "a@e", date: 5 },
      atTip,
    },
  };
  return placed;
}

function group(...placed: PlacedHit<TestHit>[]) {
  const groups = groupSecrets<TestHit>(judge);
  for (const one of placed) groups.add(one);
  return [...groups.batches(100)].flat();
}

Deno.test("one secret is one group, whatever its places", () => {
  const [first, second, ...rest] = group(
    at("a.ts"),
    at("b.ts", { atTip: true }),
    at("a.ts", { fingerprint: "f2" }),
  );
  assert.deepEqual(rest, []);
  assert.equal(first!.occurrenceCount, 2);
  assert.equal(first!.atTip, true);
  assert.deepEqual(first!.occurrences.map(({ path, line }) => [path, line]), [["a.ts", 3], [
    "b.ts",
    3,
  ]]);
  assert.equal(second!.fingerprint, "f2");
});

Deno.test("a secret is as grave as its gravest place, in whatever order they come", () => {
  for (const paths of [["test/a", "src/a"], ["src/a", "test/a"]]) {
    const [secret] = group(...paths.map((path) => at(path)));
    assert.deepEqual([secret!.severity, secret!.pathKind], ["high", "source"]);
  }
});

Deno.test("a secret is suppressed only where all its places are", () => {
  assert.equal(group(at("allowed/a"))[0]!.suppressedBy, "an inline comment");
  assert.equal(group(at("allowed/a"), at("test/b"))[0]!.suppressedBy, null);
  assert.equal(group(at("test/b"), at("allowed/a"))[0]!.suppressedBy, null);
});

Deno.test("a place that the rule does not speak for is none", () => {
  assert.deepEqual(group(at("never/a")), []);
  assert.equal(group(at("never/a"), at("src/a"))[0]!.occurrenceCount, 1);
});

Deno.test("the oldest 500 places are kept, and what stands at the tip with them", () => {
  const placed = Array.from({ length: 700 }, (_, i) => at(`p${i}`, { atTip: i === 650 }));
  const [secret] = group(...placed);
  assert.equal(secret!.occurrenceCount, 700);
  assert.equal(secret!.occurrences.length, 500);
  assert.equal(secret!.occurrences[0]!.path, "p0");
  assert.ok(secret!.occurrences.some(({ path }) => path === "p650"));
});

Deno.test("batches() cuts where it is asked to", () => {
  const groups = groupSecrets<TestHit>(judge);
  for (let i = 0; i < 5; i++) groups.add(at("a", { fingerprint: `f${i}` }));
  assert.deepEqual([...groups.batches(2)].map((batch) => batch.length), [2, 2, 1]);
  assert.equal(groups.size(), 5);
});

Deno.test("places with long names are kept while they fit, and counted all the same", () => {
  const long = "d/".repeat(2_000);
  const [secret] = group(
    ...Array.from({ length: 500 }, (_, i) => at(`${long}${i}`, { atTip: i === 400 })),
  );
  assert.equal(secret!.occurrenceCount, 500);
  assert.ok(JSON.stringify(secret).length < 600_000, `${JSON.stringify(secret).length}`);
  assert.equal(secret!.occurrences[0]!.path, `${long}0`);
  assert.ok(secret!.occurrences.some(({ path }) => path === `${long}400`));
});

Deno.test("batches() cuts sooner where the places of its secrets are many and long", () => {
  const groups = groupSecrets<TestHit>(judge);
  const long = "d/".repeat(2_000);
  for (let i = 0; i < 20; i++) {
    for (let j = 0; j < 100; j++) groups.add(at(`${long}${j}`, { fingerprint: `f${i}` }));
  }
  const batches = [...groups.batches(100)];
  assert.equal(batches.flat().length, 20);
  const largest = Math.max(...batches.map((batch) => JSON.stringify(batch).length));
  assert.ok(largest < 3_000_000, `${largest}`);
});
