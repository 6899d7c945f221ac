/** The keyed hash by which a secret is known everywhere outside the detector. */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** Hex of HMAC-SHA256; equal for equal secrets under one key, and of no use without the key. */
export function fingerprint(key: Uint8Array, secret: string): string {
  return createHmac("sha256", key).update(Buffer.from(secret, "latin1")).digest("hex");
}

/** The same for a file that is a finding by its name: one a path and repository. */
export function nameFingerprint(key: Uint8Array, repository: string, path: string): string {
  return createHmac("sha256", key).update(`file\0${repository}\0${path}`).digest("hex");
}

/** The same for a name that holds a secret: what is kept of it is told apart by this. */
export function hiddenNameHash(key: Uint8Array, name: string): string {
  return createHmac("sha256", key).update(`name\0${name}`).digest("hex");
}
