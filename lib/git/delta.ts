/** Git's deltas: rebuilds an object from its base and says which bytes are new (gitformat-pack). */

import { RemoteError } from "@/lib/errors.ts";

/** How a rebuilt object is made up, in order: pieces `[start, end, source]`, source −1 when new. */
export interface Pieces {
  /** Three numbers a piece. */
  data: Int32Array;
  /** How many numbers are in use. */
  length: number;
}

/** A list to be reused from one delta to the next. */
export function createPieces(): Pieces {
  return { data: new Int32Array(3 * 256), length: 0 };
}

/** Up to here a loop copies quicker than a native call. */
const SHORT_COPY = 24;

/** The sizes of base and result that a delta declares. */
export function deltaSizes(delta: Uint8Array): { base: number; result: number } {
  const cursor = { at: 0 };
  return { base: readSize(delta, cursor), result: readSize(delta, cursor) };
}

/**
 * Rebuilds the object in `result`, which has the declared size, and fills `pieces`, in which
 * neighbours that continue each other are one. @throws RemoteError `corrupt`
 */
export function applyDelta(
  base: Uint8Array,
  delta: Uint8Array,
  pieces: Pieces,
  result: Uint8Array = new Uint8Array(deltaSizes(delta).result),
): Uint8Array {
  const cursor = { at: 0 };
  if (readSize(delta, cursor) !== base.length) throw broken("its base has another size");
  if (readSize(delta, cursor) !== result.length) throw broken("its result has another size");
  // Within one buffer a copy needs no view of its own, of which there would be millions.
  const shared = base.buffer === result.buffer ? new Uint8Array(base.buffer) : null;
  pieces.length = 0;
  let at = cursor.at;
  let filled = 0;
  const end = delta.length;
  while (at < end) {
    const op = delta[at++]!;
    if ((op & 0x80) === 0) {
      if (op === 0) throw broken("it has a reserved instruction");
      if (at + op > end || filled + op > result.length) throw broken("an insertion overruns");
      if (op <= SHORT_COPY) { for (let i = 0; i < op; i++) result[filled + i] = delta[at + i]!; }
      else result.set(delta.subarray(at, at + op), filled);
      add(pieces, filled, filled + op, -1);
      at += op;
      filled += op;
      continue;
    }
    let from = 0;
    let size = 0;
    if (op & 0x01) from = delta[at++]!;
    if (op & 0x02) from |= delta[at++]! << 8;
    if (op & 0x04) from |= delta[at++]! << 16;
    if (op & 0x08) from += delta[at++]! * 0x1000000;
    if (op & 0x10) size = delta[at++]!;
    if (op & 0x20) size |= delta[at++]! << 8;
    if (op & 0x40) size |= delta[at++]! << 16;
    if (size === 0) size = 0x10000;
    // Written so that a missing byte (NaN) is refused too.
    if (!(at <= end && from + size <= base.length && filled + size <= result.length)) {
      throw broken("a copy overruns");
    }
    if (size <= SHORT_COPY) { for (let i = 0; i < size; i++) result[filled + i] = base[from + i]!; }
    else if (shared !== null) {
      const source = base.byteOffset + from;
      shared.copyWithin(result.byteOffset + filled, source, source + size);
    } else result.set(base.subarray(from, from + size), filled);
    add(pieces, filled, filled + size, from);
    filled += size;
  }
  if (filled !== result.length) throw broken("its result has another size");
  return result;
}

function add(pieces: Pieces, start: number, end: number, source: number): void {
  let { data, length } = pieces;
  if (length > 0) {
    const lastSource = data[length - 1]!;
    const continues = lastSource < 0
      ? source < 0
      : source === lastSource + data[length - 2]! - data[length - 3]!;
    if (continues) {
      data[length - 2] = end;
      return;
    }
  }
  if (length + 3 > data.length) {
    data = new Int32Array(data.length * 2);
    data.set(pieces.data);
    pieces.data = data;
  }
  data[length] = start;
  data[length + 1] = end;
  data[length + 2] = source;
  pieces.length = length + 3;
}

function readSize(delta: Uint8Array, cursor: { at: number }): number {
  let size = 0;
  for (let scale = 1;; scale *= 128) {
    const byte = delta[cursor.at++];
    if (byte === undefined || scale > 2 ** 42) throw broken("its size cannot be read");
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) return size;
  }
}

function broken(why: string): RemoteError {
  return new RemoteError("corrupt", `Cannot read the pack: a delta is broken: ${why}`);
}
