/** From bytes to hits: chooses what to search, runs the engine, hides the secrets. */

import { Buffer } from "node:buffer";
import { createKeywordHits, type KeywordHits } from "@/lib/detect/automaton.ts";
import { type RawHit, WIDEST } from "@/lib/detect/compiled_rule.ts";
import {
  createEngine,
  type Engine,
  keptKeywords,
  keywordsOf,
  type Range,
} from "@/lib/detect/engine.ts";
import { fingerprint } from "@/lib/detect/fingerprint.ts";
import { carryKeywords, type TextPieces } from "@/lib/detect/keyword_carry.ts";
import { mask } from "@/lib/detect/mask.ts";
import { overlapGroups, withoutOverlaps } from "@/lib/detect/overlap.ts";
import type { Confidence, Rule, Severity } from "@/lib/detect/rule.ts";
import { BLOCK_REACH, inlineSuppression } from "@/lib/detect/suppression.ts";
import { createLineCounter, latin1, searchable, stillSearchable } from "@/lib/detect/text.ts";
import { decidingSpan } from "@/lib/detect/zones.ts";

export type { KeywordHits } from "@/lib/detect/automaton.ts";
export type { Range } from "@/lib/detect/engine.ts";
export type { TextPieces } from "@/lib/detect/keyword_carry.ts";

/** A longer text is searched in pieces of this many bytes, which overlap by the widest window. */
const PIECE = 8 * 1024 * 1024;
/** Hits reported of one text; the rest says nothing that a person could still read. */
const HITS_PER_TEXT = 1000;

/** A secret in a text, without the secret. */
export interface Hit {
  ruleId: string;
  severity: Severity;
  confidence: Confidence;
  preview: string;
  /** Hex of HMAC-SHA256 of the secret. */
  fingerprint: string;
  /** Byte offsets of the secret; in a UTF-16 text, of the text rewritten as UTF-8. */
  start: number;
  end: number;
  /** A change outside of these bytes leaves the hit as it is. */
  from: number;
  to: number;
  /** Others that overlap it gave way; should a change unmake it, they are to be found again. */
  contested: boolean;
  /** 1-based; the column counts bytes. */
  line: number;
  column: number;
  reasons: string[];
  /** The inline comment that suppresses it, or null. */
  suppressedBy: string | null;
}

/** What is known of one text. */
export interface Detection {
  hits: Hit[];
  /** Of `ranges`: where a change may have made something that gave way to a better hit. */
  displaced: Range[];
  /** No text: nothing was searched. */
  binary: boolean;
  /** A limit was reached and hits may be missing; only texts made for it do that. */
  capped: boolean;
  /** True when all hits are given, whatever ranges were asked for. */
  whole: boolean;
  /** Where keywords stand: what is asked for when a text that was made from this one is searched. */
  keywords: KeywordHits;
}

/** What is known of the text that another one was made from; neither binary nor UTF-16. */
export interface EarlierText {
  keywords: KeywordHits;
  pieces: TextPieces;
}

/** Searches texts. Pure and synchronous; holds no state between calls. */
export interface Detector {
  /**
   * Finds the secrets in a whole text. With `ranges`, in order, only those that a change of these
   * ranges may have made or altered; `earlier` spares looking for keywords in what was copied.
   */
  detect(
    bytes: Uint8Array,
    options?: { ranges?: readonly Range[]; earlier?: EarlierText },
  ): Detection;
  /** The keywords of a text alone. */
  keywords(bytes: Uint8Array): KeywordHits;
}

const NO_KEYWORDS: KeywordHits = { pairs: new Int32Array(0), length: 0 };

/** Compiles the rules once. The key makes fingerprints; keep it as long as findings are kept. */
export function createDetector(
  { fingerprintKey, rules }: { fingerprintKey: Uint8Array; rules: readonly Rule[] },
): Detector {
  const engine = createEngine(rules);
  return {
    keywords: (bytes) => keptKeywords(keywordsOf(engine, bytes)),
    detect(input, { ranges, earlier } = {}) {
      const source = earlier === undefined
        ? searchable(input)
        : stillSearchable(input, earlier.pieces);
      if (source === null) {
        return {
          hits: [],
          displaced: [],
          binary: true,
          capped: false,
          whole: true,
          keywords: NO_KEYWORDS,
        };
      }
      const { bytes } = source;
      const keywords = earlier === undefined || source.transcoded
        ? keywordsOf(engine, bytes)
        : carryKeywords(engine, bytes, earlier.pieces, earlier.keywords);
      const changes = ranges === undefined || source.transcoded ||
          engine.actsFromAfar(keywords) ||
          (earlier !== undefined && engine.actsFromAfar(earlier.keywords))
        ? null
        : ranges;
      const found: RawHit[] = [];
      const capped = changes === null
        ? searchWhole(engine, bytes, keywords, found)
        : engine.searchChanged(bytes, changes, keywords, found);
      const { kept, displaced } = decided(bytes, unique(unwrapped(engine, found)), changes);
      const locate = createLineCounter(bytes);
      const hits = kept.slice(0, HITS_PER_TEXT).map(({ hit, span, contested }) => ({
        ruleId: hit.rule.id,
        severity: hit.severity,
        confidence: hit.confidence,
        preview: mask(hit.secret),
        fingerprint: fingerprint(fingerprintKey, hit.secret),
        start: hit.start,
        end: hit.end,
        from: span.start,
        to: span.end,
        contested,
        ...locate(hit.start),
        reasons: hit.reasons,
        suppressedBy: suppressionOf(bytes, hit),
      }));
      return {
        hits,
        displaced,
        binary: false,
        capped: capped || kept.length > HITS_PER_TEXT,
        whole: changes === null,
        keywords: keptKeywords(keywords),
      };
    },
  };
}

function searchWhole(
  engine: Engine,
  bytes: Uint8Array,
  keywords: KeywordHits,
  found: RawHit[],
): boolean {
  let capped = false;
  for (let start = 0; start === 0 || start < bytes.length; start += PIECE) {
    const from = Math.max(0, start - 2 * WIDEST);
    const to = Math.min(bytes.length, start + PIECE);
    capped = engine.search(bytes, { start: from, end: to }, keywords, found) || capped;
  }
  return capped;
}

/** In the place of each encoded text, what the other rules find inside; one level deep. */
function unwrapped(engine: Engine, found: readonly RawHit[]): RawHit[] {
  if (!found.some((hit) => hit.rule.unwrap !== undefined)) return [...found];
  return found.flatMap((outer) => {
    if (outer.rule.unwrap === undefined) return [outer];
    const text = outer.rule.unwrap(outer.secret);
    if (text === null) return [];
    const bytes = Buffer.from(text, "latin1");
    const keywords = createKeywordHits();
    engine.findKeywords(bytes, 0, bytes.length, keywords);
    const inner: RawHit[] = [];
    engine.search(bytes, { start: 0, end: bytes.length }, keywords, inner);
    return withoutOverlaps(inner)
      .filter(({ rule }) => rule.unwrap === undefined && rule.specificity !== "generic")
      .map((hit) => ({
        ...outer,
        rule: hit.rule,
        secret: hit.secret,
        severity: hit.severity,
        confidence: hit.confidence,
        reasons: [...hit.reasons, outer.rule.name],
      }));
  });
}

/** Settles overlaps, and picks what the changes decide about; null stands for the whole text. */
function decided(bytes: Uint8Array, hits: RawHit[], changes: readonly Range[] | null) {
  const kept: { hit: RawHit; span: Range; contested: boolean }[] = [];
  const displaced: Range[] = [];
  for (const group of overlapGroups(hits)) {
    const contested = group.displaced.length > 0;
    const others = group.displaced.map((hit) => ({ hit, span: decidingSpan(bytes, hit) }));
    for (const { hit, span } of others) {
      if (changes !== null && touches(changes, span)) {
        displaced.push({ start: hit.start, end: hit.end });
      }
    }
    const spans = group.kept.map((hit) => decidingSpan(bytes, hit));
    const all = [...spans, ...others.map(({ span }) => span)];
    const whole = {
      start: Math.min(...all.map(({ start }) => start)),
      end: Math.max(...all.map(({ end }) => end)),
    };
    for (const hit of group.kept) {
      if (changes === null || touches(changes, whole)) kept.push({ hit, span: whole, contested });
    }
  }
  return { kept, displaced };
}

/** Whether a change lies in the span or at its edge. */
function touches(changes: readonly Range[], { start, end }: Range): boolean {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]!.end < start) low = middle + 1;
    else high = middle;
  }
  return low < changes.length && changes[low]!.start <= end;
}

function unique(hits: RawHit[]): RawHit[] {
  if (hits.length < 2) return hits;
  const seen = new Map<string, RawHit>();
  for (const hit of hits) seen.set(`${hit.rule.id} ${hit.start} ${hit.end}`, hit);
  return [...seen.values()];
}

function suppressionOf(bytes: Uint8Array, hit: RawHit): string | null {
  const before = latin1(bytes, Math.max(0, hit.start - BLOCK_REACH), hit.start);
  const tail = latin1(bytes, hit.end, Math.min(bytes.length, hit.end + 1000));
  const lineEnd = tail.indexOf("\n");
  return inlineSuppression(before, lineEnd < 0 ? tail : tail.slice(0, lineEnd));
}
