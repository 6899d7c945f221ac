/** Puts hits together that are one secret: the same rule and the same fingerprint. */

import type { PlacedHit } from "@/lib/git/mod.ts";
import { type Confidence, CONFIDENCES, SEVERITIES, type Severity } from "@/lib/detect/mod.ts";
import type { FoundOccurrence, FoundSecret } from "@/workers/thread_messages.ts";

/** What grouping needs to know of a hit. */
export interface GroupedHit {
  ruleId: string;
  preview: string;
  fingerprint: string;
}

/** What a path makes of a hit; null when its rule does not speak for the path. */
export type Judge<Hit> = (hit: Hit, path: string) => {
  severity: Severity;
  confidence: Confidence;
  pathKind: string;
  reasons: readonly string[];
  suppressedBy: string | null;
} | null;

/** Collects hits, which come oldest first. */
export interface SecretGroups<Hit> {
  /** False when the hit counts for nothing at its path. */
  add(placed: PlacedHit<Hit>): boolean;
  /** How many secrets there are so far. */
  size(): number;
  batches(size: number): Generator<readonly FoundSecret[]>;
}

/** More say nothing that a person would still read; the count goes on. */
const OCCURRENCES = 500;
/** Of one secret: ordinary places take a tenth, those with hostile names would take any amount. */
const SECRET_CHARS = 500_000;
/** Of all secrets of a reading; from there on one place of each is kept. */
const READING_CHARS = 256_000_000;
/** Of a batch, which is written in one statement, and to which one secret more may come. */
const BATCH_CHARS = 2_000_000;
/** What a place takes beside its names. */
const PLACE_CHARS = 200;

interface Group {
  secret: FoundSecret;
  occurrences: FoundOccurrence[];
  chars: number;
}

/**
 * A secret is as grave as the gravest of its places, of equally grave ones the first, and suppressed
 * only if it is so everywhere. Whether a place is at the tip does not count: readings in slices
 * learn that last, and must come to the same.
 */
export function groupSecrets<Hit extends GroupedHit>(judge: Judge<Hit>): SecretGroups<Hit> {
  const groups = new Map<string, Group>();
  let chars = 0;

  function add({ hit, line, column, place }: PlacedHit<Hit>): boolean {
    const judgement = judge(hit, place.path);
    if (judgement === null) return false;
    const occurrence: FoundOccurrence = {
      commit: place.commit,
      path: place.path,
      line,
      column,
      blob: place.oid,
      authorName: place.author.name,
      authorEmail: place.author.email,
      date: place.author.date,
      atTip: place.atTip,
      suppressedBy: judgement.suppressedBy,
    };
    const key = `${hit.ruleId} ${hit.fingerprint}`;
    const group = groups.get(key);
    if (group === undefined) {
      chars += charsOf(occurrence);
      groups.set(key, {
        occurrences: [occurrence],
        chars: charsOf(occurrence),
        secret: {
          ruleId: hit.ruleId,
          fingerprint: hit.fingerprint,
          preview: hit.preview,
          ...judgement,
          atTip: place.atTip,
          occurrences: [],
          occurrenceCount: 1,
        },
      });
      return true;
    }
    const { secret } = group;
    secret.occurrenceCount++;
    const before = group.chars;
    keepOccurrence(group, occurrence, chars > READING_CHARS ? 0 : SECRET_CHARS);
    chars += group.chars - before;
    if (isGraver(judgement, secret)) Object.assign(secret, judgement);
    secret.atTip ||= place.atTip;
    return true;
  }

  return {
    add,
    size: () => groups.size,
    *batches(size) {
      let batch: FoundSecret[] = [];
      let batchChars = 0;
      for (const { secret, occurrences, chars } of groups.values()) {
        batch.push({ ...secret, occurrences });
        batchChars += chars;
        if (batch.length < size && batchChars < BATCH_CHARS) continue;
        yield batch;
        batch = [];
        batchChars = 0;
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/** The oldest ones; yet one that stands at the tip is never left out for one that does not. */
function keepOccurrence(group: Group, next: FoundOccurrence, mostChars: number): void {
  const { occurrences } = group;
  const chars = charsOf(next);
  if (occurrences.length >= OCCURRENCES || group.chars + chars > mostChars) {
    if (!next.atTip) return;
    let last = occurrences.length - 1;
    while (last > 0 && occurrences[last]!.atTip) last--;
    if (last === 0) return;
    group.chars -= charsOf(occurrences[last]!);
    occurrences.splice(last, 1);
  }
  occurrences.push(next);
  group.chars += chars;
}

function charsOf({ path, authorName, authorEmail }: FoundOccurrence): number {
  return PLACE_CHARS + path.length + (authorName?.length ?? 0) + (authorEmail?.length ?? 0);
}

type Weight = Pick<FoundSecret, "severity" | "confidence" | "suppressedBy">;

function isGraver(a: Weight, b: Weight): boolean {
  return weigh(a) > weigh(b);
}

function weigh({ severity, confidence, suppressedBy }: Weight): number {
  const open = suppressedBy === null ? 1 : 0;
  return open * 1000 + (SEVERITIES.length - SEVERITIES.indexOf(severity)) * 100 +
    CONFIDENCES.length - CONFIDENCES.indexOf(confidence);
}
