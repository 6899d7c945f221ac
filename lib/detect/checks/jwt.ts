/** Reads a JSON Web Token's header and payload without trusting either. */
import { jsonFromBase64 } from "./base64.ts";

/** The decoded parts of a token. */
export interface JwtParts {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/** Both parts of a compact token whose header names an algorithm or a type, or null. */
export function jwtParts(token: string): JwtParts | null {
  const [head, body] = token.split(".");
  if (!head || !body) return null;
  const header = jsonFromBase64(head);
  const payload = jsonFromBase64(body);
  if (header === null || payload === null) return null;
  return "alg" in header || "typ" in header ? { header, payload } : null;
}

/** The day on which a payload says it ends (`exp`, in seconds), as 2024-05-01, or null. */
export function jwtExpiry(payload: Record<string, unknown>): string | null {
  const { exp } = payload;
  if (typeof exp !== "number" || !(exp > 0 && exp < 8.64e12)) return null;
  return new Date(exp * 1000).toISOString().slice(0, 10);
}
