/** The two shapes most rules have: a token known by its prefix, a value known by its name. */
import { hasLettersAndDigits, looksMadeByChance } from "../checks/chance.ts";
import type { Confidence, MatchContext, Rule, Severity, Verdict } from "../rule.ts";

/** What both shapes need to know. */
interface Common {
  id: string;
  name: string;
  vendor: string;
  /** `high` unless told. */
  severity?: Severity;
  confidence?: Confidence;
  help: string;
  revokeUrl?: string;
  docsUrl?: string;
  version?: number;
  check?: (secret: string, context: MatchContext) => Verdict;
  window?: { before: number; after: number };
  paths?: (path: string) => boolean;
  /** Whole secrets of this kind. */
  samples: () => readonly string[];
  /** Look-alikes beside those every rule of the shape gets. */
  ignores?: () => readonly string[];
  keywords?: readonly string[];
  /** Texts around a secret, for the examples, when a keyword of its own must stand near it. */
  surroundings?: (secret: string) => readonly string[];
}

export interface Prefixed extends Common {
  /** Literal beginnings, in the letter case the vendor writes. */
  prefix: string | readonly string[];
  /** Source of the expression for what follows the prefix. */
  body: string;
  /** Characters that may not follow, as the inside of a class; letters and digits unless told. */
  edge?: string;
}

export interface Named extends Common {
  /** Source of the expression that names the vendor, in any letter case. */
  word: string;
  /** Source of the expression for the value. */
  value: string;
  /** What else the name must say; key, token, secret and the like unless told; empty: nothing. */
  noun?: string;
  /** A variable as people name it, for the examples. */
  variable: string;
  /** False for values that may lack letters or digits. */
  mixed?: boolean;
}

/** Not after a letter or digit, unless that ends an escape such as `\n` or `%3D`. */
export const START = "(?<!(?<!\\\\|%|%[0-9A-Fa-f])[A-Za-z0-9])";

/** Source of the expression for a UUID in lower case. */
export const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

const NOUN = "key|token|secret|passw|pwd|auth|cred|bearer|pat";
const GAP = "(?:[\\w.\\-\"'`\\[\\](){},:=>@/$ \\t]|\\r?\\n[ \\t])";
/** What may end a name: quotes, brackets, then `value` where name and value stand apart. */
const CLOSE = "[\\\\\"'`\\])]{0,4}" +
  "(?:[,;]?\\s{0,16}[\"']?[Vv]alue[\\\\\"']{0,2}|: ?[Ss]tr(?:ing)?| ?\\{[^{}]{1,80}?default)?";
const OPERATOR = "(?:[ \\t]{0,8}(?:=>|:=|={1,3}|:-|:|,|>|\\(|\\|\\||\\?\\?|or\\b)[ \\t]{0,8}" +
  "(?:\\r?\\n[ \\t]{1,12})?|[ \\t]{1,4})";

/** A rule for a token that starts with a prefix of its own. */
export function prefixed(format: Prefixed): Rule {
  const prefixes = [format.prefix].flat();
  const start = prefixes.map(escape).join("|");
  const edge = format.edge ?? "A-Za-z0-9";
  const long = (format.window?.after ?? 0) > 400;
  return {
    ...facts(format),
    ...(format.keywords === undefined ? { anchor: "keyword" as const } : {}),
    ...(long ? { marker: prefixes[0]! } : {}),
    keywords: format.keywords ?? prefixes.map((prefix) => prefix.toLowerCase()),
    pattern: new RegExp(`${START}((?:${start})${format.body})(?![${edge}])`),
    confidence: format.confidence ?? "high",
    check: (secret, context) => {
      const prefix = prefixes.find((prefix) => secret.startsWith(prefix)) ?? "";
      if (!looksMadeByChance(secret.slice(prefix.length))) return { keep: false };
      return format.check?.(secret, context) ?? { keep: true };
    },
    matches: () =>
      format.samples().flatMap((secret) =>
        format.surroundings?.(secret) ?? [
          `{"token": "${secret}"}`,
          `export TOKEN=${secret}\nnext`,
          `call('${secret}')`,
        ]
      ),
    ignores: () => [
      ...format.samples().flatMap((secret) => {
        const prefix = prefixes.find((prefix) => secret.startsWith(prefix)) ?? "";
        return [
          `token = "${secret.slice(0, prefix.length + 5)}"`,
          `token = "${prefix}${"X".repeat(secret.length - prefix.length)}"`,
          `blob = "q${secret}"`,
        ];
      }),
      ...format.ignores?.() ?? [],
    ],
  };
}

/** A rule for a value without a prefix, which the vendor's name and an assignment give away. */
export function named(format: Named): Rule {
  const noun = anyJoint(format.noun ?? NOUN);
  // Where the name need say nothing more, anything short may stand between it and the value.
  const between = noun === ""
    ? `${GAP}{0,50}?(?<=[=:>,(\\s"'\`\\\\])`
    : `${GAP}{0,40}?(?i:${noun})[\\w. -]{0,12}${CLOSE}${OPERATOR}[\\\\"'\`]{0,2}`;
  const pattern = `(?i:${anyJoint(format.word)})${between}(${format.value})(?![\\w+/=-]|\\.\\w)`;
  const words = format.variable.toLowerCase();
  const given = format.keywords ?? format.word.split("|");
  return {
    ...facts(format),
    ...(given.join("|") === format.word ? { anchor: "keyword" as const } : {}),
    keywords: given.flatMap(withJoints),
    pattern: new RegExp(pattern),
    confidence: format.confidence ?? "medium",
    check: (secret, context) => {
      if (!looksMadeByChance(secret)) return { keep: false };
      if (format.mixed !== false && !hasLettersAndDigits(secret)) return { keep: false };
      return format.check?.(secret, context) ?? { keep: true };
    },
    matches: () =>
      format.samples().flatMap((secret) =>
        format.surroundings?.(secret) ?? [
          `${format.variable}=${secret}\nnext`,
          `${words}: "${secret}"`,
          `setenv("${format.variable}", "${secret}")`,
          `config["${words}"] = '${secret}';`,
        ]
      ),
    ignores: () => [
      ...format.samples().flatMap((secret) => [
        `checksum = "${secret}"`,
        `${format.variable}=${"x".repeat(secret.length)}`,
        `${format.variable}="${secret.slice(0, 7)}"`,
      ]),
      ...format.ignores?.() ?? [],
    ],
  };
}

function facts(format: Common) {
  return {
    id: format.id,
    name: format.name,
    vendor: format.vendor,
    severity: format.severity ?? "high" as Severity,
    help: format.help,
    version: format.version ?? 1,
    ...(format.revokeUrl === undefined ? {} : { revokeUrl: format.revokeUrl }),
    ...(format.docsUrl === undefined ? {} : { docsUrl: format.docsUrl }),
    ...(format.window === undefined ? {} : { window: format.window }),
    ...(format.paths === undefined ? {} : { paths: format.paths }),
  };
}

/** `api_?key` stands for api_key, apikey, api-key, api.key and api key. */
function anyJoint(source: string): string {
  return source.replaceAll("_?", "[_.\\- ]?");
}

/** `circle_token` is also written circleToken and circle-token. */
function withJoints(keyword: string): string[] {
  if (!/[a-z0-9]_[a-z0-9]/.test(keyword)) return [keyword];
  return [...new Set([keyword, keyword.replaceAll("_", ""), keyword.replaceAll("_", "-")])];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
