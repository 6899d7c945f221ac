/** Keeps a pack at hand: in memory up to a limit, above it in a temporary file that cannot stay. */

import { giveSlabs, SLAB_BYTES, takeSlab } from "@/lib/git/slabs.ts";
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
  /** Lets go of memory and file, and of what `view` gave; harmless when repeated. */
  close(): void;
}

export interface SpoolOptions {
  /** Above it everything goes to a file. */
  memoryBytes: number;
  /** The folder for the file; null keeps everything in memory. */
  dir: string | null;
}

const WINDOW_BYTES = 1 << 20;
const PREFIX = "sluice-pack-";

/** An empty spool; `close` is owed. */
export function createSpool(options: SpoolOptions): Spool {
  return new SlabsOrFile(options);
}

class SlabsOrFile implements Spool {
  readonly #options: SpoolOptions;
  #slabs: Uint8Array[] = [];
  #file: Deno.FsFile | null = null;
  #window = new Uint8Array(0);
  #windowAt = 0;
  #windowLength = 0;
  size = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  get inFile(): boolean {
    return this.#file !== null;
  }

  write(bytes: Uint8Array): void {
    const { dir, memoryBytes } = this.#options;
    if (this.#file === null && dir !== null && this.size + bytes.length > memoryBytes) {
      this.#file = this.#spill(dir);
    }
    if (this.#file === null) return this.#toMemory(bytes);
    writeAll(this.#file, bytes);
    this.size += bytes.length;
  }

  view(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    return this.#file === null
      ? this.#fromMemory(offset, end)
      : this.#fromFile(this.#file, offset, end);
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
    this.#dropSlabs();
    this.#window = new Uint8Array(0);
    this.size = 0;
  }

  #toMemory(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const inSlab = this.size % SLAB_BYTES;
      if (inSlab === 0) this.#slabs.push(takeSlab());
      const part = bytes.subarray(at, at + SLAB_BYTES - inSlab);
      this.#slabs.at(-1)!.set(part, inSlab);
      at += part.length;
      this.size += part.length;
    }
  }

  #spill(dir: string): Deno.FsFile {
    const opened = openNameless(dir);
    for (let i = 0; i < this.#slabs.length; i++) {
      const end = Math.min(SLAB_BYTES, this.size - i * SLAB_BYTES);
      writeAll(opened, this.#slabs[i]!.subarray(0, end));
    }
    this.#dropSlabs();
    return opened;
  }

  #dropSlabs(): void {
    giveSlabs(this.#slabs);
    this.#slabs = [];
  }

  #fromMemory(offset: number, end: number): Uint8Array {
    const first = Math.floor(offset / SLAB_BYTES);
    const start = first * SLAB_BYTES;
    if (end <= start + SLAB_BYTES) return this.#slabs[first]!.subarray(offset - start, end - start);
    const joined = new Uint8Array(end - offset);
    for (let at = offset; at < end;) {
      const slab = Math.floor(at / SLAB_BYTES);
      const from = at - slab * SLAB_BYTES;
      const part = this.#slabs[slab]!.subarray(from, Math.min(SLAB_BYTES, from + end - at));
      joined.set(part, at - offset);
      at += part.length;
    }
    return joined;
  }

  #fromFile(opened: Deno.FsFile, offset: number, end: number): Uint8Array {
    if (offset < this.#windowAt || end > this.#windowAt + this.#windowLength) {
      this.#fill(opened, offset, Math.max(WINDOW_BYTES, end - offset));
    }
    return this.#window.subarray(offset - this.#windowAt, end - this.#windowAt);
  }

  #fill(opened: Deno.FsFile, offset: number, wanted: number): void {
    if (this.#window.length < wanted || this.#window.length > wanted * 4) {
      this.#window = new Uint8Array(wanted);
    }
    opened.seekSync(offset, Deno.SeekMode.Start);
    this.#windowAt = offset;
    this.#windowLength = 0;
    while (this.#windowLength < this.#window.length) {
      const read = opened.readSync(this.#window.subarray(this.#windowLength));
      if (read === null) break;
      this.#windowLength += read;
    }
  }
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
