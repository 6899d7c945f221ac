/**
 * Shows the signs that nobody sees in a page: a file's name may hold controls that turn the text
 * after them around, so that `exe.png` reads as what it is not (Unicode Technical Report 36, 3.2).
 */

import type { MiddlewareHandler } from "hono";

/** Embeddings, overrides and isolates, line separators, and controls but tab and line ends. */
// deno-lint-ignore no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Replaces them in every page and fragment, whichever component wrote it; data stays as it is. */
export function visibleSigns(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    // What is packed already was shown so before.
    if (c.res.headers.has("Content-Encoding")) return;
    if (!c.res.headers.get("Content-Type")?.startsWith("text/html")) return;
    const html = await c.res.text();
    c.res = new Response(showSigns(html), c.res);
  };
}

/** `[U+202E]` for each; the marks of languages that are written from the right stay. */
export function showSigns(text: string): string {
  return text.replaceAll(
    UNSEEN,
    (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}
