/** One rule at work: its pattern on the text around its keywords, and its own look at a match. */

import { createMatchCheck, type MatchCheck } from "@/lib/detect/match_check.ts";
import { createPrefilter, type Prefilter } from "@/lib/detect/prefilter.ts";
import { capturesInSight, isBounded, literalPrefixes } from "@/lib/detect/prefixes.ts";
import type { Confidence, Rule, Severity } from "@/lib/detect/rule.ts";

/** What a pattern may see around its keyword unless its rule says otherwise, in bytes. */
const DEFAULT_WINDOW = { before: 100, after: 400 };
/** A wider one needs a marker. */
export const WIDEST_WINDOW = 800;
/** A look-behind sees this much before the window. */
export const LOOK_BEHIND = 8;
/** Windows that touch are searched as one, up to this length. */
const MERGED_WINDOW = 4096;
/** Attempts of one rule in one text; more happen only in texts made to slow a scanner down. */
const ATTEMPTS = 20_000;
/** The same for a rule that is tried at its keyword alone, which costs little. */
const ANCHORED_ATTEMPTS = 50_000;

/** How much further than the usual window a rule with a marker may see. */
export const WIDEST = 8192;

/** One match that its rule stands by; offsets in bytes of the text. */
export interface RawHit {
  rule: Rule;
  secret: string;
  start: number;
  end: number;
  matchStart: number;
  matchEnd: number;
  severity: Severity;
  confidence: Confidence;
  reasons: string[];
}

/** A rule ready to run. */
export interface CompiledRule {
  rule: Rule;
  pattern: RegExp;
  indices: RegExp;
  /** A group lies within the match wherever it captures, so that mostly its text tells its place. */
  plainGroups: boolean;
  check: MatchCheck;
  anchored: boolean;
  /** For an anchored rule: tells of most keywords that no match begins there. */
  mayMatch: Prefilter;
  before: number;
  after: number;
  /** For a window wider than the usual neighbourhood: exact texts, one of which begins a match. */
  markers: readonly string[];
  /** No match can be long, so that a window needs no cutting out. */
  bounded: boolean;
  /** Where keywords began and ended in the text at hand; the first `count` are in use. */
  starts: Int32Array;
  ends: Int32Array;
  count: number;
}

/** Notes where a keyword stands, in order. */
export function note(one: CompiledRule, start: number, end: number): void {
  if (one.count === one.starts.length) {
    one.starts = doubled(one.starts);
    one.ends = doubled(one.ends);
  }
  one.starts[one.count] = start;
  one.ends[one.count++] = end;
}

function doubled(list: Int32Array): Int32Array {
  const longer = new Int32Array(list.length * 2);
  longer.set(list);
  return longer;
}

/** A piece of a text as Latin-1: where it begins, and whether the text goes on behind it. */
export interface Part {
  text: string;
  base: number;
  more: boolean;
}

/** Compiles a rule; throws when a keyword or a window is not as `Rule` asks. */
export function compileRule(rule: Rule): CompiledRule {
  for (const keyword of rule.keywords) {
    if (keyword.length < 3) throw new Error(`Cannot compile the rule: short keyword: ${rule.id}`);
  }
  const { before, after } = rule.window ?? DEFAULT_WINDOW;
  const beginnings = literalPrefixes(rule.pattern.source) ?? [];
  const anchored = rule.anchor === "keyword" || rule.marker !== undefined ||
    (beginnings.length > 0 &&
      beginnings.every((text) =>
        rule.keywords.some((keyword) => text.toLowerCase().startsWith(keyword))
      ));
  const wide = (anchored ? 0 : before) + after > WIDEST_WINDOW;
  const markers = rule.marker === undefined ? beginnings : [rule.marker];
  if (wide && (!anchored || markers.length === 0 || after > WIDEST)) {
    throw new Error(`Cannot compile the rule: window too wide: ${rule.id}`);
  }
  const flags = rule.pattern.flags.replace(/[gyd]/g, "");
  return {
    rule,
    pattern: new RegExp(rule.pattern.source, flags + (anchored ? "y" : "g")),
    indices: new RegExp(rule.pattern.source, flags + "yd"),
    plainGroups: !capturesInSight(rule.pattern.source),
    check: createMatchCheck(rule),
    anchored,
    mayMatch: anchored ? createPrefilter(rule.pattern) : () => true,
    before: anchored ? 0 : before,
    after,
    markers: wide ? markers : [],
    bounded: isBounded(rule.pattern.source),
    starts: new Int32Array(8),
    ends: new Int32Array(8),
    count: 0,
  };
}

/** Tries the rule at its noted keywords; gives true when there were too many. */
export function run(one: CompiledRule, part: Part, out: RawHit[]): boolean {
  const count = Math.min(one.count, one.anchored ? ANCHORED_ATTEMPTS : ATTEMPTS);
  if (one.anchored) {
    for (let i = 0; i < count; i++) attempt(one, part, one.starts[i]!, one.ends[i]!, out);
    return count < one.count;
  }
  for (let i = 0; i < count;) {
    const from = Math.max(0, one.starts[i]! - one.before);
    let to = Math.min(part.text.length, one.ends[i]! + one.after);
    let last = i;
    while (
      last + 1 < count && one.starts[last + 1]! - one.before <= to && to - from < MERGED_WINDOW
    ) {
      last++;
      to = Math.min(part.text.length, one.ends[last]! + one.after);
    }
    searchWindow(one, part, from, to, i, last, out);
    i = last + 1;
  }
  return count < one.count;
}

/** Tries an anchored rule at one keyword. */
export function attempt(
  one: CompiledRule,
  part: Part,
  keywordStart: number,
  keywordEnd: number,
  out: RawHit[],
): void {
  const { text } = part;
  const to = Math.min(text.length, keywordEnd + one.after);
  const more = part.more || to < text.length;
  const from = one.bounded ? 0 : Math.max(0, keywordStart - LOOK_BEHIND);
  // Cutting the window out bounds what an open-ended pattern can look at, and costs time.
  const view = one.bounded ? text : text.slice(from, to);
  one.pattern.lastIndex = keywordStart - from;
  const match = one.pattern.exec(view);
  if (match === null) return;
  const end = from + match.index + match[0].length;
  if (end < to || (end === to && !more)) accept(one, match, view, part, from, out);
}

function searchWindow(
  one: CompiledRule,
  part: Part,
  from: number,
  to: number,
  first: number,
  last: number,
  out: RawHit[],
): void {
  const viewStart = Math.max(0, from - LOOK_BEHIND);
  const view = part.text.slice(viewStart, to);
  one.pattern.lastIndex = from - viewStart;
  let near = first;
  for (let match = one.pattern.exec(view); match !== null; match = one.pattern.exec(view)) {
    if (match[0] === "") {
      one.pattern.lastIndex++;
      continue;
    }
    const start = viewStart + match.index;
    const end = start + match[0].length;
    // Judged against each keyword's own window, so that a merged window finds nothing extra.
    while (near < last && one.ends[near]! + one.after < end) near++;
    const within = one.starts[near]! - one.before <= start && one.ends[near]! + one.after >= end;
    if (within && !cutOff(view, match, part.more || to < part.text.length)) {
      accept(one, match, view, part, viewStart, out);
    }
  }
}

/** A match that reaches the end of its window may be only the beginning of something longer. */
function cutOff(view: string, match: RegExpExecArray, more: boolean): boolean {
  return more && match.index + match[0].length === view.length;
}

function accept(
  one: CompiledRule,
  match: RegExpExecArray,
  view: string,
  part: Part,
  viewStart: number,
  out: RawHit[],
): void {
  const matchStart = viewStart + match.index;
  const span = secretOf(one, match, view);
  if (span === null || span.start === span.end) return;
  const start = viewStart + span.start;
  const end = viewStart + span.end;
  const checked = one.check({ text: part.text, start, end, matchStart, match: match[0] });
  if (checked === null) return;
  const { rule } = one;
  const { canonical, verdict } = checked;
  out.push({
    rule,
    secret: canonical,
    start: part.base + start,
    end: part.base + end,
    matchStart: part.base + matchStart,
    matchEnd: part.base + matchStart + match[0].length,
    severity: verdict.severity ?? rule.severity,
    confidence: verdict.confidence ?? rule.confidence,
    reasons: verdict.reason === undefined ? [] : [verdict.reason],
  });
}

/** Where the secret lies in the view: the first group that captured, else the whole match. */
function secretOf(
  one: CompiledRule,
  match: RegExpExecArray,
  view: string,
): { start: number; end: number } | null {
  const whole = match[0];
  const end = match.index + whole.length;
  if (match.length === 1) return { start: match.index, end };
  if (one.plainGroups) {
    // Text that stands in the match once only can have been captured nowhere else.
    let group: string | undefined;
    for (let i = 1; i < match.length && group === undefined; i++) group = match[i];
    if (group === undefined) return { start: match.index, end };
    const at = whole.indexOf(group);
    if (group !== "" && at === whole.lastIndexOf(group)) {
      return { start: match.index + at, end: match.index + at + group.length };
    }
  }
  one.indices.lastIndex = match.index;
  const spans = one.indices.exec(view)?.indices;
  const span = spans?.slice(1).find((group) => group !== undefined) ?? spans?.[0];
  return span === undefined ? null : { start: span[0], end: span[1] };
}
