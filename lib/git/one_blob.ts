/** Fetches one file's contents by its id: for the few that steer a scan, not for scanning. */

import { RemoteError } from "@/lib/errors.ts";
import type { GitRemote } from "@/lib/git/git_http.ts";
import { BLOB } from "@/lib/git/pack.ts";
import { type PlainOptions, withPlainPack } from "@/lib/git/plain_pack.ts";

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
  options: PlainOptions,
): Promise<Uint8Array | null> {
  const limits = {
    ...options.limits,
    packBytes: MOST_BYTES,
    memoryBytes: MOST_BYTES,
    blobBytes: MOST_BYTES,
    inflatedBytes: MOST_BYTES,
    objects: 1,
    deltaDepth: 1,
  };
  try {
    return await withPlainPack(
      remote,
      { ...options, limits, spoolDir: null },
      () => ({ wants: [oid], haves: [], depth: null }),
      ({ objects, read }) =>
        objects.types[0] === BLOB && read === 1 && objects.isHeld(0)
          ? objects.bytes(0).slice()
          : null,
    );
  } catch (error) {
    if (error instanceof RemoteError && isRefusal(error)) return null;
    throw error;
  }
}

/** How servers put it: an error in the answer, an id that they do not show, or too large a pack. */
function isRefusal({ reason, message }: RemoteError): boolean {
  return ["malformed", "too_large", "corrupt", "not_found", "forbidden"].includes(reason) ||
    /not our ref|unadvertised object/.test(message);
}
