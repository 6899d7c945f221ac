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

/** `derive` is called as soon as a delta's base is known, and calls `known` in its turn. */
export function createDeltaQueue(
  objects: ObjectStore,
  oids: OidTable,
  objectOf: Numbers,
  derive: (index: number, base: number, delta: Uint8Array) => void,
): DeltaQueue {
  /** By number of the id, and by object number. */
  const byOid = new Map<number, number[]>();
  const byBase = new Map<number, number[]>();
  const hashed = new Uint8Array(objects.count);
  const ready: [index: number, base: number][] = [];
  const scratch = createScratch();
  let hashing = false;
  let running = false;

  function known(index: number, bytes: Uint8Array | null): void {
    if (!hashing) return;
    if (bytes !== null) {
      const id = oids.intern(objects.hash(index, bytes), 0);
      hashed[index] = 1;
      objectOf.set(id, index);
      for (const waiting of byOid.get(id) ?? []) ready.push([waiting, index]);
      byOid.delete(id);
    }
    for (const waiting of byBase.get(index) ?? []) ready.push([waiting, index]);
    byBase.delete(index);
    // A list instead of recursion: a chain may be longer than the stack.
    if (running) return;
    running = true;
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      const [at, base] = next;
      const size = objects.storedSizes[at]!;
      const delta = scratch.take(size + 1);
      inflateAt(objects.spool, objects.dataOffsets[at]!, size, delta);
      derive(at, base, delta.subarray(0, size));
    }
    running = false;
  }

  function wait(map: Map<number, number[]>, key: number, index: number): void {
    const list = map.get(key);
    if (list === undefined) map.set(key, [index]);
    else list.push(index);
  }

  return {
    hashing: () => hashing,
    known,
    baseOf(oid) {
      const id = oids.find(oid, 0);
      return id < 0 ? -1 : objectOf.at(id);
    },
    waitForOid(index, oid) {
      hashing = true;
      wait(byOid, oids.intern(oid, 0), index);
    },
    waitForBase(index, base) {
      wait(byBase, base, index);
    },
    async settle(breather, complete) {
      // Those that came before the first reference delta have not been hashed.
      for (let index = 0; index < objects.count && byOid.size > 0; index++) {
        if (hashed[index] === 1 || objects.types[index] === UNKNOWN) continue;
        if (!objects.isHeld(index)) continue;
        known(index, objects.bytes(index));
        if (breather.due()) await breather.breathe();
      }
      if (complete && byOid.size > 0) {
        throw new RemoteError(
          "corrupt",
          `Cannot read the pack: ${byOid.size} bases of deltas are missing`,
        );
      }
    },
  };
}
