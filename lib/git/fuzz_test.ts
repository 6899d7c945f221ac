import assert from "node:assert/strict";
import { systemClock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { NO_SCANNER } from "@/lib/git/blob_scanner.ts";
import { createBreather } from "@/lib/git/breather.ts";
import { parseAuthor, parseCommitLinks, parseTag } from "@/lib/git/commit.ts";
import { applyDelta, createPieces, deltaSizes } from "@/lib/git/delta.ts";
import { createPacketReader } from "@/lib/git/pkt_line.ts";
import { readPack } from "@/lib/git/read_pack.ts";
import { receivePack } from "@/lib/git/receive.ts";
import { packBytes } from "@/lib/git/side_band.ts";
import { createSpool } from "@/lib/git/spool.ts";
import {
  appendingDelta,
  blobOid,
  deltaSize,
  type PackedObject,
  testPack,
} from "@/lib/git/test_pack.ts";
import { seeded } from "@/lib/git/test_repository.ts";
import { visitTree } from "@/lib/git/tree.ts";
import { walkHistory } from "@/lib/git/walk.ts";

/** How long to go on, in all. */
const SECONDS = Number(Deno.env.get("SLUICE_FUZZ_SECONDS") ?? 3);
/** No input of a few kilobytes may take longer, on a busy machine too. */
const LONGEST_MS = 3000;

type Random = (below: number) => number;
const encode = (text: string) => new TextEncoder().encode(text);

/** Runs until the time is over; only a `RemoteError` may come out. */
async function hunt(
  share: number,
  work: (random: Random) => Promise<unknown> | unknown,
): Promise<void> {
  const end = performance.now() + SECONDS * 1000 * share;
  let seed = SECONDS > 3 ? Math.floor(Math.random() * 2 ** 30) : 1;
  for (let rounds = 0; performance.now() < end || rounds < 20; rounds++, seed++) {
    const start = performance.now();
    try {
      await work(seeded(seed));
    } catch (error) {
      assert.ok(
        error instanceof RemoteError,
        `seed ${seed}: ${error instanceof Error ? error.stack : error}`,
      );
    }
    assert.ok(performance.now() - start < LONGEST_MS, `seed ${seed} took too long`);
  }
}

function noise(random: Random, size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, () => random(256));
}

/** Flips, cuts, doubles and overwrites. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let out = bytes.slice() as Uint8Array<ArrayBuffer>;
  for (let i = random(4); i >= 0; i--) {
    const at = random(out.length || 1);
    switch (random(5)) {
      case 0:
        out[at]! ^= 1 << random(8);
        break;
      case 1:
        out[at] = [0, 1, 127, 128, 255][random(5)]!;
        break;
      case 2:
        out = out.slice(0, at);
        break;
      case 3:
        out = Uint8Array.from([
          ...out.slice(0, at),
          ...noise(random, random(20)),
          ...out.slice(at),
        ]);
        break;
      default:
        out.copyWithin(at, random(out.length || 1), random(out.length || 1));
    }
  }
  return out;
}

function hostilePack(random: Random): Uint8Array<ArrayBuffer> {
  const base = encode("base text\n".repeat(20));
  const tree = Uint8Array.from([...encode("40000 d\0"), ...noise(random, 20)]);
  const objects: PackedObject[] = [{ kind: 3, data: base }];
  for (let i = random(12); i >= 0; i--) {
    const kind = random(8);
    objects.push(
      kind === 6
        ? { kind, data: appendingDelta(base, "x"), base: random(objects.length) }
        : kind === 7
        ? {
          kind,
          data: appendingDelta(base, "y"),
          baseOid: random(2) ? blobOid(base) : noise(random, 20),
        }
        : {
          kind: kind || 3,
          data: [
            base,
            tree,
            noise(random, random(300)),
            encode(`tree ${"a".repeat(40)}\n`),
          ][random(4)]!,
          // Sizes that lie, some of them beyond all measure.
          ...(random(6) === 0 ? { size: [0, 1, 1e5, 1e9, 2 ** 40][random(5)]! } : {}),
        },
    );
  }
  const pack = testPack(objects, random(5) === 0 ? [0, 1, 1e6, 4e9][random(4)]! : objects.length);
  return random(2) === 0 ? pack : damaged(pack, random);
}

Deno.test("hostile packs end in a word of what is wrong, in time", () =>
  hunt(0.4, async (random) => {
    const bytes = hostilePack(random);
    const spool = createSpool({ memoryBytes: 1e9, dir: null });
    spool.write(bytes);
    if (bytes.length < 12) return;
    const count = new DataView(bytes.buffer).getUint32(8);
    const limits = { blobBytes: 1e6, inflatedBytes: 1e8, deltaDepth: 50 };
    const breather = createBreather(systemClock, undefined);
    const pack = await readPack(spool, count, NO_SCANNER, limits, breather);
    await walkHistory(pack, { refs: [], headCommit: null, treeDepth: 20 }, breather);
  }));

Deno.test("hostile answers end in a word of what is wrong, in time", () =>
  hunt(0.2, async (random) => {
    const good = "0008NAK\n0006\x01P0009\x01ACK0000";
    const body = random(3) === 0 ? noise(random, random(3000)) : damaged(encode(good), random);
    const piece = random(50) + 1;
    const packets = createPacketReader(async function* () {
      for (let at = 0; at < body.length; at += piece) yield body.subarray(at, at + piece);
    }());
    await packets.next();
    const spool = createSpool({ memoryBytes: 1e6, dir: null });
    await receivePack(packBytes(packets), spool, { packBytes: 1e6, objects: 1e4 });
  }));

Deno.test("hostile deltas, trees, commits and tags end in a word of what is wrong, in time", () =>
  hunt(0.4, (random) => {
    const base = noise(random, random(2000));
    const delta = random(4) === 0
      ? noise(random, random(3000))
      : damaged(appendingDelta(base, "tail"), random);
    const commit = encode(
      `tree ${"a".repeat(40)}\nparent ${
        "b".repeat(40)
      }\nauthor A <a> 1 +0\ncommitter C <c> 2 +0\n\nx`,
    );
    visitTree(
      random(2) === 0
        ? noise(random, 2000)
        : damaged(encode("100644 f\0" + "x".repeat(20)), random),
      () => {},
    );
    for (const bytes of [damaged(commit, random), noise(random, 500)]) {
      parseCommitLinks(bytes);
      parseAuthor(bytes);
      parseTag(bytes);
    }
    if (deltaSizes(delta).result < 1e7) applyDelta(base, delta, createPieces());
  }));

Deno.test("a few bytes that stand for gigabytes take neither memory nor time", async () => {
  // A delta that copies the same 64 KB again and again, under a size that says so.
  const base = new Uint8Array(65536);
  const copies = 200_000;
  const delta = new Uint8Array(copies + 16).fill(0x80);
  const head = [...deltaSize(base.length), ...deltaSize(base.length * copies)];
  delta.set(head);
  const bomb = delta.subarray(0, head.length + copies);
  const zeros = { kind: 3, data: new Uint8Array(30_000_000) };
  const spool = createSpool({ memoryBytes: 1e9, dir: null });
  spool.write(testPack([{ kind: 3, data: base }, { kind: 6, base: 0, data: bomb }, zeros, zeros]));
  const limits = { blobBytes: 1e5, inflatedBytes: 4e7, deltaDepth: 50 };
  const breather = createBreather(systemClock, undefined);
  const before = performance.now();
  const pack = await readPack(spool, 4, NO_SCANNER, limits, breather);
  assert.ok(performance.now() - before < LONGEST_MS);
  assert.equal(pack.read, 3, "the last one is beyond what may be inflated");
  assert.equal(pack.scan.largeBlobs, 2);
  assert.ok(pack.objects.rebuiltBytes() < 1e6);
});

Deno.test("names of a megabyte and trees of a hundred thousand entries are read", () => {
  const name = "n".repeat(1_000_000);
  let seen = 0;
  const long = encode(`100644 ${name}\0${"x".repeat(20)}`);
  assert.ok(visitTree(long, (_kind, start, end) => seen += end - start));
  assert.equal(seen, name.length);
  const many = encode(
    Array.from({ length: 100_000 }, (_, i) => `100644 ${i}\0${"x".repeat(20)}`).join(""),
  );
  let entries = 0;
  assert.ok(visitTree(many, () => entries++));
  assert.equal(entries, 100_000);
});
