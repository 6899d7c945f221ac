/** Runs the rules: keywords first, then each rule's pattern on the text around its keywords. */

import { type Automaton, createAutomaton, createKeywordHits } from "@/lib/detect/automaton.ts";
import { placeholderReason } from "@/lib/detect/placeholder.ts";
import { latin1 } from "@/lib/detect/text.ts";
import { literalPrefixes } from "@/lib/detect/prefixes.ts";
import type { Confidence, MatchContext, Rule, Severity, Verdict } from "@/lib/detect/rule.ts";

/** What a pattern may see around its keyword unless its rule says otherwise, in bytes. */
const DEFAULT_WINDOW = { before: 100, after: 400 };
/** With the context of a check this stays within `NEIGHBOURHOOD`. */
const WIDEST_WINDOW = 800;
/** How many characters of a line a check sees on either side. */
const LINE_CONTEXT = 200;
/** How much a check sees of what stands before the match. */
const LEAD = 80;
/** A look-behind sees this much before the window. */
const LOOK_BEHIND = 8;
/** Windows that touch are searched as one, up to this length. */
const MERGED_WINDOW = 4096;
/** Attempts of one rule in one text; more happen only in texts made to slow a scanner down. */
const ATTEMPTS = 20_000;

/**
 * A hit depends on no byte further than this from it, except for rules with a `marker`. So a text
 * of which only some ranges are new needs to be searched only this far around them.
 */
export const NEIGHBOURHOOD = { before: 1024, after: 1024 };
/** The same for rules with a `marker`: how long a shape of many lines, such as PEM, may be. */
export const WIDE_NEIGHBOURHOOD = { before: 8192, after: 8192 };

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

interface Span {
  start: number;
  end: number;
}

interface CompiledRule {
  rule: Rule;
  pattern: RegExp;
  indices: RegExp;
  anchored: boolean;
  before: number;
  after: number;
  /** For a window wider than the usual neighbourhood: exact texts, one of which begins a match. */
  markers: readonly string[];
  /** Where keywords began and ended in the text at hand. */
  starts: number[];
  ends: number[];
}

/** A piece of a text as Latin-1: where it begins, and whether the text goes on behind it. */
interface Part {
  text: string;
  base: number;
  more: boolean;
}

/** Rules ready to run over texts. */
export interface Engine {
  readonly automaton: Automaton;
  /**
   * Adds every hit whose keyword lies in `bytes[start, end)` to `out`; gives true when a limit
   * stopped it. Rules with a marker are left out unless `wide`.
   */
  search(bytes: Uint8Array, span: Span, wide: boolean, out: RawHit[]): boolean;
  /** The same for rules with a marker alone, without the keywords: quick on long neighbourhoods. */
  searchWide(bytes: Uint8Array, span: Span, out: RawHit[]): void;
}

/** Compiles rules; throws when a keyword or a window is not as `Rule` asks. */
export function createEngine(rules: readonly Rule[]): Engine {
  const compiled = rules.map(compileRule);
  const keywords: string[] = [];
  const users: CompiledRule[][] = [];
  const known = new Map<string, number>();
  for (const one of compiled) {
    for (const keyword of one.rule.keywords) {
      let index = known.get(keyword);
      if (index === undefined) {
        index = keywords.length;
        known.set(keyword, index);
        keywords.push(keyword);
        users.push([]);
      }
      users[index]!.push(one);
    }
  }
  const automaton = createAutomaton(keywords);
  const hits = createKeywordHits();
  const wide = compiled.filter((one) => one.markers.length > 0);

  return {
    automaton,
    search(bytes, { start, end }, withWide, out) {
      hits.length = 0;
      automaton.scan(bytes, start, end, hits);
      if (hits.length === 0) return false;
      const active: CompiledRule[] = [];
      for (let i = 0; i < hits.length; i += 2) {
        const keyword = hits.pairs[i]!;
        const keywordEnd = hits.pairs[i + 1]! - start;
        for (const one of users[keyword]!) {
          if (one.markers.length > 0 && !withWide) continue;
          if (one.starts.length === 0) active.push(one);
          one.starts.push(keywordEnd - keywords[keyword]!.length);
          one.ends.push(keywordEnd);
        }
      }
      let capped = false;
      const part = { text: latin1(bytes, start, end), base: start, more: end < bytes.length };
      for (const one of active) {
        capped = run(one, part, out) || capped;
        one.starts.length = 0;
        one.ends.length = 0;
      }
      return capped;
    },
    searchWide(bytes, { start, end }, out) {
      if (wide.length === 0) return;
      const part = { text: latin1(bytes, start, end), base: start, more: end < bytes.length };
      for (const one of wide) {
        for (const marker of one.markers) {
          for (
            let at = part.text.indexOf(marker);
            at >= 0;
            at = part.text.indexOf(marker, at + 1)
          ) attempt(one, part, at, at + marker.length, out);
        }
      }
    },
  };
}

function compileRule(rule: Rule): CompiledRule {
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
  if (wide && (!anchored || markers.length === 0 || after > WIDE_NEIGHBOURHOOD.after)) {
    throw new Error(`Cannot compile the rule: window too wide: ${rule.id}`);
  }
  const flags = rule.pattern.flags.replace(/[gyd]/g, "");
  return {
    rule,
    pattern: new RegExp(rule.pattern.source, flags + (anchored ? "y" : "g")),
    indices: new RegExp(rule.pattern.source, flags + "yd"),
    anchored,
    before: anchored ? 0 : before,
    after,
    markers: wide ? markers : [],
    starts: [],
    ends: [],
  };
}

function run(one: CompiledRule, part: Part, out: RawHit[]): boolean {
  const count = Math.min(one.starts.length, ATTEMPTS);
  if (one.anchored) {
    for (let i = 0; i < count; i++) attempt(one, part, one.starts[i]!, one.ends[i]!, out);
    return count < one.starts.length;
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
  return count < one.starts.length;
}

function attempt(
  one: CompiledRule,
  part: Part,
  keywordStart: number,
  keywordEnd: number,
  out: RawHit[],
): void {
  const from = Math.max(0, keywordStart - LOOK_BEHIND);
  const to = Math.min(part.text.length, keywordEnd + one.after);
  const view = part.text.slice(from, to);
  one.pattern.lastIndex = keywordStart - from;
  const match = one.pattern.exec(view);
  if (match !== null && !cutOff(view, match, part.more || to < part.text.length)) {
    accept(one, match, view, part, from, out);
  }
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
  const { rule } = one;
  const { text, base } = part;
  let start = viewStart + match.index;
  let secret = match[0];
  if (match.length > 1) {
    one.indices.lastIndex = match.index;
    const spans = one.indices.exec(view)?.indices;
    const span = spans?.slice(1).find((group) => group !== undefined) ?? spans?.[0];
    if (span === undefined) return;
    start = viewStart + span[0];
    secret = view.slice(span[0], span[1]);
  }
  if (secret === "") return;
  const end = start + secret.length;
  const canonical = rule.canonical?.(secret) ?? secret;
  if (rule.keepsPlaceholders !== true && placeholderReason(canonical) !== null) return;
  let verdict: Verdict = { keep: true };
  if (rule.check !== undefined) {
    verdict = rule.check(canonical, contextOf(text, start, end, viewStart + match.index, match[0]));
    if (!verdict.keep) return;
  }
  out.push({
    rule,
    secret: canonical,
    start: base + start,
    end: base + end,
    matchStart: base + viewStart + match.index,
    matchEnd: base + viewStart + match.index + match[0].length,
    severity: verdict.severity ?? rule.severity,
    confidence: verdict.confidence ?? rule.confidence,
    reasons: verdict.reason === undefined ? [] : [verdict.reason],
  });
}

function contextOf(
  text: string,
  start: number,
  end: number,
  matchStart: number,
  match: string,
): MatchContext {
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
