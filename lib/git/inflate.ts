/** Inflates one object out of a pack, whose compressed length is known only afterwards. */

import zlib from "node:zlib";
import { RemoteError } from "@/lib/errors.ts";
import type { Spool } from "@/lib/git/spool.ts";

/** Inflates one zlib stream from the start of `input` into `output`. */
type Inflate = (input: Uint8Array, output: Uint8Array) => {
  written: number;
  consumed: number;
  /** The stream came to its end, and its checksum was right. */
  ended: boolean;
  failed: boolean;
};

/** What lies below `zlib.inflateSync`: not documented, hence proved before it is used. */
interface Handle {
  reset(): void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
  onerror: (message: string, code: number) => void;
}

let engine: Inflate | null = null;

/**
 * Inflates exactly `size` bytes from `offset` into `output`, which has room for one more byte; gives
 * the number of compressed bytes. @throws RemoteError `corrupt`
 */
export function inflateAt(
  spool: Spool,
  offset: number,
  size: number,
  output: Uint8Array,
): number {
  engine ??= createHandleInflate() ?? plainInflate;
  // One byte more than there should be shows an object that is larger than it says.
  const room = output.subarray(0, size + 1);
  // What deflate may take for incompressible data, so that one look is nearly always enough.
  let length = size + (size >> 9) + 256;
  for (;;) {
    const view = spool.view(offset, length);
    const { written, consumed, ended, failed } = engine(view, room);
    if (failed) throw broken("an object cannot be inflated");
    if (written > size) throw broken(`an object is larger than its ${size} bytes`);
    if (ended) {
      if (written === size) return consumed;
      throw broken(`an object of ${size} bytes holds ${written}`);
    }
    if (offset + view.length >= spool.size) throw broken("it ends inside an object");
    length *= 4;
  }
}

/**
 * One engine for all objects and the output put where it is wanted: 3 µs an object less than
 * `inflateSync`, and none of its garbage, which for 90,000 objects is half a gigabyte. Null where
 * the handle does not behave as it does in the runtime that this was measured with.
 */
export function createHandleInflate(): Inflate | null {
  try {
    const stream = zlib.createInflate({ chunkSize: 64 });
    const handle: Handle = Reflect.get(stream, "_handle");
    const state: Uint32Array = Reflect.get(stream, "_writeState");
    let failed = false;
    handle.onerror = () => failed = true;
    const inflate: Inflate = (input, output) => {
      failed = false;
      handle.reset();
      handle.writeSync(0, input, 0, input.length, output, 0, output.length);
      const [outputLeft, inputLeft] = state;
      return {
        written: output.length - outputLeft!,
        consumed: input.length - inputLeft!,
        // It stops early for want of room or of input, or because it is done. A pack's trailer
        // follows the last object, so that an object's end never is the input's.
        ended: !failed && outputLeft! > 0 && inputLeft! > 0,
        failed,
      };
    };
    return behaves(inflate) ? inflate : null;
  } catch {
    return null;
  }
}

/** Whether it does the same as the documented way, on what is right and what is wrong. */
function behaves(inflate: Inflate): boolean {
  const text = new TextEncoder().encode("the same words, the same words, the same words");
  const packed = new Uint8Array(zlib.deflateSync(text));
  const followed = new Uint8Array([...packed, 1, 2, 3]);
  const wrong = followed.slice();
  wrong[packed.length - 1]! ^= 1;
  const output = new Uint8Array(text.length + 1);
  for (let round = 0; round < 2; round++) {
    const right = inflate(followed, output);
    if (!right.ended || right.failed || right.consumed !== packed.length) return false;
    if (right.written !== text.length || text.some((byte, i) => output[i] !== byte)) return false;
    if (!inflate(wrong, output).failed) return false;
    const cut = inflate(packed.subarray(0, 10), output);
    if (cut.ended || cut.failed) return false;
    if (inflate(followed, output.subarray(0, 5)).ended) return false;
  }
  return true;
}

/** What node:zlib returns with `info: true`; its types know the plain form only. */
interface InflatedWithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/** The documented way. */
export const plainInflate: Inflate = (input, output) => {
  // By default every result pins a chunk of 16 KB.
  const options = {
    info: true,
    chunkSize: Math.max(64, output.length),
    maxOutputLength: output.length,
  };
  try {
    const { buffer, engine } = zlib.inflateSync(input, options) as unknown as InflatedWithInfo;
    output.set(buffer);
    return { written: buffer.length, consumed: engine.bytesWritten, ended: true, failed: false };
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
    const full = code === "ERR_BUFFER_TOO_LARGE";
    const written = full ? output.length : 0;
    return { written, consumed: 0, ended: false, failed: !full && code !== "Z_BUF_ERROR" };
  }
};

/** Piece by piece, so that an object of any size takes little memory. */
const SKIP_BYTES = 1 << 18;

/** Passes over an object that is too large to be held; gives its compressed bytes. */
export async function skipAt(spool: Spool, offset: number, size: number): Promise<number> {
  const engine = zlib.createInflate();
  let inflated = 0;
  const ended = new Promise<void>((resolve, reject) => {
    engine.on("data", (data: Uint8Array) => inflated += data.length);
    engine.on("end", resolve);
    engine.on("error", () => reject(broken("an object cannot be inflated")));
  });
  let failure: unknown = null;
  ended.catch((error) => failure = error);
  for (let at = offset; !engine.readableEnded; at += SKIP_BYTES) {
    const view = spool.view(at, SKIP_BYTES);
    if (view.length === 0 || inflated > size) failure ??= broken("an object has another size");
    if (failure !== null) {
      engine.destroy();
      throw failure;
    }
    // The view is overwritten by the next one, and the engine reads later.
    const copy = view.slice();
    await new Promise<void>((resolve) => {
      engine.once("close", resolve);
      engine.once("end", resolve);
      engine.write(copy, () => resolve());
    });
  }
  await ended;
  if (inflated !== size) throw broken("an object has another size");
  return Number(Reflect.get(engine, "bytesWritten"));
}

function broken(why: string): RemoteError {
  return new RemoteError("corrupt", `Cannot read the pack: ${why}`);
}
