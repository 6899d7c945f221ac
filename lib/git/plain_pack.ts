/** Fetches a pack in which nothing is scanned, and reads it: of commits, of trees, of one file. */

import { type Clock, systemClock } from "@/lib/clock.ts";
import { type Found, NO_SCANNER } from "@/lib/git/blob_scanner.ts";
import { type Breather, createBreather } from "@/lib/git/breather.ts";
import { connect, type GitRemote } from "@/lib/git/git_http.ts";
import type { ReadingLimits } from "@/lib/git/mod.ts";
import { type ReadPack, readPack } from "@/lib/git/read_pack.ts";
import { receivePack } from "@/lib/git/receive.ts";
import type { PackRequest, RemoteRefs, UploadPack } from "@/lib/git/refs.ts";
import { type CapabilityMemory, openRepository } from "@/lib/git/smart_http.ts";
import { createSpool } from "@/lib/git/spool.ts";

/** How a remote is asked. */
export interface PlainOptions {
  limits: ReadingLimits;
  spoolDir: string | null;
  memory: CapabilityMemory;
  signal?: AbortSignal | undefined;
  fetch?: typeof fetch;
  clock?: Clock;
}

/**
 * Opens the remote, asks for what `choose` says, and gives what `use` makes of it; the pack is
 * gone when this returns. Null where `choose` asks for nothing. Two git requests, or one then.
 * @throws RemoteError, or the signal's reason
 */
export async function withPlainPack<T>(
  remote: GitRemote,
  options: PlainOptions,
  choose: (refs: RemoteRefs, uploadPack: UploadPack) => PackRequest | null,
  use: (pack: ReadPack<Found>, breather: Breather) => T | Promise<T>,
): Promise<T | null> {
  const { limits } = options;
  const http = connect(remote, { ...options, idleMs: limits.idleSeconds * 1000 });
  const spool = createSpool({ memoryBytes: limits.memoryBytes, dir: options.spoolDir });
  let pack: ReadPack<Found> | null = null;
  try {
    const { uploadPack, refs } = await openRepository(http, options.memory);
    const request = choose(refs, uploadPack);
    if (request === null) return null;
    const answer = await uploadPack.fetchPack(request);
    const count = await receivePack(answer.pack, spool, limits);
    await http.close();
    const breather = createBreather(options.clock ?? systemClock, options.signal);
    pack = await readPack(spool, count, NO_SCANNER, limits, breather);
    return await use(pack, breather);
  } finally {
    await http.close();
    pack?.objects.close();
    spool.close();
  }
}
