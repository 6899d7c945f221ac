/** Where several rules see the same text, keeps what says most. */

import type { RawHit } from "@/lib/detect/compiled_rule.ts";
import { CONFIDENCES, SPECIFICITIES } from "@/lib/detect/rule.ts";

/** Hits chained together by overlaps, of which some give way to better ones. */
export interface OverlapGroup {
  /** In order of `start`; never empty, and free of overlaps. */
  kept: RawHit[];
  displaced: RawHit[];
}

/**
 * Sorts hits into groups that overlap. In each, a hit gives way to a better one. A displaced hit
 * still displaces lesser ones: so the outcome depends on direct neighbours only.
 */
export function overlapGroups(hits: readonly RawHit[]): OverlapGroup[] {
  const sorted = [...hits].sort((a, b) => a.start - b.start || b.end - a.end);
  const groups: OverlapGroup[] = [];
  for (let first = 0; first < sorted.length;) {
    let end = sorted[first]!.end;
    let next = first + 1;
    for (; next < sorted.length && sorted[next]!.start < end; next++) {
      end = Math.max(end, sorted[next]!.end);
    }
    groups.push(groupOf(sorted.slice(first, next)));
    first = next;
  }
  return groups;
}

/** What is left when every overlap is settled. */
export function withoutOverlaps(hits: readonly RawHit[]): RawHit[] {
  return overlapGroups(hits).flatMap(({ kept }) => kept);
}

function groupOf(sorted: RawHit[]): OverlapGroup {
  if (sorted.length === 1) return { kept: sorted, displaced: [] };
  const dropped = new Set<RawHit>();
  for (let i = 0; i < sorted.length; i++) {
    const one = sorted[i]!;
    for (let j = i + 1; j < sorted.length && sorted[j]!.start < one.end; j++) {
      const other = sorted[j]!;
      dropped.add(compare(one, other) <= 0 ? other : one);
    }
  }
  return { kept: sorted.filter((hit) => !dropped.has(hit)), displaced: [...dropped] };
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
