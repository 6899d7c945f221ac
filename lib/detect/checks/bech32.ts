/** Bech32 (BIP 173) and Bech32m (BIP 350), which age and Nostr use for their keys. */

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Which of the two checksums a text of one letter case ends in, or null. */
export function bech32Kind(text: string): "bech32" | "bech32m" | null {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return null;
  const at = lower.lastIndexOf("1");
  if (at < 1 || lower.length - at < 7) return null;
  const data = Array.from(lower.slice(at + 1), (character) => ALPHABET.indexOf(character));
  if (data.includes(-1)) return null;
  const sum = polymod([...expand(lower.slice(0, at)), ...data]);
  return sum === 1 ? "bech32" : sum === 0x2bc830a3 ? "bech32m" : null;
}

/** The Bech32 text of 5-bit values under a lower-case prefix; used to make examples. */
export function toBech32(prefix: string, values: readonly number[]): string {
  const sum = polymod([...expand(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const tail = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...values, ...tail].map((value) => ALPHABET[value]).join("")}`;
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum >>> 0;
}
