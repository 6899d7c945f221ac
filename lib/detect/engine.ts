/** Runs the rules: keywords first, then each rule's pattern on the text around its keywords. */

import { createAutomaton, createKeywordHits, type KeywordHits } from "@/lib/detect/automaton.ts";
import {
  attempt,
  type CompiledRule,
  compileRule,
  LOOK_BEHIND,
  note,
  type RawHit,
  run,
  WIDEST_WINDOW,
} from "@/lib/detect/compiled_rule.ts";
import { LINE_CONTEXT } from "@/lib/detect/match_check.ts";
import { type Followers, followers, inWord } from "@/lib/detect/prefilter.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { BLOCK_WORD } from "@/lib/detect/suppression.ts";
import { latin1 } from "@/lib/detect/text.ts";
import { zonesOf } from "@/lib/detect/zones.ts";

/** How much of the text around a window a match's check may read. */
const MARGIN = 2 * LINE_CONTEXT + LOOK_BEHIND;
/** Keywords that lie closer are searched in one part. */
const PART_GAP = 2048;

/** What follows a keyword is told of one asked for so often: its table takes a millisecond a rule. */
const OFTEN = 5000;

/** A part of a text, in bytes; `start` equals `end` where something was only removed. */
export interface Range {
  start: number;
  end: number;
}

/** Rules ready to run over texts. */
export interface Engine {
  /** Appends the keywords that lie wholly in `bytes[start, end)`: pairs of keyword and end. */
  findKeywords(bytes: Uint8Array, start: number, end: number, hits: KeywordHits): void;
  /** Appends the keywords that begin in `bytes[start, end)`. */
  findBeginnings(bytes: Uint8Array, start: number, end: number, hits: KeywordHits): void;
  /** So many bytes before `at` begins, at most, a keyword that ends behind it. */
  reachBack(bytes: Uint8Array, at: number): number;
  keywordLength(keyword: number): number;
  /** Whether a keyword is among them that acts on hits far away. */
  actsFromAfar(keywords: KeywordHits): boolean;
  /** Adds every hit to `out` whose keyword is given; true when a limit stopped it. */
  search(bytes: Uint8Array, span: Range, keywords: KeywordHits, out: RawHit[]): boolean;
  /** The same, for hits alone that a change of these ranges may have made. */
  searchChanged(
    bytes: Uint8Array,
    changes: readonly Range[],
    keywords: KeywordHits,
    out: RawHit[],
  ): boolean;
}

/** Compiles rules; throws when a keyword or a window is not as `Rule` asks. */
export function createEngine(rules: readonly Rule[]): Engine {
  const compiled = rules.map(compileRule);
  // No rule's, yet to be known of: it suppresses what stands far below it.
  const keywords: string[] = [BLOCK_WORD];
  const users: CompiledRule[][] = [[]];
  const known = new Map<string, number>([[BLOCK_WORD, 0]]);
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
  const lengths = Int32Array.from(keywords, (keyword) => keyword.length);
  /** How far around each keyword the widest of its rules may see. */
  const befores = Int32Array.from(users, (list) => Math.max(0, ...list.map((one) => one.before)));
  const afters = Int32Array.from(users, (list) => Math.max(0, ...list.map((one) => one.after)));

  const asked = new Int32Array(keywords.length);
  const gates: (Followers | null)[] = keywords.map(() => null);

  /** False where no rule of the keyword can match: of most, the bytes beside it tell. */
  function mayLead(bytes: Uint8Array, keyword: number, start: number, end: number): boolean {
    const gate = gates[keyword]!;
    if (gate === null) {
      if (++asked[keyword]! === OFTEN) gates[keyword] = gateOf(keywords[keyword]!, users[keyword]!);
      return true;
    }
    if (end >= bytes.length) return true;
    const before = start === 0 ? 0 : inWord(bytes[start - 1]!);
    return gate[before << 8 | bytes[end]!] === 1;
  }

  function runAll(bytes: Uint8Array, span: Range, active: CompiledRule[], out: RawHit[]): boolean {
    const part = {
      text: latin1(bytes, span.start, span.end),
      base: span.start,
      more: span.end < bytes.length,
    };
    let capped = false;
    for (const one of active) {
      capped = run(one, part, out) || capped;
      one.count = 0;
    }
    active.length = 0;
    return capped;
  }

  function noteActive(one: CompiledRule, start: number, end: number, active: CompiledRule[]): void {
    if (one.count === 0) active.push(one);
    note(one, start, end);
  }

  return {
    findKeywords: automaton.scan,
    findBeginnings: automaton.scanBeginnings,
    reachBack: automaton.reachBack,
    keywordLength: (keyword) => lengths[keyword]!,
    actsFromAfar({ pairs, length }) {
      for (let i = 0; i < length; i += 2) if (pairs[i] === 0) return true;
      return false;
    },
    search(bytes, span, { pairs, length }, out) {
      const active: CompiledRule[] = [];
      for (let i = 0; i < length; i += 2) {
        const end = pairs[i + 1]! - span.start;
        const start = end - lengths[pairs[i]!]!;
        if (start < 0 || pairs[i + 1]! > span.end) continue;
        if (!mayLead(bytes, pairs[i]!, span.start + start, pairs[i + 1]!)) continue;
        const list = users[pairs[i]!]!;
        for (let u = 0; u < list.length; u++) {
          const one = list[u]!;
          if (one.mayMatch(bytes, span.start + start)) noteActive(one, start, end, active);
        }
      }
      return active.length > 0 && runAll(bytes, span, active, out);
    },
    searchChanged(bytes, changes, { pairs, length }, out) {
      const zones = zonesOf(bytes, changes);
      const active: CompiledRule[] = [];
      let capped = false;
      let partStart = 0;
      let lastEnd = -Infinity;

      const flush = () => {
        if (active.length === 0) return;
        const end = Math.min(bytes.length, lastEnd + WIDEST_WINDOW + MARGIN);
        capped = runAll(bytes, { start: partStart, end }, active, out) || capped;
      };
      for (let i = 0; i < length; i += 2) {
        const end = pairs[i + 1]!;
        const keyword = pairs[i]!;
        const start = end - lengths[keyword]!;
        // Most keywords lie far from every change: one look for all rules of theirs.
        if (!zones.touch(start - befores[keyword]!, end + afters[keyword]!)) continue;
        if (!mayLead(bytes, keyword, start, end)) continue;
        for (const one of users[keyword]!) {
          if (!zones.touch(start - one.before, end + one.after)) continue;
          if (!one.mayMatch(bytes, start)) continue;
          if (one.markers.length > 0) {
            const base = Math.max(0, start - MARGIN);
            const to = Math.min(bytes.length, end + one.after + MARGIN);
            const part = { text: latin1(bytes, base, to), base, more: to < bytes.length };
            attempt(one, part, start - base, end - base, out);
            continue;
          }
          if (end - lastEnd > PART_GAP) {
            flush();
            partStart = Math.max(0, start - WIDEST_WINDOW - MARGIN);
          }
          lastEnd = end;
          noteActive(one, start - partStart, end - partStart, active);
        }
      }
      flush();
      return capped;
    },
  };
}

/** What may follow a keyword for any of its rules; anything for one that looks before it. */
function gateOf(keyword: string, rules: readonly CompiledRule[]): Followers {
  const gate = new Uint8Array(512);
  for (const { anchored, rule } of rules) {
    if (!anchored) return gate.fill(1);
    const marks = followers(rule.pattern, keyword);
    for (let i = 0; i < gate.length; i++) gate[i]! |= marks[i]!;
  }
  return gate;
}

/** Lists share an array: one of their own for each would take longer than to fill it. */
const SHARED = 1 << 16;
let shared = new Int32Array(0);
let used = 0;

/** A list of keywords of its own, for keeping. */
export function keptKeywords({ pairs, length }: KeywordHits): KeywordHits {
  if (length > SHARED / 8) return { pairs: pairs.slice(0, length), length };
  if (used + length > shared.length) {
    shared = new Int32Array(SHARED);
    used = 0;
  }
  const kept = shared.subarray(used, used + length);
  for (let i = 0; i < length; i++) kept[i] = pairs[i]!;
  used += length;
  return { pairs: kept, length };
}

/** For reuse: the list is copied before the next text comes. */
const all = createKeywordHits();

/** All keywords of a text; the list is good until the next call. */
export function keywordsOf(engine: Engine, bytes: Uint8Array): KeywordHits {
  all.length = 0;
  engine.findKeywords(bytes, 0, bytes.length, all);
  return all;
}
