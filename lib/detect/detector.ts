/** From bytes to hits: chooses what to search, runs the engine, hides the secrets. */

import {
  createEngine,
  type Engine,
  NEIGHBOURHOOD,
  type RawHit,
  WIDE_NEIGHBOURHOOD,
} from "@/lib/detect/engine.ts";
import { fingerprint } from "@/lib/detect/fingerprint.ts";
import { mask } from "@/lib/detect/mask.ts";
import { withoutOverlaps } from "@/lib/detect/overlap.ts";
import type { Confidence, Rule, Severity } from "@/lib/detect/rule.ts";
import { BLOCK_REACH, inlineSuppression } from "@/lib/detect/suppression.ts";
import { createLineCounter, latin1, searchable } from "@/lib/detect/text.ts";

/** A longer text is searched in pieces of this many bytes, which overlap by the neighbourhood. */
const PIECE = 8 * 1024 * 1024;
/** Hits reported of one text; the rest says nothing that a person could still read. */
const HITS_PER_TEXT = 1000;
/** How much of the text beside a match its check may have read. */
const CONTEXT = 200;

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
  /** 1-based; the column counts bytes. */
  line: number;
  column: number;
  reasons: string[];
  /** The inline comment that suppresses it, or null. */
  suppressedBy: string | null;
}

/** A part of a text, in bytes; `start` equals `end` where something was only removed. */
export interface Range {
  start: number;
  end: number;
}

/** What is known of one text. */
export interface Detection {
  hits: Hit[];
  /** No text: nothing was searched. */
  binary: boolean;
  /** A limit was reached and hits may be missing; only texts made for it do that. */
  capped: boolean;
}

/** Searches texts. Pure and synchronous; holds no state between calls. */
export interface Detector {
  /**
   * Finds the secrets in a whole text. With `ranges`, only those that a change of these ranges can
   * have brought about: each hit of the whole text that is not a hit of the text before the change
   * is among them, and nothing that the whole text does not have.
   */
  detect(bytes: Uint8Array, options?: { ranges?: readonly Range[] }): Detection;
}

/** Compiles the rules once. The key makes fingerprints; keep it as long as findings are kept. */
export function createDetector(
  { fingerprintKey, rules }: { fingerprintKey: Uint8Array; rules: readonly Rule[] },
): Detector {
  const engine = createEngine(rules);
  return {
    detect(input, { ranges } = {}) {
      const source = searchable(input);
      if (source === null) return { hits: [], binary: true, capped: false };
      const { bytes } = source;
      const { found, capped } = ranges === undefined || source.transcoded
        ? searchWhole(engine, bytes)
        : searchRanges(engine, bytes, ranges);
      const kept = withoutOverlaps(found);
      const reported = ranges === undefined || source.transcoded
        ? kept
        : kept.filter((hit) => ranges.some((range) => concerns(hit, range)));
      const locate = createLineCounter(bytes);
      const hits = reported.slice(0, HITS_PER_TEXT).map((hit) => ({
        ruleId: hit.rule.id,
        severity: hit.severity,
        confidence: hit.confidence,
        preview: mask(hit.secret),
        fingerprint: fingerprint(fingerprintKey, hit.secret),
        start: hit.start,
        end: hit.end,
        ...locate(hit.start),
        reasons: hit.reasons,
        suppressedBy: suppressionOf(bytes, hit),
      }));
      return { hits, binary: false, capped: capped || reported.length > HITS_PER_TEXT };
    },
  };
}

function searchWhole(engine: Engine, bytes: Uint8Array): { found: RawHit[]; capped: boolean } {
  const found: RawHit[] = [];
  let capped = false;
  const overlap = WIDE_NEIGHBOURHOOD.before + WIDE_NEIGHBOURHOOD.after;
  for (let start = 0; start === 0 || start < bytes.length; start += PIECE) {
    const from = Math.max(0, start - overlap);
    const to = Math.min(bytes.length, start + PIECE);
    capped = engine.search(bytes, { start: from, end: to }, true, found) || capped;
  }
  return { found: bytes.length > PIECE ? unique(found) : found, capped };
}

function searchRanges(
  engine: Engine,
  bytes: Uint8Array,
  ranges: readonly Range[],
): { found: RawHit[]; capped: boolean } {
  const found: RawHit[] = [];
  let capped = false;
  for (const span of widen(ranges, NEIGHBOURHOOD, bytes.length)) {
    capped = engine.search(bytes, span, false, found) || capped;
  }
  for (const span of widen(ranges, WIDE_NEIGHBOURHOOD, bytes.length)) {
    engine.searchWide(bytes, span, found);
  }
  return { found: unique(found), capped };
}

/** The ranges with their neighbourhoods, in order, those that touch joined. */
function widen(ranges: readonly Range[], by: typeof NEIGHBOURHOOD, length: number): Range[] {
  const wide: Range[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const from = Math.max(0, start - by.before);
    const to = Math.min(length, end + by.after);
    const last = wide.at(-1);
    if (last !== undefined && from <= last.end) last.end = Math.max(last.end, to);
    else if (from < to) wide.push({ start: from, end: to });
  }
  return wide;
}

function concerns(hit: RawHit, range: Range): boolean {
  return hit.matchStart - CONTEXT <= range.end && hit.matchEnd + CONTEXT >= range.start;
}

function unique(hits: RawHit[]): RawHit[] {
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
