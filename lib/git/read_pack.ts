/** Reads a spooled pack once, from its first object to its last, and scans the blobs on the way. */

import { RemoteError } from "@/lib/errors.ts";
import type { BlobHits } from "@/lib/git/blob_hits.ts";
import { createBlobScan, type ScanCounts } from "@/lib/git/blob_scan.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import type { Breather } from "@/lib/git/breather.ts";
import { createScratch } from "@/lib/git/scratch.ts";
import { createPieces, deltaSizes } from "@/lib/git/delta.ts";
import { createDeltaQueue } from "@/lib/git/delta_queue.ts";
import { inflateAt, skipAt } from "@/lib/git/inflate.ts";
import { createNumbers, type Numbers } from "@/lib/git/numbers.ts";
import { createObjectStore, type ObjectStore } from "@/lib/git/object_store.ts";
import { createOidTable, type OidTable } from "@/lib/git/oid_table.ts";
import {
  BLOB,
  COMMIT,
  HEADER_BYTES,
  readEntryHeader,
  TRAILER_BYTES,
  TREE,
  UNKNOWN,
} from "@/lib/git/pack.ts";
import type { Spool } from "@/lib/git/spool.ts";

/** Limits of a pack's reading; crossing one leaves out, and counts, what lies beyond. */
export interface PackLimits {
  /** A larger blob is not scanned. */
  blobBytes: number;
  /** In all; the reading stops there. */
  inflatedBytes: number;
  deltaDepth: number;
}

/** A pack that was read, or is being read. */
export interface ReadPack<Hit> {
  objects: ObjectStore;
  oids: OidTable;
  /** Object number by the number of its id; −1 for ids that are not known as an object's. */
  objectOf: Numbers;
  commits: number[];
  tags: number[];
  trees: number[];
  blobs: number;
  /** By object number. */
  hits: Map<number, BlobHits<Hit>>;
  scan: ScanCounts;
  /** Objects behind a longer chain of deltas than the limit allows. */
  deepObjects: number;
  /** Commits, trees and tags that are too large to be held. */
  largeOthers: number;
  inflatedBytes: number;
  /** How many objects were read; fewer than there are when `inflatedBytes` was crossed. */
  read: number;
}

/** An object above the limit is still written out, up to this factor, for others built on it. */
const BASE_FACTOR = 8;
/** Holds the ancestors of a family of deltas, which packs keep together; less for a small pack. */
const ARENA_BYTES = 64 << 20;
const SMALLEST_ARENA = 1 << 20;
const ARENA_FACTOR = 24;
/** What rebuilding may write, as a factor of what inflating may: a few bytes can stand for much. */
const REBUILT_FACTOR = 32;

/** @throws RemoteError `corrupt`, or the breather's reason */
export async function readPack<Hit extends Found>(
  spool: Spool,
  count: number,
  scanner: BlobScanner<Hit>,
  limits: PackLimits,
  breather: Breather,
  onTurn: (pack: ReadPack<Hit>) => void = () => {},
): Promise<ReadPack<Hit>> {
  // Each object takes a byte of header and at least 8 of deflated data.
  if (count > spool.size / 9) throw broken(`it declares ${count} objects in ${spool.size} bytes`);
  const objects = createObjectStore(spool, count, arenaFor(spool.size));
  const { types, bases, depths, sizes } = objects;
  const oids = createOidTable(count);
  const objectOf = createNumbers();
  const scan = createBlobScan(scanner, objects, limits.blobBytes);
  const queue = createDeltaQueue(objects, oids, objectOf, derivedObject);
  const pieces = createPieces();
  const scratch = createScratch();
  const heldBytes = limits.blobBytes * BASE_FACTOR;
  const pack: ReadPack<Hit> = {
    objects,
    oids,
    objectOf,
    commits: [],
    tags: [],
    trees: [],
    blobs: 0,
    hits: scan.hits,
    scan: scan.counts,
    deepObjects: 0,
    largeOthers: 0,
    inflatedBytes: 0,
    read: 0,
  };

  function list(index: number): void {
    const type = types[index]!;
    if (type === BLOB) pack.blobs++;
    else (type === TREE ? pack.trees : type === COMMIT ? pack.commits : pack.tags).push(index);
  }

  /** Only of blobs with hits the ids are needed, and their bytes are at hand now. */
  function noteHits(index: number, data: Uint8Array): void {
    if (scan.hits.has(index)) objectOf.set(oids.intern(objects.hash(index, data), 0), index);
  }

  function tooLarge(index: number): void {
    objects.passOver(index);
    queue.known(index, null);
    if (types[index] === BLOB) {
      pack.blobs++;
      scan.leaveOut(index);
    } else pack.largeOthers++;
  }

  function wholeObject(index: number, data: Uint8Array): void {
    sizes[index] = data.length;
    list(index);
    if (types[index] === BLOB) {
      scan.whole(index, data);
      noteHits(index, data);
    }
    queue.known(index, data);
  }

  function derivedObject(index: number, base: number, delta: Uint8Array): void {
    bases[index] = base;
    types[index] = types[base]!;
    depths[index] = depths[base]! + 1;
    const declared = deltaSizes(delta);
    sizes[index] = declared.result;
    if (depths[index]! > limits.deltaDepth) {
      pack.deepObjects++;
      objects.passOver(index);
      queue.known(index, null);
      return;
    }
    if (declared.result > heldBytes || !objects.isHeld(base)) return tooLarge(index);
    list(index);
    if (types[index] === BLOB) {
      const from = objects.bytes(base);
      const data = objects.build(index, from, delta, pieces);
      scan.derived(index, data, pieces, base, from);
      noteHits(index, data);
      queue.known(index, data);
    } else if (queue.hashing()) queue.known(index, objects.bytes(index));
  }

  let offset = HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const entry = readEntryHeader(spool, offset, index);
    objects.offsets[index] = offset;
    objects.dataOffsets[index] = entry.dataOffset;
    objects.storedSizes[index] = entry.size;
    types[index] = entry.type;
    let base = -1;
    if (entry.baseOffset >= 0) {
      base = objects.at(entry.baseOffset, index);
      if (base < 0) throw broken(`object ${index} has its base between two objects`);
    }
    pack.inflatedBytes += entry.size;
    if (
      pack.inflatedBytes > limits.inflatedBytes ||
      objects.rebuiltBytes() > limits.inflatedBytes * REBUILT_FACTOR
    ) {
      types[index] = UNKNOWN;
      break;
    }
    if (entry.size > heldBytes) {
      sizes[index] = entry.size;
      if (base >= 0) types[index] = types[base]!;
      tooLarge(index);
      offset = entry.dataOffset + await skipAt(spool, entry.dataOffset, entry.size);
      pack.read++;
      continue;
    }
    pack.read++;
    if (entry.type === BLOB) {
      const { bytes, consumed } = objects.read(index);
      offset = entry.dataOffset + consumed;
      wholeObject(index, bytes);
    } else {
      // The bytes of commits and trees are asked for again when there are hits.
      const output = scratch.take(entry.size + 1);
      offset = entry.dataOffset + inflateAt(spool, entry.dataOffset, entry.size, output);
      const data = output.subarray(0, entry.size);
      if (base < 0 || types[base] !== BLOB) objects.shelve(index, data);
      if (entry.type !== UNKNOWN) wholeObject(index, data);
      else if (entry.baseOid !== null) {
        base = queue.baseOf(entry.baseOid);
        if (base >= 0) derivedObject(index, base, data);
        else queue.waitForOid(index, entry.baseOid);
      } else if (types[base] !== UNKNOWN) derivedObject(index, base, data);
      else queue.waitForBase(index, base);
    }
    if (breather.due()) {
      onTurn(pack);
      await breather.breathe();
    }
  }
  const complete = pack.read === count;
  if (complete && offset !== spool.size - TRAILER_BYTES) {
    throw broken("something follows its last object");
  }
  await queue.settle(breather, complete);
  onTurn(pack);
  return pack;
}

function arenaFor(packBytes: number): number {
  return Math.min(ARENA_BYTES, Math.max(SMALLEST_ARENA, packBytes * ARENA_FACTOR));
}

function broken(why: string): RemoteError {
  return new RemoteError("corrupt", `Cannot read the pack: ${why}`);
}
