/** The AWS account that a key id belongs to: it stands in bits of the id itself. */
import { fromBase32 } from "./base32.ts";

/**
 * The twelve-digit account number of a 20-character key id (AKIA…, ASIA…), or null.
 * Ids of before March 2019 hold none and give a number that means nothing; their fifth
 * character is below `Q`, so they give null.
 */
export function awsAccountOf(keyId: string): string | null {
  if (keyId.length !== 20 || keyId[4]! < "A") return null;
  const bytes = fromBase32(keyId.slice(4));
  if (bytes === null || keyId[4]! < "Q") return null;
  let value = 0n;
  for (const byte of bytes.subarray(0, 6)) value = (value << 8n) | BigInt(byte);
  const account = (value & 0x7fffffffff80n) >> 7n;
  return account > 999_999_999_999n ? null : account.toString().padStart(12, "0");
}
