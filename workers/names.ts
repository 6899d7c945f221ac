/**
 * Names as they leave a scan thread: of paths, people, branches and tags. A secret in one is masked
 * as a preview is, and a keyed hash of the whole name keeps it apart from others, and known again.
 */

import { type Detector, hiddenNameHash, mask } from "@/lib/detect/mod.ts";
import { latin1 } from "@/lib/detect/text.ts";
import type { BlobScanner, Found, Scanned } from "@/lib/git/blob_scanner.ts";
import { hashMark, shorten, shortenApart, withoutMark } from "@/lib/hidden_name.ts";
import type { SuppressionEntries } from "@/lib/suppression.ts";
import type { FoundSecret, FoundSuppressions } from "@/workers/thread_messages.ts";

/** A ref whose name is longer can be kept in no file; all names are kept with each repository. */
const REF_CHARS = 500;
/** Nobody's name is longer; it is kept with each place of a secret. */
const PERSON_CHARS = 250;
/** Shorter secrets of contents are words that stand in many a path; the rules find theirs anyway. */
const LEAST_LITERAL = 12;
const MOST_LITERAL = 1_000;
const MOST_LITERALS = 100_000;
/** Texts that are remembered; a reading asks for the same ones over and over. */
const KEPT = 50_000;

/** The names of one reading. */
export interface Names {
  /** Any text without its secrets; the same text gives the same. */
  hide(text: string): string;
  person(name: string | null): string | null;
  ref(name: string): string;
  /** Whether what is kept of a path stands for this one. */
  isKept(kept: string, path: string): boolean;
  /** A finding with its names as they may leave. */
  secret(secret: FoundSecret): FoundSecret;
  suppressions(found: FoundSuppressions): FoundSuppressions;
  /** The same scanner, of which the secrets are remembered for names that hold them too. */
  watch<Hit extends Found>(scanner: BlobScanner<Hit>): BlobScanner<Hit>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

interface Span {
  start: number;
  end: number;
}

/** Names are looked at by the reading's own rules, and for the secrets of its contents. */
export function createNames(detector: Detector, fingerprintKey: Uint8Array): Names {
  const kept = new Map<string, string>();
  /** Secrets of contents by their first signs. */
  const literals = new Map<string, Set<string>>();
  let literalCount = 0;

  function hide(text: string): string {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const hidden = hideNow(text);
    if (kept.size >= KEPT) kept.clear();
    kept.set(text, hidden);
    return hidden;
  }

  function hideNow(text: string): string {
    const bytes = encoder.encode(text);
    const { hits } = detector.detect(withoutNul(bytes));
    const spans = joined([...hits, ...literalSpans(latin1(bytes, 0, bytes.length))]);
    if (spans.length === 0) return text;
    let out = "";
    let at = 0;
    for (const { start, end } of spans) {
      out += decoder.decode(bytes.subarray(at, start)) + mask(latin1(bytes, start, end));
      at = end;
    }
    return out + hashMark(hiddenNameHash(fingerprintKey, text)) +
      decoder.decode(bytes.subarray(at));
  }

  function literalSpans(text: string): Span[] {
    const spans: Span[] = [];
    if (literals.size === 0) return spans;
    for (let at = 0; at + LEAST_LITERAL <= text.length; at++) {
      for (const secret of literals.get(text.slice(at, at + LEAST_LITERAL)) ?? []) {
        if (text.startsWith(secret, at)) spans.push({ start: at, end: at + secret.length });
      }
    }
    return spans;
  }

  function note<Hit extends Found>(
    scanner: BlobScanner<Hit>,
    bytes: Uint8Array,
    scanned: Scanned<Hit>,
  ): Scanned<Hit> {
    // Offsets in a text that was rewritten are not those of its bytes.
    if (scanned.hits.length === 0 || scanner.wholeOnly(bytes)) return scanned;
    for (const { start, end } of scanned.hits) {
      const length = end - start;
      if (length < LEAST_LITERAL || length > MOST_LITERAL || literalCount >= MOST_LITERALS) {
        continue;
      }
      const secret = latin1(bytes, start, end);
      const first = secret.slice(0, LEAST_LITERAL);
      const same = literals.get(first) ?? new Set();
      if (!same.has(secret)) literalCount++;
      literals.set(first, same.add(secret));
    }
    return scanned;
  }

  const person = (name: string | null) => name === null ? null : shorten(hide(name), PERSON_CHARS);

  return {
    hide,
    person,
    ref: (name) => shortenApart(hide(name), REF_CHARS),
    isKept: (stored, path) =>
      stored === path || stored.includes(hashMark(hiddenNameHash(fingerprintKey, path))),
    secret: (secret) => ({
      ...secret,
      occurrences: secret.occurrences.map((one) => ({
        ...one,
        path: hide(one.path),
        authorName: person(one.authorName),
        authorEmail: person(one.authorEmail),
      })),
    }),
    suppressions: ({ files, entries, problems }) => ({
      files,
      entries: hideEntries(entries, hide),
      problems: problems.map(hide),
    }),
    watch: (scanner) => ({
      scan: (bytes) => note(scanner, bytes, scanner.scan(bytes)),
      scanChanged: (bytes, ...rest) => note(scanner, bytes, scanner.scanChanged(bytes, ...rest)),
      wholeOnly: scanner.wholeOnly,
    }),
  };
}

/** What files that suppress say, by names as they are kept: so that they still speak for the same. */
export function hideEntries(
  { paths, rules, fingerprints, places }: SuppressionEntries,
  hide: (text: string) => string,
): SuppressionEntries {
  return {
    paths: paths.map((glob) => hidePattern(glob, hide)),
    rules: rules.map(hide),
    // Keyed hashes, which a rule may take for secrets; what is none fits nothing, and is not kept.
    fingerprints: fingerprints.filter((one) => /^[0-9a-f]+$/i.test(one)),
    places: places.map((place) => {
      const [, commit = "", path, line] = /^([0-9a-f]{7,64}:)?(.*)(:\d+)$/s.exec(place) ?? [];
      return path === undefined ? hide(place) : commit + hide(path) + line;
    }),
  };
}

/** The mark of a pattern is its own, and not that of a path which it fits. */
function hidePattern(glob: string, hide: (text: string) => string): string {
  const hidden = hide(glob);
  return hidden !== glob && /[*?[]/.test(glob) ? withoutMark(hidden, "*") : hidden;
}

/** A NUL would make of the name what is not searched. */
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.map((byte) => byte === 0 ? 32 : byte) : bytes;
}

/** Spans in order, those that overlap as one. */
function joined(spans: readonly Span[]): Span[] {
  const rows: Span[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = rows.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else rows.push({ start, end });
  }
  return rows;
}
