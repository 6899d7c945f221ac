/** Builds packs by hand, also ones that git would never write. */

import { createHash } from "node:crypto";
import zlib from "node:zlib";

/** An object as it is put into a pack. */
export interface PackedObject {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta by offset, 7 delta by id. */
  kind: number;
  data: Uint8Array;
  /** The number of the base of a delta by offset. */
  base?: number;
  /** The id of the base of a delta by id. */
  baseOid?: Uint8Array;
  /** What the header says instead of the true size. */
  size?: number;
}

/** A whole pack, its trailer right; `count` is what its header says instead. */
export function testPack(objects: readonly PackedObject[], count = objects.length) {
  const parts: number[] = [0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2];
  parts.push(count >>> 24, count >>> 16 & 255, count >>> 8 & 255, count & 255);
  const offsets: number[] = [];
  for (const { kind, data, base, baseOid, size = data.length } of objects) {
    const offset = parts.length;
    offsets.push(offset);
    let rest = Math.floor(size / 16);
    parts.push(kind << 4 | size & 15 | (rest > 0 ? 0x80 : 0));
    for (; rest > 0; rest = Math.floor(rest / 128)) {
      parts.push(rest % 128 | (rest > 127 ? 0x80 : 0));
    }
    if (base !== undefined) {
      let back = offset - offsets[base]!;
      const digits = [back & 127];
      while ((back = Math.floor(back / 128)) > 0) digits.unshift(--back & 127 | 128);
      parts.push(...digits);
    }
    if (baseOid !== undefined) parts.push(...baseOid);
    for (const byte of zlib.deflateSync(data)) parts.push(byte);
  }
  const body = Uint8Array.from(parts);
  return new Uint8Array([...body, ...createHash("sha1").update(body).digest()]);
}

/** A delta that copies the whole base, below 16 MB, and puts something behind it, below 128 bytes. */
export function appendingDelta(base: Uint8Array, tail: string): Uint8Array {
  const bytes = new TextEncoder().encode(tail);
  const { length } = base;
  return Uint8Array.from([
    ...deltaSize(length),
    ...deltaSize(length + bytes.length),
    0xf0,
    length & 255,
    length >> 8 & 255,
    length >> 16,
    bytes.length,
    ...bytes,
  ]);
}

/** A size as deltas begin with it. */
export function deltaSize(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push(value % 128 | 128);
  return [...out, value];
}

/** The id of a blob. */
export function blobOid(bytes: Uint8Array): Uint8Array {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest();
}
