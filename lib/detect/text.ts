/** What kind of text a blob is, and where its lines are. */

import { Buffer } from "node:buffer";

/** Works on any bytes; a `Buffer` made for each call would take longer than the call. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

/** A NUL in this many first bytes makes a blob binary, as git itself decides. */
const BINARY_PROBE = 8192;

/** Bytes ready to be searched, or null when they are no text. */
export interface SearchableText {
  bytes: Uint8Array;
  /** True when UTF-16 was rewritten as UTF-8, so that offsets are those of the rewritten text. */
  transcoded: boolean;
}

/** UTF-8 and Latin-1 pass as they are, UTF-16 with a byte order mark is rewritten, binary is null. */
export function searchable(bytes: Uint8Array): SearchableText | null {
  if (bytes.length >= 2) {
    const mark = (bytes[0]! << 8) | bytes[1]!;
    if (mark === 0xfffe || mark === 0xfeff) {
      const decoder = new TextDecoder(mark === 0xfffe ? "utf-16le" : "utf-16be");
      const text = new TextEncoder().encode(decoder.decode(bytes));
      return text.subarray(0, BINARY_PROBE).includes(0) ? null : { bytes: text, transcoded: true };
    }
  }
  return bytes.subarray(0, BINARY_PROBE).includes(0) ? null : { bytes, transcoded: false };
}

/**
 * The same of bytes made from a text that was searchable and not rewritten, as `pieces` tell: looked
 * at is what is new, and what came from behind the part that decides. Much is made from much.
 */
export function stillSearchable(
  bytes: Uint8Array,
  { data, length }: { data: Int32Array; length: number },
): SearchableText | null {
  const mark = bytes.length < 2 ? 0 : (bytes[0]! << 8) | bytes[1]!;
  if (mark === 0xfffe || mark === 0xfeff) return searchable(bytes);
  for (let i = 0; i < length && data[i]! < BINARY_PROBE; i += 3) {
    const source = data[i + 2]!;
    const end = Math.min(data[i + 1]!, BINARY_PROBE);
    if (source >= 0 && source + end - data[i]! <= BINARY_PROBE) continue;
    for (let at = data[i]!; at < end; at++) if (bytes[at] === 0) return null;
  }
  return { bytes, transcoded: false };
}

/** Bytes as a string of one character a byte: offsets stay the same and nothing can fail. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}

/** Gives line and column (1-based, in bytes) of offsets that are asked in rising order. */
export function createLineCounter(
  bytes: Uint8Array,
): (offset: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  let at = 0;
  return (offset) => {
    for (; at < offset; at++) {
      if (bytes[at] === 10) {
        line++;
        lineStart = at + 1;
      }
    }
    return { line, column: offset - lineStart + 1 };
  };
}
