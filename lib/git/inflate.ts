/** Inflates one object out of a pack, whose compressed length is known only afterwards. */

import zlib from "node:zlib";
import { RemoteError } from "@/lib/errors.ts";
import type { Spool } from "@/lib/git/spool.ts";

/** An object's bytes and how many compressed ones they took. */
export interface Inflated {
  data: Uint8Array;
  consumed: number;
}

/** What node:zlib returns with `info: true`; its types know the plain form only. */
interface InflatedWithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/**
 * Inflates exactly `size` bytes from `offset`. The output's own buffer is one byte larger than the
 * object: by default every result pins a chunk of 16 KB. @throws RemoteError `corrupt`
 */
export function inflateAt(spool: Spool, offset: number, size: number): Inflated {
  const options = { info: true, chunkSize: Math.max(64, size + 1), maxOutputLength: size + 1 };
  // What deflate may take for incompressible data, so that one look is nearly always enough.
  let length = size + (size >> 9) + 256;
  for (;;) {
    const view = spool.view(offset, length);
    try {
      const { buffer, engine } = zlib.inflateSync(view, options) as unknown as InflatedWithInfo;
      if (buffer.length !== size) {
        throw broken(`an object of ${size} bytes holds ${buffer.length}`);
      }
      return { data: buffer, consumed: engine.bytesWritten };
    } catch (error) {
      const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
      if (code === "Z_BUF_ERROR" && offset + view.length < spool.size) {
        length *= 4;
        continue;
      }
      if (error instanceof RemoteError) throw error;
      if (code === "Z_BUF_ERROR") throw broken("it ends inside an object");
      if (code === "ERR_BUFFER_TOO_LARGE") {
        throw broken(`an object is larger than its ${size} bytes`);
      }
      throw broken("an object cannot be inflated");
    }
  }
}

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
