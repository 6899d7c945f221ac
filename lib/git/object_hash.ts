/** Ids of objects: SHA-1 over type, size and bytes. */

import crypto, { createHash } from "node:crypto";
import { readHexOid } from "@/lib/git/oid_table.ts";
import { createScratch } from "@/lib/git/scratch.ts";

const TYPE_NAMES = ["", "commit", "tree", "blob", "tag"];
/** Room for a type's name and any size. */
const HEADER = 32;
/** A larger object is not copied for the sake of one call less. */
const LARGEST_COPY = 1 << 16;

/** Computes ids of objects. */
export interface ObjectHash {
  /** The 20 bytes of an object's id, valid until the next one. */
  of(type: number, data: Uint8Array): Uint8Array;
}

/**
 * One call that answers in hex takes half the time of a hash object with its three calls (2.1
 * against 3.7 µs for 2,500 bytes).
 */
export function createObjectHash(): ObjectHash {
  return new Sha1();
}

class Sha1 implements ObjectHash {
  readonly #scratch = createScratch();
  readonly #id = new Uint8Array(20);
  readonly #hexBytes = new Uint8Array(40);

  of(type: number, data: Uint8Array): Uint8Array {
    const header = `${TYPE_NAMES[type]} ${data.length}\0`;
    if (data.length > LARGEST_COPY || crypto.hash === undefined) {
      return createHash("sha1").update(header).update(data).digest();
    }
    const whole = this.#scratch.take(HEADER + data.length);
    for (let i = 0; i < header.length; i++) whole[i] = header.charCodeAt(i);
    whole.set(data, header.length);
    const hex = crypto.hash("sha1", whole.subarray(0, header.length + data.length));
    const hexBytes = this.#hexBytes;
    for (let i = 0; i < 40; i++) hexBytes[i] = hex.charCodeAt(i);
    return readHexOid(hexBytes, 0, this.#id);
  }
}
