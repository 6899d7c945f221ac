/** Fetches one file's contents by its id: for the few that steer a scan, not for scanning. */

import { type Clock, systemClock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { createHttp } from "@/lib/http.ts";
import { NO_SCANNER } from "@/lib/git/blob_scanner.ts";
import { createBreather } from "@/lib/git/breather.ts";
import { createGitHttp, type GitRemote } from "@/lib/git/git_http.ts";
import { BLOB } from "@/lib/git/pack.ts";
import { readPack } from "@/lib/git/read_pack.ts";
import { receivePack } from "@/lib/git/receive.ts";
import { openRepository } from "@/lib/git/smart_http.ts";
import { createSpool } from "@/lib/git/spool.ts";
import type { PresenceOptions } from "@/lib/git/tip_presence.ts";

/** The pack of one small blob; a larger one is not what we ask for. */
const MOST_BYTES = 1 << 20;

/**
 * The blob's bytes; two git requests. Null when the server does not give out single objects, as
 * some do before protocol version 2, or when the blob is larger than a megabyte.
 * @throws RemoteError `rate_limited`, `unavailable` and the like, or the signal's reason
 */
export async function fetchBlob(
  remote: GitRemote,
  oid: string,
  options: PresenceOptions,
): Promise<Uint8Array | null> {
  const { limits, signal } = options;
  const clock: Clock = options.clock ?? systemClock;
  const door = createHttp({
    origins: [new URL(remote.url).origin],
    timeoutMs: limits.idleSeconds * 1000,
    idleMs: limits.idleSeconds * 1000,
    clock,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const http = createGitHttp(remote, door, signal);
  const spool = createSpool({ memoryBytes: MOST_BYTES, dir: null });
  try {
    const { uploadPack } = await openRepository(http, options.memory);
    const { pack } = await uploadPack.fetchPack({ wants: [oid], haves: [], depth: null });
    const count = await receivePack(pack, spool, { packBytes: MOST_BYTES, objects: 1 });
    await http.close();
    const breather = createBreather(clock, signal);
    const most = { blobBytes: MOST_BYTES, inflatedBytes: MOST_BYTES, deltaDepth: 1 };
    const read = await readPack(spool, count, NO_SCANNER, most, breather);
    const { objects } = read;
    try {
      return objects.types[0] === BLOB && read.read === 1 && objects.isHeld(0)
        ? objects.bytes(0).slice()
        : null;
    } finally {
      objects.close();
    }
  } catch (error) {
    if (error instanceof RemoteError && isRefusal(error)) return null;
    throw error;
  } finally {
    await http.close();
    spool.close();
  }
}

/** How servers put it: an error in the answer, an id that they do not show, or too large a pack. */
function isRefusal({ reason, message }: RemoteError): boolean {
  return ["malformed", "too_large", "corrupt", "not_found", "forbidden"].includes(reason) ||
    /not our ref|unadvertised object/.test(message);
}
