/** A rule's own look at a match; of histories most matches come again and again, unchanged. */

import { Buffer } from "node:buffer";
import { placeholderReason } from "@/lib/detect/placeholder.ts";
import type { MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";

/** How many characters of a line a check sees on either side. */
export const LINE_CONTEXT = 200;
/** How much a check sees of what stands before the match. */
const LEAD = 80;
/** Verdicts kept of all rules: two generations, of texts of a few hundred bytes, take some 8 MB. */
const GENERATION = 8000;
/** Private keys are longer by far, and a repository may be full of them: 16,000 took half a GB. */
const GENERATION_CHARS = 5_000_000;
let young = new Map<string, Checked | null>();
let old = new Map<string, Checked | null>();
let youngChars = 0;
let lastRule = 0;

/** Where a match and its secret stand in a text of one character a byte. */
export interface MatchPlace {
  text: string;
  start: number;
  end: number;
  matchStart: number;
  match: string;
}

/** A secret in the form in which equal ones are equal, and what its rule says of it. */
export interface Checked {
  canonical: string;
  verdict: Verdict;
}

/** Judges one match; null where it is dropped. */
export type MatchCheck = (place: MatchPlace) => Checked | null;

const KEPT: Verdict = { keep: true };

/** Checks are pure, so that what they said of a match in the same surroundings is said again. */
export function createMatchCheck(rule: Rule): MatchCheck {
  if (rule.check === undefined) return ({ text, start, end }) => look(rule, text.slice(start, end));
  // Of rules with the same id one may be the other's next version.
  const number = ++lastRule;
  return (place) => {
    const secret = place.text.slice(place.start, place.end);
    const context = contextOf(place);
    const { before, after, match, above, lead } = context;
    const key =
      `${number} ${match.length} ${secret.length} ${before.length} ${above.length} ${
        lead!.length
      }` +
      ` ${match}${secret}${before}${above}${lead}${after}`;
    let checked = young.get(key);
    if (checked !== undefined) return checked;
    checked = old.get(key);
    if (checked === undefined) checked = ownText(look(rule, secret, context));
    if (young.size >= GENERATION || youngChars >= GENERATION_CHARS) {
      old = young;
      young = new Map();
      youngChars = 0;
    }
    young.set(key, checked);
    youngChars += key.length;
    return checked;
  };
}

function look(rule: Rule, secret: string, context?: MatchContext): Checked | null {
  const canonical = rule.canonical?.(secret) ?? secret;
  if (rule.keepsPlaceholders !== true && placeholderReason(canonical) !== null) return null;
  const verdict = context === undefined ? KEPT : rule.check!(canonical, context);
  return verdict.keep ? { canonical, verdict } : null;
}

/** A copy of the texts: a slice of a text keeps all of it in memory. */
function ownText(checked: Checked | null): Checked | null {
  if (checked === null) return null;
  const copy = (text: string) => Buffer.from(text, "utf16le").toString("utf16le");
  const { reason, ...verdict } = checked.verdict;
  return {
    canonical: copy(checked.canonical),
    verdict: reason === undefined ? verdict : { ...verdict, reason: copy(reason) },
  };
}

function contextOf({ text, start, end, matchStart, match }: MatchPlace): MatchContext {
  const head = text.slice(Math.max(0, start - 2 * LINE_CONTEXT), start);
  const lineStart = head.lastIndexOf("\n") + 1;
  const before = head.slice(Math.max(lineStart, head.length - LINE_CONTEXT));
  const above = lineStart === 0 ? "" : head.slice(0, lineStart - 1).slice(-LINE_CONTEXT);
  const tail = text.slice(end, end + LINE_CONTEXT);
  const lineEnd = tail.indexOf("\n");
  return {
    before,
    after: lineEnd < 0 ? tail : tail.slice(0, lineEnd),
    match,
    above: above.slice(above.lastIndexOf("\n") + 1),
    lead: text.slice(Math.max(0, matchStart - LEAD), matchStart),
  };
}
