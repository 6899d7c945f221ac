/** What kind of text a blob is, and where its lines are. */

import { Buffer } from "node:buffer";

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

/** Bytes as a string of one character a byte: offsets stay the same and nothing can fail. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    start,
    end,
  );
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
