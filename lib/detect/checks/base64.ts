/** Base64 in both alphabets, with or without padding, to bytes or to text. */

/** The bytes of a base64 or base64url text, or null when it is neither. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/={1,2}$/, "");
  if (plain.length % 4 === 1) return null;
  if (!/^[A-Za-z0-9+/]*$/.test(plain)) return null;
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

/** The text (bytes as Latin-1) of a base64 or base64url text, or null when it is neither. */
export function textFromBase64(text: string): string | null {
  const bytes = fromBase64(text);
  return bytes === null ? null : String.fromCharCode(...bytes.subarray(0, 8192));
}

/** The JSON object inside a base64 or base64url text, or null. */
export function jsonFromBase64(text: string): Record<string, unknown> | null {
  const json = textFromBase64(text);
  if (json === null || !json.startsWith("{")) return null;
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Base64 of bytes or of a Latin-1 text, with padding. */
export function toBase64(input: string | Uint8Array): string {
  return btoa(typeof input === "string" ? input : String.fromCharCode(...input));
}

/** Base64url of bytes or of a Latin-1 text, without padding. */
export function toBase64Url(input: string | Uint8Array): string {
  return toBase64(input).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
