/** Names out of repositories that are not kept as they stand there: where they were cut or masked, they say so. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** Signs of the hash by which names stay apart that would else look the same. */
const HASH_SIGNS = 12;

/** Stands where something was left out. */
export const ELLIPSIS = "…";

/** What follows the place where a name was changed; `hash` is hex. */
export function hashMark(hash: string): string {
  return `~${hash.slice(0, HASH_SIGNS)}`;
}

/** Whether a name was cut or masked, so that nothing can be looked up by it; one that imitates it counts too. */
export function isHidden(name: string): boolean {
  return HIDDEN.test(name);
}

/** A hidden name with something else in the place of its hash. */
export function withoutMark(name: string, instead: string): string {
  return name.replace(HIDDEN, (all) => all.slice(0, -HASH_SIGNS - 1) + instead);
}

const HIDDEN = /(?:…|\*{8}[\x20-\x7e]{0,2})~[0-9a-f]{12}/;

/** The first `chars` of a text that has more; what follows is told by an ellipsis. */
export function shorten(text: string, chars: number): string {
  return text.length <= chars ? text : begin(text, chars - 1) + ELLIPSIS;
}

/** The same for texts that must stay apart when only their ends differ. */
export function shortenApart(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const mark = ELLIPSIS + hashMark(createHash("sha256").update(text).digest("hex"));
  return begin(text, chars - mark.length) + mark;
}

/** A copy: a slice would keep the whole text in memory. */
function begin(text: string, chars: number): string {
  return Buffer.from(text.slice(0, chars).toWellFormed()).toString();
}
