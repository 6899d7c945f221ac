/** The form of a pack file: its header and the header of each object (gitformat-pack). */

import { RemoteError } from "@/lib/errors.ts";
import type { Spool } from "@/lib/git/spool.ts";

export const HEADER_BYTES = 12;
export const TRAILER_BYTES = 20;

/** Types of objects as packs number them; 0 stands for one that is not known yet. */
export const UNKNOWN = 0;
export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
export const TAG = 4;
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** What stands before an object's compressed bytes. */
export interface EntryHeader {
  /** `UNKNOWN` for a delta. */
  type: number;
  /** Inflated size, of a delta that of its instructions. */
  size: number;
  /** Where the compressed bytes begin. */
  dataOffset: number;
  /** Where the base of an offset delta begins; −1 for anything else. */
  baseOffset: number;
  /** The id of the base of a reference delta; null for anything else. */
  baseOid: Uint8Array | null;
}

/** One to be filled again and again. */
export function createEntryHeader(): EntryHeader {
  return { type: UNKNOWN, size: 0, dataOffset: 0, baseOffset: -1, baseOid: null };
}

/** The number of objects that the pack declares. @throws RemoteError `corrupt` */
export function checkHeader(spool: Spool): number {
  const bytes = spool.view(0, HEADER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== 0x5041434b) {
    throw broken("it does not begin with PACK");
  }
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) throw broken(`unknown version ${version}`);
  return view.getUint32(8);
}

/** Reads the header at `offset`; `index` is for the message alone. @throws RemoteError `corrupt` */
export function readEntryHeader(
  spool: Spool,
  offset: number,
  index: number,
  entry: EntryHeader = createEntryHeader(),
): EntryHeader {
  const end = spool.size - TRAILER_BYTES;
  // 10 bytes of size, then 10 of an offset or 20 of an id, are more than any header has.
  const bytes = spool.view(offset, Math.min(30, end - offset));
  let at = 0;
  let byte = bytes[at++] ?? ended();
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = bytes[at++] ?? ended();
    if (scale > 2 ** 42) throw broken(`object ${index} has an impossible size`);
    size += (byte & 0x7f) * scale;
  }
  let baseOffset = -1;
  let baseOid: Uint8Array | null = null;
  if (kind === OFS_DELTA) {
    byte = bytes[at++] ?? ended();
    let back = byte & 0x7f;
    while (byte & 0x80) {
      byte = bytes[at++] ?? ended();
      back = (back + 1) * 128 + (byte & 0x7f);
      if (back > offset) break;
    }
    baseOffset = offset - back;
    if (back === 0 || baseOffset < HEADER_BYTES) {
      throw broken(`object ${index} has its base outside of the pack`);
    }
  } else if (kind === REF_DELTA) {
    if (at + 20 > bytes.length) ended();
    baseOid = bytes.slice(at, at + 20);
    at += 20;
  } else if (kind < COMMIT || kind > TAG) {
    throw broken(`object ${index} has unknown type ${kind}`);
  }
  entry.type = kind <= TAG ? kind : UNKNOWN;
  entry.size = size;
  entry.dataOffset = offset + at;
  entry.baseOffset = baseOffset;
  entry.baseOid = baseOid;
  return entry;
}

function ended(): never {
  throw broken("it ends inside an object");
}

function broken(why: string): RemoteError {
  return new RemoteError("corrupt", `Cannot read the pack: ${why}`);
}
