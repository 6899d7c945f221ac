/** Reads whole repositories in tests. */

import { type BlobScanner, type Found, NO_SCANNER } from "@/lib/git/blob_scanner.ts";
import {
  type PlacedHit,
  type ReadingLimits,
  type ReadingOptions,
  type ReadingResult,
  readRemote,
} from "@/lib/git/mod.ts";

/** Far above what tests need. */
export const TEST_LIMITS: ReadingLimits = {
  packBytes: 1e8,
  memoryBytes: 1e8,
  blobBytes: 1e7,
  objects: 1e6,
  inflatedBytes: 1e9,
  deltaDepth: 4095,
  treeDepth: 200,
  idleSeconds: 20,
};

/** What is not given is as in `TEST_LIMITS`; without a scanner nothing is found. */
export type TestReading<Hit extends Found = Found> =
  & Partial<Omit<ReadingOptions<Hit>, "limits">>
  & {
    limits?: Partial<ReadingLimits>;
    user?: string;
    password?: string;
  };

/** Reads to the end. */
export async function readAll<Hit extends Found = Found>(
  url: string,
  { user = "", password = "", limits, ...options }: TestReading<Hit> = {},
): Promise<{ result: ReadingResult; placed: PlacedHit<Hit>[] }> {
  const reading = readRemote({ url, user, password }, {
    mode: "history",
    haves: [],
    limits: { ...TEST_LIMITS, ...limits },
    spoolDir: null,
    scanner: NO_SCANNER as BlobScanner<never> as BlobScanner<Hit>,
    ...options,
  });
  const placed: PlacedHit<Hit>[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { result: next.value, placed };
    placed.push(next.value);
  }
}
