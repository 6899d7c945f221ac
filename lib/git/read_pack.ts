/** Reads a spooled pack once, from its first object to its last, and scans the blobs on the way. */

import { RemoteError } from "@/lib/errors.ts";
import type { BlobHits } from "@/lib/git/blob_hits.ts";
import { type BlobScan, createBlobScan, type ScanCounts } from "@/lib/git/blob_scan.ts";
import type { BlobScanner, Found } from "@/lib/git/blob_scanner.ts";
import type { Breather } from "@/lib/git/breather.ts";
import { createScratch } from "@/lib/git/scratch.ts";
import { createPieces, deltaSizes } from "@/lib/git/delta.ts";
import { createDeltaQueue, type DeltaQueue, type Deriver } from "@/lib/git/delta_queue.ts";
import { inflateAt, skipAt } from "@/lib/git/inflate.ts";
import { createNumbers, type Numbers } from "@/lib/git/numbers.ts";
import { createObjectStore, type ObjectStore } from "@/lib/git/object_store.ts";
import { createOidTable, type OidTable } from "@/lib/git/oid_table.ts";
import {
  BLOB,
  COMMIT,
  createEntryHeader,
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
  /** How many objects were read; fewer than there are when a limit was crossed. */
  read: number;
  /** Which limit ended the reading: of what is inflated, or of what deltas write out. */
  crossed: "inflated" | "rebuilt" | null;
}

/** An object above the limit is still written out, up to this factor, for others built on it. */
const BASE_FACTOR = 8;
/**
 * Holds the ancestors of a family of deltas, which packs keep together; less for a small pack. Of
 * large histories 3% more bytes are written out with half of it, and 1% less with twice of it.
 */
const ARENA_BYTES = 32 << 20;
const SMALLEST_ARENA = 1 << 20;
const ARENA_FACTOR = 24;
/** What rebuilding may write, as a factor of what inflating may: a few bytes can stand for much. */
const REBUILT_FACTOR = 32;
/** And of what was inflated so far: some tens are usual, a large file with small changes takes more. */
const REBUILT_BYTES = 16e9;
const REBUILT_SHARE = 2000;

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
  const reader = new PackReader(spool, count, scanner, limits);
  const { pack } = reader;
  while (pack.read < count) {
    const step = reader.step();
    if (step === "ended") break;
    if (step === "large") await reader.passOver();
    if (breather.due()) {
      onTurn(pack);
      await breather.breathe();
    }
  }
  await reader.finish(breather);
  onTurn(pack);
  return pack;
}

/**
 * The state of one reading. A class, since what is compiled for its methods serves the next reading
 * too: functions made anew for each reading, one in the other, are compiled anew as well.
 */
class PackReader<Hit extends Found> implements Deriver {
  readonly pack: ReadPack<Hit>;
  readonly #spool: Spool;
  readonly #count: number;
  readonly #limits: PackLimits;
  readonly #heldBytes: number;
  readonly #scan: BlobScan<Hit>;
  readonly #queue: DeltaQueue;
  readonly #pieces = createPieces();
  readonly #scratch = createScratch();
  readonly #entry = createEntryHeader();
  #offset = HEADER_BYTES;

  constructor(spool: Spool, count: number, scanner: BlobScanner<Hit>, limits: PackLimits) {
    const objects = createObjectStore(spool, count, arenaFor(spool.size));
    const oids = createOidTable(count);
    const objectOf = createNumbers();
    this.#spool = spool;
    this.#count = count;
    this.#limits = limits;
    this.#heldBytes = limits.blobBytes * BASE_FACTOR;
    this.#scan = createBlobScan(scanner, objects, limits.blobBytes);
    this.#queue = createDeltaQueue(objects, oids, objectOf, this);
    this.pack = {
      objects,
      oids,
      objectOf,
      commits: [],
      tags: [],
      trees: [],
      blobs: 0,
      hits: this.#scan.hits,
      scan: this.#scan.counts,
      deepObjects: 0,
      largeOthers: 0,
      inflatedBytes: 0,
      read: 0,
      crossed: null,
    };
  }

  /** Reads the next object; `large` where `passOver` is owed, `ended` where a limit was crossed. */
  step(): "read" | "large" | "ended" {
    const { pack } = this;
    const { objects } = pack;
    const index = pack.read;
    const entry = this.#entry;
    readEntryHeader(this.#spool, this.#offset, index, entry);
    objects.offsets[index] = this.#offset;
    objects.dataOffsets[index] = entry.dataOffset;
    objects.storedSizes[index] = entry.size;
    objects.types[index] = entry.type;
    let base = -1;
    if (entry.baseOffset >= 0) {
      base = objects.at(entry.baseOffset, index);
      if (base < 0) throw broken(`object ${index} has its base between two objects`);
    }
    pack.inflatedBytes += entry.size;
    pack.crossed = this.#crossed();
    if (pack.crossed !== null) {
      objects.types[index] = UNKNOWN;
      return "ended";
    }
    pack.read++;
    if (entry.size > this.#heldBytes) {
      objects.sizes[index] = entry.size;
      if (base >= 0) objects.types[index] = objects.types[base]!;
      this.#tooLarge(index);
      return "large";
    }
    if (entry.type === BLOB) {
      const { bytes, consumed } = objects.read(index);
      this.#offset = entry.dataOffset + consumed;
      this.#wholeObject(index, bytes);
    } else this.#other(index, base);
    return "read";
  }

  #crossed(): ReadPack<Hit>["crossed"] {
    const { inflatedBytes: most } = this.#limits;
    const { inflatedBytes, objects } = this.pack;
    if (inflatedBytes > most) return "inflated";
    const built = objects.rebuiltBytes();
    const share = REBUILT_BYTES + inflatedBytes * REBUILT_SHARE;
    return built > most * REBUILT_FACTOR || built > share ? "rebuilt" : null;
  }

  /** Passes over the object that was too large to be held. */
  async passOver(): Promise<void> {
    const { dataOffset, size } = this.#entry;
    this.#offset = dataOffset + await skipAt(this.#spool, dataOffset, size);
  }

  async finish(breather: Breather): Promise<void> {
    const complete = this.pack.read === this.#count;
    if (complete && this.#offset !== this.#spool.size - TRAILER_BYTES) {
      throw broken("something follows its last object");
    }
    await this.#queue.settle(breather, complete);
  }

  derive(index: number, base: number, delta: Uint8Array): void {
    const { pack } = this;
    const { objects } = pack;
    objects.bases[index] = base;
    objects.types[index] = objects.types[base]!;
    objects.depths[index] = objects.depths[base]! + 1;
    const declared = deltaSizes(delta);
    objects.sizes[index] = declared.result;
    if (objects.depths[index]! > this.#limits.deltaDepth) {
      pack.deepObjects++;
      objects.passOver(index);
      this.#queue.known(index, null);
      return;
    }
    if (declared.result > this.#heldBytes || !objects.isHeld(base)) return this.#tooLarge(index);
    this.#list(index);
    if (objects.types[index] === BLOB) {
      const from = objects.bytes(base);
      const data = objects.build(index, from, delta, this.#pieces);
      this.#scan.derived(index, data, this.#pieces, base, from);
      this.#noteHits(index, data);
      this.#queue.known(index, data);
    } else if (this.#queue.hashing()) this.#queue.known(index, objects.bytes(index));
  }

  /** A commit, a tree, a tag or a delta; their bytes are asked for again when there are hits. */
  #other(index: number, base: number): void {
    const { objects } = this.pack;
    const { type, size, dataOffset, baseOid } = this.#entry;
    const output = this.#scratch.take(size + 1);
    this.#offset = dataOffset + inflateAt(this.#spool, dataOffset, size, output);
    const data = output.subarray(0, size);
    if (base < 0 || objects.types[base] !== BLOB) objects.shelve(index, data);
    if (type !== UNKNOWN) this.#wholeObject(index, data);
    else if (baseOid !== null) {
      const known = this.#queue.baseOf(baseOid);
      if (known >= 0) this.derive(index, known, data);
      else this.#queue.waitForOid(index, baseOid);
    } else if (objects.types[base] !== UNKNOWN) this.derive(index, base, data);
    else if (!objects.isHeld(base)) this.#tooLarge(index);
    else this.#queue.waitForBase(index, base);
  }

  #wholeObject(index: number, data: Uint8Array): void {
    const { objects } = this.pack;
    objects.sizes[index] = data.length;
    this.#list(index);
    if (objects.types[index] === BLOB) {
      this.#scan.whole(index, data);
      this.#noteHits(index, data);
    }
    this.#queue.known(index, data);
  }

  #list(index: number): void {
    const { pack } = this;
    const type = pack.objects.types[index]!;
    if (type === BLOB) pack.blobs++;
    else (type === TREE ? pack.trees : type === COMMIT ? pack.commits : pack.tags).push(index);
  }

  /** Only of blobs with hits the ids are needed, and their bytes are at hand now. */
  #noteHits(index: number, data: Uint8Array): void {
    const { hits, oids, objectOf, objects } = this.pack;
    if (hits.has(index)) objectOf.set(oids.intern(objects.hash(index, data), 0), index);
  }

  #tooLarge(index: number): void {
    const { pack } = this;
    pack.objects.passOver(index);
    this.#queue.known(index, null);
    if (pack.objects.types[index] === BLOB) {
      pack.blobs++;
      this.#scan.leaveOut(index);
    } else pack.largeOthers++;
  }
}

function arenaFor(packBytes: number): number {
  return Math.min(ARENA_BYTES, Math.max(SMALLEST_ARENA, packBytes * ARENA_FACTOR));
}

function broken(why: string): RemoteError {
  return new RemoteError("corrupt", `Cannot read the pack: ${why}`);
}
