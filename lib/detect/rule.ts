/** What a rule is: data plus examples, one file per vendor or family under `rules/`. */

export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = typeof SEVERITIES[number];

export const CONFIDENCES = ["high", "medium", "low"] as const;
export type Confidence = typeof CONFIDENCES[number];

/**
 * How much a rule knows: `format` a vendor's token, `structure` a place where secrets stand (a URL,
 * a header, a credential file), `generic` a value with a telling name.
 */
export const SPECIFICITIES = ["format", "structure", "generic"] as const;
export type Specificity = typeof SPECIFICITIES[number];

/** The outcome of a rule's own look at what its pattern matched. */
export interface Verdict {
  /** False drops the match; only where the vendor documents the structure. */
  keep: boolean;
  confidence?: Confidence;
  severity?: Severity;
  /** A short fact for the person: "checksum is right", "expired on 2024-05-01", "test key". */
  reason?: string;
}

/** One kind of secret. Patterns take linear time: bounded, anchored at their keyword. */
export interface Rule {
  /** Kebab-case, never renamed once released: `github-fine-grained-token`. */
  id: string;
  name: string;
  vendor: string;
  /** Lower-case ASCII of 3 or more characters; one of them stands inside or near each match. */
  keywords: readonly string[];
  /** Without `g` or `y`; the first capture group, if any, is the secret, else the whole match. */
  pattern: RegExp;
  severity: Severity;
  confidence: Confidence;
  /** Judges the secret by structure (checksum, decodable parts) and by the text around it. */
  check?: (secret: string, context: MatchContext) => Verdict;
  /** Which paths the rule speaks for; asked once a hit's path is known. Absent: every path. */
  paths?: (path: string, confidence: Confidence) => boolean;
  /** Which part of the text around the keyword the pattern may see, in bytes (100, 400). */
  window?: { before: number; after: number };
  /**
   * `keyword`: every match begins exactly where one of the keywords stands, so that one attempt
   * per keyword is enough. Found out by itself when the pattern starts with a keyword as plain text.
   */
  anchor?: "keyword";
  /**
   * Exact text each match begins with. Needed only when `window` is wider than 800 bytes, for
   * shapes of many lines such as PEM, and only where the pattern does not begin with plain text.
   */
  marker?: string;
  /** Where two hits overlap the more specific stays; `format` unless said otherwise. */
  specificity?: Specificity;
  /** The form in which equal secrets are equal, such as a key without its line breaks. */
  canonical?: (secret: string) => string;
  /**
   * For encodings: the text inside a match, or null. What the other rules find in it is reported in
   * the place of the match, and nothing where they find nothing.
   */
  unwrap?: (secret: string) => string | null;
  /** True keeps secrets that look like placeholders; the rule's own check then decides. */
  keepsPlaceholders?: boolean;
  /** One or two sentences: what it opens and how to revoke it. */
  help: string;
  /** Where the vendor revokes it; absent for formats without a vendor. */
  revokeUrl?: string;
  /** Where the vendor documents the format. */
  docsUrl?: string;
  /** Raised when what the rule finds changes, so that scans know that they are outdated. */
  version: number;
  /** Texts that hold exactly one secret of this kind, composed at run time. */
  matches: () => readonly string[];
  /** Look-alikes in which this rule finds nothing. */
  ignores: () => readonly string[];
}

/** What stands around a match. */
export interface MatchContext {
  /** The line of the match up to the secret, at most 200 characters. */
  before: string;
  /** The line of the match after the secret, at most 200 characters. */
  after: string;
  /** The whole match of the pattern. */
  match: string;
  /** The line above, at most 200 characters; empty on the first line. */
  above: string;
  /** What stands right before the match, at most 80 characters, line breaks included. */
  lead?: string;
}
