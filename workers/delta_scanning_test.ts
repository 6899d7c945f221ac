import assert from "node:assert/strict";
import { createDetector, type Hit } from "@/lib/detect/mod.ts";
import type { BlobHits } from "@/lib/git/blob_hits.ts";
import { createBlobScan } from "@/lib/git/blob_scan.ts";
import { applyDelta, createPieces } from "@/lib/git/delta.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { readAll } from "@/lib/git/test_reading.ts";
import { seeded, type TestCommit, testRepository } from "@/lib/git/test_repository.ts";
import { applyEdit, type Part, randomEdit, randomText } from "@/workers/test_texts.ts";
import { scannerOf } from "@/workers/read_repository.ts";

/** Seconds of random seeds; absent: one fixed seed, a few hundred texts. */
const SECONDS = Number(Deno.env.get("SLUICE_PROPERTY_SECONDS") ?? 0);
const FIXED_CHAINS = 150;
const CHAIN = 6;

const detector = createDetector({ fingerprintKey: new Uint8Array(32).fill(3) });

/** The edit in git's own form. */
function deltaOf(base: Uint8Array, parts: readonly Part[]): Uint8Array {
  const out: number[] = [];
  const size = (value: number) => {
    for (; value >= 128; value = Math.floor(value / 128)) out.push(value % 128 | 128);
    out.push(value);
  };
  size(base.length);
  size(
    parts.reduce(
      (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.to - part.from),
      0,
    ),
  );
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      for (let at = 0; at < part.length; at += 127) {
        const piece = part.subarray(at, at + 127);
        out.push(piece.length, ...piece);
      }
      continue;
    }
    for (let at = part.from; at < part.to; at += 0xffff) {
      const count = Math.min(0xffff, part.to - at);
      out.push(0xbf, at & 255, at >> 8 & 255, at >> 16 & 255, at >> 24 & 255);
      out.push(count & 255, count >> 8 & 255);
    }
  }
  return Uint8Array.from(out);
}

/** What decides about a hit is told of the text that it was found in first. */
function withoutSpan({ from: _from, to: _to, contested: _contested, ...hit }: Hit) {
  return hit;
}

function told(hits: BlobHits<Hit> | undefined) {
  return (hits?.hits ?? []).map((hit, i) => ({
    ...withoutSpan(hit),
    start: hits!.places[i * 4],
    end: hits!.places[i * 4 + 1],
    line: hits!.places[i * 4 + 2],
    column: hits!.places[i * 4 + 3],
  }));
}

function checkChain(seed: number): { texts: number; hits: number; shown: number; bytes: number } {
  const random = seeded(seed);
  const scan = createBlobScan(scannerOf(detector), { count: CHAIN }, 1e7);
  const pieces = createPieces();
  let bytes = randomText(random);
  scan.whole(0, bytes);
  let total = bytes.length;
  let hits = 0;
  for (let index = 1; index < CHAIN; index++) {
    const base = bytes;
    let parts = randomEdit(base, random);
    if (random(3) === 0 && parts.length > 1) {
      // A second edit further on, in the last piece.
      const last = parts.at(-1)!;
      if (!(last instanceof Uint8Array)) {
        const inner = randomEdit(base.subarray(last.from, last.to), random).map((part) =>
          part instanceof Uint8Array
            ? part
            : { from: part.from + last.from, to: part.to + last.from }
        );
        parts = [...parts.slice(0, -1), ...inner];
      }
    }
    bytes = applyDelta(base, deltaOf(base, parts), pieces);
    scan.derived(index, bytes, pieces, index - 1, base);
    const whole = detector.detect(bytes);
    const found = told(scan.hits.get(index));
    assert.deepEqual(found, whole.hits.map(withoutSpan), `seed ${seed}, text ${index}`);
    hits += found.length;
    total += bytes.length;
  }
  return { texts: CHAIN, hits, shown: scan.counts.scannedBytes, bytes: total };
}

Deno.test("scanning by deltas finds exactly what scanning every text whole finds", () => {
  const end = performance.now() + SECONDS * 1000;
  let seed = SECONDS > 0 ? Math.floor(Math.random() * 2 ** 30) : 1;
  const sum = { texts: 0, hits: 0, shown: 0, bytes: 0 };
  for (let i = 0; SECONDS > 0 ? performance.now() < end : i < FIXED_CHAINS; i++) {
    const one = checkChain(seed++);
    for (const key of ["texts", "hits", "shown", "bytes"] as const) sum[key] += one[key];
  }
  assert.ok(sum.hits > sum.texts / 10, "the texts hold secrets");
  assert.ok(sum.shown < sum.bytes * 0.8, "not everything was looked at again");
});

Deno.test("scanning by deltas settles overlaps with what it carries along", () => {
  // In both, a change made a hit inside of a long one that was found before.
  for (const seed of [617510896, 251186090]) checkChain(seed);
});

/** Every hit at every place, as one sorted list of lines. */
async function placedHits(dir: string, byDeltas: boolean): Promise<string[]> {
  const scanner = scannerOf(detector);
  await using server = fakeGitServer({ repositories: { r: dir } });
  const { placed } = await readAll<Hit>(`${server.url}r`, {
    scanner: byDeltas ? scanner : { ...scanner, scanChanged: (bytes) => scanner.scan(bytes) },
  });
  return placed.map(({ hit, line, column, place }) =>
    JSON.stringify([
      place.oid,
      place.path,
      line,
      column,
      hit.ruleId,
      hit.fingerprint,
      hit.severity,
      hit.confidence,
      hit.reasons,
      hit.suppressedBy,
    ])
  ).sort();
}

Deno.test("scanning by git's own deltas finds what scanning every blob whole finds", async () => {
  await using repository = await testRepository();
  const random = seeded(2);
  const texts = ["a", "b/c", "d"].map((path) => ({ path, bytes: randomText(random) }));
  const commits: TestCommit[] = [];
  for (let i = 0; i < 40; i++) {
    const one = texts[random(texts.length)]!;
    one.bytes = applyEdit(one.bytes, randomEdit(one.bytes, random));
    commits.push({ files: { [one.path]: one.bytes } });
  }
  await repository.commit(...commits);
  await repository.git(["repack", "-adfq", "--depth=50"]);
  const found = await placedHits(repository.dir, true);
  assert.ok(found.length > 40);
  assert.deepEqual(found, await placedHits(repository.dir, false));
});

/** A real history, where one is named. */
const REPOSITORY = Deno.env.get("SLUICE_PROPERTY_REPOSITORY");

Deno.test({
  name: "scanning a named repository by deltas finds what scanning every blob whole finds",
  ignore: REPOSITORY === undefined,
  async fn() {
    const found = await placedHits(REPOSITORY!, true);
    assert.deepEqual(found, await placedHits(REPOSITORY!, false));
  },
});
