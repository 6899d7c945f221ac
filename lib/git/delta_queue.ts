/** Deltas whose base is not known yet: reference deltas may come before what they build on. */

import { RemoteError } from "@/lib/errors.ts";
import { createScratch } from "@/lib/git/scratch.ts";
import type { Breather } from "@/lib/git/breather.ts";
import { inflateAt } from "@/lib/git/inflate.ts";
import type { Numbers } from "@/lib/git/numbers.ts";
import type { ObjectStore } from "@/lib/git/object_store.ts";
import type { OidTable } from "@/lib/git/oid_table.ts";
import { UNKNOWN } from "@/lib/git/pack.ts";

/** Puts deltas off and takes them up again. */
export interface DeltaQueue {
  /** Whether every object's id is wanted: only so once a reference delta was seen. */
  hashing(): boolean;
  /** To be told of every object as soon as its bytes are known; null for one passed over. */
  known(index: number, bytes: Uint8Array | null): void;
  /** The object with this id, or −1 while it is not known. */
  baseOf(oid: Uint8Array): number;
  waitForOid(index: number, oid: Uint8Array): void;
  waitForBase(index: number, base: number): void;
  /** Looks for the bases that are still missing. @throws RemoteError `corrupt` if `complete` */
  settle(breather: Breather, complete: boolean): Promise<void>;
}

/** Who is to be told when a delta's base is known; calls `known` in its turn. */
export interface Deriver {
  derive(index: number, base: number, delta: Uint8Array): void;
}

/** An empty queue for the objects of one pack. */
export function createDeltaQueue(
  objects: ObjectStore,
  oids: OidTable,
  objectOf: Numbers,
  deriver: Deriver,
): DeltaQueue {
  return new Queue(objects, oids, objectOf, deriver);
}

class Queue implements DeltaQueue {
  readonly #objects: ObjectStore;
  readonly #oids: OidTable;
  readonly #objectOf: Numbers;
  readonly #deriver: Deriver;
  /** By number of the id, and by object number. */
  readonly #byOid = new Map<number, number[]>();
  readonly #byBase = new Map<number, number[]>();
  readonly #hashed: Uint8Array;
  readonly #ready: [index: number, base: number][] = [];
  readonly #scratch = createScratch();
  #hashing = false;
  #running = false;

  constructor(objects: ObjectStore, oids: OidTable, objectOf: Numbers, deriver: Deriver) {
    this.#objects = objects;
    this.#oids = oids;
    this.#objectOf = objectOf;
    this.#deriver = deriver;
    this.#hashed = new Uint8Array(objects.count);
  }

  hashing(): boolean {
    return this.#hashing;
  }

  known(index: number, bytes: Uint8Array | null): void {
    if (this.#hashing) this.#release(index, bytes);
  }

  baseOf(oid: Uint8Array): number {
    const id = this.#oids.find(oid, 0);
    return id < 0 ? -1 : this.#objectOf.at(id);
  }

  waitForOid(index: number, oid: Uint8Array): void {
    this.#hashing = true;
    wait(this.#byOid, this.#oids.intern(oid, 0), index);
  }

  waitForBase(index: number, base: number): void {
    wait(this.#byBase, base, index);
  }

  async settle(breather: Breather, complete: boolean): Promise<void> {
    const objects = this.#objects;
    // Those that came before the first reference delta have not been hashed.
    for (let index = 0; index < objects.count && this.#byOid.size > 0; index++) {
      if (this.#hashed[index] === 1 || objects.types[index] === UNKNOWN) continue;
      if (!objects.isHeld(index)) continue;
      this.known(index, objects.bytes(index));
      if (breather.due()) await breather.breathe();
    }
    if (complete && this.#byOid.size > 0) {
      throw new RemoteError(
        "corrupt",
        `Cannot read the pack: ${this.#byOid.size} bases of deltas are missing`,
      );
    }
  }

  #release(index: number, bytes: Uint8Array | null): void {
    if (bytes !== null) {
      const id = this.#oids.intern(this.#objects.hash(index, bytes), 0);
      this.#hashed[index] = 1;
      this.#objectOf.set(id, index);
      for (const waiting of this.#byOid.get(id) ?? []) this.#ready.push([waiting, index]);
      this.#byOid.delete(id);
    }
    for (const waiting of this.#byBase.get(index) ?? []) this.#ready.push([waiting, index]);
    this.#byBase.delete(index);
    // A list instead of recursion: a chain may be longer than the stack.
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#ready.pop(); next !== undefined; next = this.#ready.pop()) {
      const [at, base] = next;
      const size = this.#objects.storedSizes[at]!;
      const delta = this.#scratch.take(size + 1);
      inflateAt(this.#objects.spool, this.#objects.dataOffsets[at]!, size, delta);
      this.#deriver.derive(at, base, delta.subarray(0, size));
    }
    this.#running = false;
  }
}

function wait(map: Map<number, number[]>, key: number, index: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [index]);
  else list.push(index);
}
