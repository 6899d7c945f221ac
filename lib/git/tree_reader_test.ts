import assert from "node:assert/strict";
import { createPieces, type Pieces } from "@/lib/git/delta.ts";
import { seeded } from "@/lib/git/test_repository.ts";
import { type TreeEntry, visitTree } from "@/lib/git/tree.ts";
import { createTreeReader, type TreeReader } from "@/lib/git/tree_reader.ts";

const MODES = ["100644", "40000", "160000", "120000", "0100755"];

/** Ids hold any byte, also those that entries begin with. */
function randomEntry(random: (below: number) => number): number[] {
  const name = `${MODES[random(MODES.length)]} ${"name".repeat(1 + random(4))}${random(100)}\0`;
  const id = Array.from({ length: 20 }, () => [0, 32, 49, 52, random(256)][random(5)]!);
  return [...new TextEncoder().encode(name), ...id];
}

/** Another tree, made of stretches of the first that are cut anywhere, and of new entries. */
function edited(base: Uint8Array, random: (below: number) => number) {
  const bytes: number[] = [];
  const pieces: number[] = [];
  let from = 0;
  for (let i = random(6); i >= 0; i--) {
    const start = random(20) === 0 ? random(base.length + 1) : from;
    const end = start + random(base.length - start + 1);
    if (end > start) pieces.push(bytes.length, bytes.length + end - start, start);
    bytes.push(...base.subarray(start, end));
    // What is put in ends where an entry does, or anywhere.
    const fresh = [...base.subarray(end, end + random(30)), ...randomEntry(random)];
    const added = random(4) === 0 ? fresh.slice(random(fresh.length)) : randomEntry(random);
    if (random(3) === 0) continue;
    pieces.push(bytes.length, bytes.length + added.length, -1);
    bytes.push(...added);
    from = Math.min(base.length, end + random(2) * random(60));
  }
  return {
    bytes: Uint8Array.from(bytes),
    pieces: { data: Int32Array.from(pieces), length: pieces.length },
  };
}

/** What is told of a tree, with what was told of the base in the place of copies. */
function told(
  reader: TreeReader,
  index: number,
  bytes: Uint8Array,
  base: number,
  pieces: Pieces,
  baseEntries: readonly (TreeEntry & { at: number })[],
) {
  const entries: (TreeEntry & { at: number })[] = [];
  let copied = 0;
  const whole = reader.read(index, bytes, base, pieces, {
    entry: (entry, at) => entries.push({ ...entry, at }),
    copied(from, to, shift) {
      for (const { at, kind, nameStart, nameEnd } of baseEntries) {
        if (at < from || nameEnd + 21 > to) continue;
        copied++;
        entries.push({
          at: at + shift,
          kind,
          nameStart: nameStart + shift,
          nameEnd: nameEnd + shift,
        });
      }
    },
  });
  return { entries, whole, copied };
}

function visited(bytes: Uint8Array) {
  const entries: Omit<TreeEntry, "at">[] = [];
  const whole = visitTree(bytes, (kind, nameStart, nameEnd) => {
    entries.push({ kind, nameStart, nameEnd });
  });
  return { entries, whole };
}

Deno.test("a tree read by what is new in it tells what reading it from its beginning tells", () => {
  const random = seeded(7);
  let copied = 0;
  let broken = 0;
  for (let round = 0; round < 300; round++) {
    // A small memory forgets bases now and then.
    const reader = createTreeReader(20, 1e6, [1 << 20, 100, 10][round % 3]);
    const trees: { bytes: Uint8Array; entries: (TreeEntry & { at: number })[] }[] = [];
    for (let index = 0; index < 20; index++) {
      const base = random(5) === 0 ? -1 : index - 1 - random(Math.min(3, index));
      const made = base < 0 || index === 0
        ? {
          bytes: Uint8Array.from(
            Array.from({ length: random(12) }, () => randomEntry(random)).flat(),
          ),
          pieces: createPieces(),
        }
        : edited(trees[base]!.bytes, random);
      const known = trees[base]?.entries ?? [];
      const found = told(reader, index, made.bytes, base, made.pieces, known);
      const { entries, whole } = visited(made.bytes);
      assert.deepEqual(found.entries.map(({ at: _at, ...entry }) => entry), entries);
      assert.equal(found.whole, whole);
      copied += found.copied;
      broken += whole ? 0 : 1;
      trees.push({ bytes: made.bytes, entries: found.entries });
    }
  }
  assert.ok(copied > 1000, "much is taken over");
  assert.ok(broken > 100, "some break off");
});
