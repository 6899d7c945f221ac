/** Takes a pack off the wire into a spool; its trailer is checked as the bytes pass. */

import { createHash } from "node:crypto";
import { RemoteError } from "@/lib/errors.ts";
import { checkHeader, HEADER_BYTES, TRAILER_BYTES } from "@/lib/git/pack.ts";
import type { Spool } from "@/lib/git/spool.ts";

export interface ReceiveOptions {
  /** A larger pack is `too_large`. */
  packBytes: number;
  /** A pack of more objects is `too_large`, before it has arrived. */
  objects: number;
  onBytes?: (packBytes: number, objects: number | null) => void;
}

/** Returns the number of objects. @throws RemoteError `too_large`, `corrupt` */
export async function receivePack(
  chunks: AsyncIterable<Uint8Array>,
  spool: Spool,
  options: ReceiveOptions,
): Promise<number> {
  const hash = createHash("sha1");
  // The last 20 bytes are the hash of all before them, and nothing says when they come.
  let tail: Uint8Array = new Uint8Array(0);
  let objects: number | null = null;
  for await (const chunk of chunks) {
    if (spool.size + chunk.length > options.packBytes) {
      const limit = `pack larger than ${megabytes(options.packBytes)}`;
      throw new RemoteError("too_large", `Cannot fetch: ${limit}`, { limit });
    }
    spool.write(chunk);
    tail = hashButTail(hash, tail, chunk);
    if (objects === null && spool.size >= HEADER_BYTES) {
      objects = checkHeader(spool);
      if (objects > options.objects) {
        const limit = `${objects} objects, more than ${options.objects}`;
        throw new RemoteError("too_large", `Cannot fetch: ${limit}`, { limit });
      }
    }
    options.onBytes?.(spool.size, objects);
  }
  if (objects === null || spool.size < HEADER_BYTES + TRAILER_BYTES) {
    throw new RemoteError("corrupt", `Cannot read the pack: it ends after ${spool.size} bytes`);
  }
  if (!hash.digest().equals(tail)) {
    throw new RemoteError("corrupt", "Cannot read the pack: its checksum does not fit");
  }
  return objects;
}

function hashButTail(
  hash: ReturnType<typeof createHash>,
  tail: Uint8Array,
  chunk: Uint8Array,
): Uint8Array {
  if (chunk.length >= TRAILER_BYTES) {
    hash.update(tail);
    hash.update(chunk.subarray(0, chunk.length - TRAILER_BYTES));
    return chunk.slice(chunk.length - TRAILER_BYTES);
  }
  const joined = new Uint8Array(tail.length + chunk.length);
  joined.set(tail);
  joined.set(chunk, tail.length);
  const ready = Math.max(0, joined.length - TRAILER_BYTES);
  hash.update(joined.subarray(0, ready));
  return joined.slice(ready);
}

/** Bytes as a person reads them. */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${bytes} bytes` : `${Math.round(bytes / 1e5) / 10} MB`;
}
