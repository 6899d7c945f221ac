/** The keyed hash by which a secret is known everywhere outside the detector. */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** Hex of HMAC-SHA256; equal for equal secrets under one key, and of no use without the key. */
export function fingerprint(key: Uint8Array, secret: string): string {
  return createHmac("sha256", key).update(Buffer.from(secret, "latin1")).digest("hex");
}
