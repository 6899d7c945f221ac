/** Keeps a pack at hand: in memory up to a limit, above it in a temporary file that cannot stay. */

import { newToken } from "@/lib/id.ts";

/** Where bytes are written once, in order, and then read in pieces. */
export interface Spool {
  /** Copies the bytes. */
  write(bytes: Uint8Array): void;
  readonly size: number;
  /** Whether the memory limit was crossed. */
  readonly inFile: boolean;
  /** Up to `length` bytes from `offset`, fewer at the end; valid until the next `view`. */
  view(offset: number, length: number): Uint8Array;
  /** Lets go of memory and file; harmless when repeated. */
  close(): void;
}

export interface SpoolOptions {
  /** Above it everything goes to a file. */
  memoryBytes: number;
  /** The folder for the file; null keeps everything in memory. */
  dir: string | null;
}

const SLAB_BYTES = 1 << 20;
const WINDOW_BYTES = 1 << 20;
const PREFIX = "sluice-pack-";

/** An empty spool; `close` is owed. */
export function createSpool(options: SpoolOptions): Spool {
  let size = 0;
  let slabs: Uint8Array[] = [];
  let file: Deno.FsFile | null = null;
  let window = new Uint8Array(0);
  let windowAt = 0;
  let windowLength = 0;

  function toMemory(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const inSlab = size % SLAB_BYTES;
      if (inSlab === 0) slabs.push(new Uint8Array(SLAB_BYTES));
      const part = bytes.subarray(at, at + SLAB_BYTES - inSlab);
      slabs.at(-1)!.set(part, inSlab);
      at += part.length;
      size += part.length;
    }
  }

  function spill(dir: string): Deno.FsFile {
    const opened = openNameless(dir);
    for (let i = 0; i < slabs.length; i++) {
      writeAll(opened, slabs[i]!.subarray(0, Math.min(SLAB_BYTES, size - i * SLAB_BYTES)));
    }
    slabs = [];
    return opened;
  }

  function fromMemory(offset: number, end: number): Uint8Array {
    const first = Math.floor(offset / SLAB_BYTES);
    const start = first * SLAB_BYTES;
    if (end <= start + SLAB_BYTES) return slabs[first]!.subarray(offset - start, end - start);
    const joined = new Uint8Array(end - offset);
    for (let at = offset; at < end;) {
      const slab = Math.floor(at / SLAB_BYTES);
      const from = at - slab * SLAB_BYTES;
      const part = slabs[slab]!.subarray(from, Math.min(SLAB_BYTES, from + end - at));
      joined.set(part, at - offset);
      at += part.length;
    }
    return joined;
  }

  function fromFile(opened: Deno.FsFile, offset: number, end: number): Uint8Array {
    if (offset < windowAt || end > windowAt + windowLength) {
      const wanted = Math.max(WINDOW_BYTES, end - offset);
      if (window.length < wanted || window.length > wanted * 4) window = new Uint8Array(wanted);
      opened.seekSync(offset, Deno.SeekMode.Start);
      windowAt = offset;
      windowLength = 0;
      while (windowLength < window.length) {
        const read = opened.readSync(window.subarray(windowLength));
        if (read === null) break;
        windowLength += read;
      }
    }
    return window.subarray(offset - windowAt, end - windowAt);
  }

  return {
    get size() {
      return size;
    },
    get inFile() {
      return file !== null;
    },
    write(bytes) {
      if (file === null && options.dir !== null && size + bytes.length > options.memoryBytes) {
        file = spill(options.dir);
      }
      if (file === null) return toMemory(bytes);
      writeAll(file, bytes);
      size += bytes.length;
    },
    view(offset, length) {
      const end = Math.min(size, offset + length);
      if (offset >= end) return new Uint8Array(0);
      return file === null ? fromMemory(offset, end) : fromFile(file, offset, end);
    },
    close() {
      file?.close();
      file = null;
      slabs = [];
      window = new Uint8Array(0);
      size = 0;
    },
  };
}

/**
 * Removes what a process left behind that was killed between creating a file and unlinking it, or
 * that runs where an open file cannot be unlinked. Returns how many files went.
 */
export async function sweepSpool(dir: string): Promise<number> {
  let removed = 0;
  for await (const entry of Deno.readDir(dir)) {
    if (!entry.isFile || !entry.name.startsWith(PREFIX)) continue;
    const gone = await Deno.remove(`${dir}/${entry.name}`).then(() => true, () => false);
    if (gone) removed++;
  }
  return removed;
}

/** A file that is unlinked while open, so that the system frees it even when we are killed. */
function openNameless(dir: string): Deno.FsFile {
  const path = `${dir}/${PREFIX}${newToken(12)}`;
  const file = Deno.openSync(path, { read: true, write: true, createNew: true, mode: 0o600 });
  try {
    Deno.removeSync(path);
  } catch {
    // Windows keeps the name until the file is closed: `sweepSpool` removes it at the next start.
  }
  return file;
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
