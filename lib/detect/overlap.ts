/** Where several rules see the same text, keeps what says most. */

import type { RawHit } from "@/lib/detect/compiled_rule.ts";
import { CONFIDENCES, SPECIFICITIES } from "@/lib/detect/rule.ts";

/**
 * Drops each hit that overlaps a better one. A dropped hit still drops lesser ones: so the outcome
 * depends on direct neighbours only, and a part of a text gives what the whole gives.
 */
export function withoutOverlaps(hits: readonly RawHit[]): RawHit[] {
  const sorted = [...hits].sort((a, b) => a.start - b.start || b.end - a.end);
  const dropped = new Set<RawHit>();
  for (let i = 0; i < sorted.length; i++) {
    const one = sorted[i]!;
    for (let j = i + 1; j < sorted.length && sorted[j]!.start < one.end; j++) {
      const other = sorted[j]!;
      dropped.add(compare(one, other) <= 0 ? other : one);
    }
  }
  return sorted.filter((hit) => !dropped.has(hit));
}

/** Negative when `a` says more: a known format, then confidence, then length. */
function compare(a: RawHit, b: RawHit): number {
  return rank(a) - rank(b) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    (b.end - b.start) - (a.end - a.start) ||
    a.start - b.start ||
    (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

function rank(hit: RawHit): number {
  return SPECIFICITIES.indexOf(hit.rule.specificity ?? "format");
}
