/** The limits of one reading: what the configuration says, and bounds against hostile packs. */

import { GIT_SILENCE_SECONDS } from "@/lib/http.ts";
import type { ReadLimits } from "./thread_messages.ts";

/** Bitbucket stops pushes at 4 GB; git's own default delta depth is 50, `gc --aggressive` had 250. */
export function readLimits(config: { maxPackBytes: number; maxBlobBytes: number }): ReadLimits {
  return {
    packBytes: config.maxPackBytes,
    memoryBytes: 32 * 1024 * 1024,
    blobBytes: config.maxBlobBytes,
    objects: 20_000_000,
    inflatedBytes: 256 * 1024 ** 3,
    deltaDepth: 5_000,
    treeDepth: 512,
    idleSeconds: GIT_SILENCE_SECONDS,
  };
}
