/**
 * Sealing with a key file that may be rotated while the process runs: what is sealed is sealed with
 * the file's present key, and what is opened may be of any key that the file held since the start.
 */

import { createSeal, keyFromFile, keyIdOf, readKeyFile, type Seal } from "@/lib/seal.ts";

/** The seal of the key file at `path`, which is made when it is not there. */
export async function sealFromFile(path: string): Promise<Seal> {
  await keyFromFile(path);
  const known = new Map<string, Seal>();
  const first = await present();

  /** The seal of the file's first key; all of its keys are known from now on. */
  async function present(): Promise<Seal> {
    const seals = await Promise.all((await readKeyFile(path)).map((key) => createSeal(key)));
    for (const seal of seals) known.set(seal.keyId, seal);
    return seals[0]!;
  }

  return {
    keyId: first.keyId,
    nameOf: first.nameOf,
    fingerprintKey: first.fingerprintKey,
    // Sealing is rare, at most once for each form that is sent: the file is read each time.
    close: async (secret, place) => await (await present()).close(secret, place),
    async open(sealed, place) {
      const keyId = keyIdOf(sealed);
      const newest = known.has(keyId) ? first : await present();
      return await (known.get(keyId) ?? newest).open(sealed, place);
    },
  };
}
