/** Where a page of a list begins, as a link carries it. */

/** The last row that the reader saw, in the order of one sort. */
export interface PageKey {
  /** The sort that the key belongs to: with another it means nothing. */
  sort: string;
  value: string | number;
  id: string;
  /** True for the page before the row. */
  backwards: boolean;
}

/** Gives the key as base64url. */
export function formatKey(key: PageKey): string {
  const { sort, value, id, backwards } = key;
  return btoa(encodeURIComponent(JSON.stringify([sort, value, id, backwards ? 1 : 0])))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads a key; null where it was tampered with, or made for another sort or kind of value. */
export function parseKey(
  text: string,
  expected: { sort: string; type: "string" | "number" },
): PageKey | null {
  try {
    const [sort, value, id, back] = JSON.parse(
      decodeURIComponent(atob(text.replaceAll("-", "+").replaceAll("_", "/"))),
    );
    if (sort !== expected.sort || typeof value !== expected.type || typeof id !== "string") {
      return null;
    }
    return { sort, value, id, backwards: back === 1 };
  } catch {
    return null;
  }
}
