/** Numbers object ids in the order of their first sight: a hash table without an object per id. */

import { newSeed } from "@/lib/id.ts";

const OID_BYTES = 20;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Ids as small numbers. */
export interface OidTable {
  /** The number of the id at `at`, a new one at its first sight. */
  intern(bytes: Uint8Array, at: number): number;
  /** The number of the id at `at`, or −1. */
  find(bytes: Uint8Array, at: number): number;
  hex(id: number): string;
  /** Below, at or above zero as the first id comes before, is or comes after the second. */
  compare(a: number, b: number): number;
  readonly size: number;
}

/** Starts for `expected` ids and grows. */
export function createOidTable(expected: number): OidTable {
  return new Table(expected);
}

class Table implements OidTable {
  #capacity = 1024;
  #slots: Int32Array;
  #keys: Uint8Array;
  // Trees may hold made-up ids: a seed keeps anybody from choosing ones that collide.
  #seed = newSeed() | 1;
  size = 0;

  constructor(expected: number) {
    while (this.#capacity < expected * 2) this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(-1);
    this.#keys = new Uint8Array((this.#capacity / 2) * OID_BYTES);
  }

  intern(bytes: Uint8Array, at: number): number {
    const slot = this.#slotOf(bytes, at);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    const id = this.size++;
    this.#slots[slot] = id;
    const keys = this.#keys;
    for (let i = 0; i < OID_BYTES; i++) keys[id * OID_BYTES + i] = bytes[at + i]!;
    if (this.size * 2 >= this.#capacity) this.#grow();
    return id;
  }

  find(bytes: Uint8Array, at: number): number {
    return this.#slots[this.#slotOf(bytes, at)]!;
  }

  hex(id: number): string {
    let text = "";
    for (let i = 0; i < OID_BYTES; i++) text += HEX[this.#keys[id * OID_BYTES + i]!];
    return text;
  }

  compare(a: number, b: number): number {
    const keys = this.#keys;
    for (let i = 0; i < OID_BYTES; i++) {
      const difference = keys[a * OID_BYTES + i]! - keys[b * OID_BYTES + i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #slotOf(bytes: Uint8Array, at: number): number {
    const slots = this.#slots;
    const mask = this.#capacity - 1;
    let slot = mix(bytes, at, this.#seed) & mask;
    for (;;) {
      const id = slots[slot]!;
      if (id < 0 || same(this.#keys, id * OID_BYTES, bytes, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(-1);
    const larger = new Uint8Array((this.#capacity / 2) * OID_BYTES);
    larger.set(this.#keys);
    this.#keys = larger;
    for (let id = 0; id < this.size; id++) {
      this.#slots[this.#slotOf(larger, id * OID_BYTES)] = id;
    }
  }
}

/** The bytes of an id written in hex. */
export function oidBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(OID_BYTES);
  for (let i = 0; i < OID_BYTES; i++) {
    bytes[i] = digit(hex.charCodeAt(i * 2)) << 4 | digit(hex.charCodeAt(i * 2 + 1));
  }
  return bytes;
}

/** Reads an id written in hex at `at` of `text` into `into`. */
export function readHexOid(text: Uint8Array, at: number, into: Uint8Array): Uint8Array {
  for (let i = 0; i < OID_BYTES; i++) {
    into[i] = digit(text[at + i * 2]!) << 4 | digit(text[at + i * 2 + 1]!);
  }
  return into;
}

/** The value of a hex digit; of anything else some value, which makes an id that nothing has. */
function digit(code: number): number {
  return code < 58 ? code & 15 : (code & 15) + 9;
}

function mix(bytes: Uint8Array, at: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < OID_BYTES; i += 4) {
    const word = bytes[at + i]! | bytes[at + i + 1]! << 8 | bytes[at + i + 2]! << 16 |
      bytes[at + i + 3]! << 24;
    hash = Math.imul(hash ^ word, 0x9e3779b1 ^ seed);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function same(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  for (let i = 0; i < OID_BYTES; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}
