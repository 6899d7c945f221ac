/** Tells values that could be secrets from all else that people assign to names. */

import { isWord, randomness, wordShare } from "@/lib/detect/language.ts";
import { nameKind } from "@/lib/detect/names.ts";
import { isMonotonous } from "@/lib/detect/placeholder.ts";
import { isStandIn, spelledOut } from "@/lib/detect/stand_ins.ts";

/** A value with the name it was given. */
export interface NamedValue {
  /** As written, such as `spring.datasource.password`; empty when there is none. */
  name: string;
  value: string;
  quoted: boolean;
}

/** One reason why a value is no secret. The bench measures each on its own. */
export interface Filter {
  id: string;
  rejects: (one: NamedValue) => boolean;
}

/** Words that make any value a stand-in, wherever they stand in it. */
const TELLING =
  /example|placeholder|change[-_ ]?(?:me|it|this|in)|replace[-_ ]?(?:me|this|with)|redacted|dummy|your[-_ ]|^your|<[\w -]+>|x{4}|\*{3}|\.{3}|\u2026|[-_]here(?![a-z])|jbswy3dpehpk3pxp|eby8vdm02xnocqflquwjpllmetlcdxj1|fixme|todo|\bfake|lorem|not[-_ ]?(?:a[-_ ])?(?:real|secret|used|needed|set)|super[-_ ]?secret|s3cr3t|insecure|unsafe|foobar|asdf|qwert|do[-_ ]?not[-_ ]?use|(?:test|fake|dev|mock|dummy|my|some)[-_ ]?(?:api|app|pass|pwd|secret|token|key|user|client|auth|access)/i;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every filter, cheapest first. */
export const FILTERS: readonly Filter[] = [
  {
    id: "template",
    rejects: ({ value }) =>
      /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|%\(\w*\)|\$\[|\[\[|\]\]/.test(value) ||
      /^\$[A-Za-z_{]\w*\}?$|^%\w+%$|^<[^>]*>?$|^\[[^\]]*\]$|^@[\w.]+@$|^:\w+$|^%-?\d*[sdvqx@]|^__\w+__$|^\{[\w.: $-]*\}$|^\{[\w+/=]+\}$|^!\w+|^&\w+|^\*+$|^-+$|^~$/
        .test(value) ||
      /(?:^|[^\\])\{[$@#]?[\w.>-]*\}/.test(value) || /%[sdv](?![A-Za-z0-9])/.test(value) ||
      /(?:^|[^A-Za-z0-9])\$[A-Z_]{3,}|\$\w+->|^\$\w+$|^\{\s*\\?["']/.test(value),
  },
  {
    id: "stand-in",
    rejects: ({ value }) =>
      TELLING.test(value) || isStandIn(value) || isStandIn(spelledOut(value)) ||
      /^[A-Z]+(?:_[A-Z]+)+$/.test(value),
  },
  {
    id: "regular",
    rejects: ({ value }) =>
      isMonotonous(value) || /^(.{1,4})\1{2,}.{0,3}$/.test(value) ||
      isMostly(
        value,
        /012345\d*|123456\d*|234567\d*|345678\d*|456789\d*|987654\d*|abcdef\w?|fedcba|qwerty\w*|deadbeef|cafebabe|(\d)\1{5,}/gi,
      ),
  },
  {
    id: "encrypted",
    rejects: ({ value }) =>
      /^(?:ENC[(\[]|\{cipher\}|\{(?:SSHA|SHA|MD5|bcrypt|pbkdf2|crypt)[\w-]*\}|[2-7]\.[A-Za-z0-9+\/]{22}==\||\$2[abxy]?\$|\$(?:1|5|6|y|7|apr1|argon2id?|pbkdf2[\w-]*|scrypt)\$|vault:v\d|AQICAH|pbkdf2|sha\d{1,3}[:$-]|md5[:$-]|bcrypt|argon2|AES:|kms:|ssm:|arn:|op:\/\/|vault:|secretsmanager|secret:\/\/|projects\/|@Microsoft\.|gAAAAA|AgA|AgB|U2FsdGVkX1)/i
        .test(value) || /\$(?:P|H|S|1|5|6|2[abxy]?|apr1)\$/.test(value),
  },
  {
    id: "public",
    rejects: ({ value }) =>
      /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2|AAAA[BCE]3Nza|AAAAE2VjZ|-----|MII[BCDEFGH][A-Za-z0-9+/]{20}|pk_(?:live|test)|pk\.eyJ|phc_|sha\d+-)/
        .test(value),
  },
  {
    // Whole tokens are the matter of the rule for them; a part of one tells nothing.
    id: "web-token",
    rejects: ({ value }) =>
      (value.startsWith("eyJ") &&
        (value.length < 40 || value.includes(".") ||
          /^eyJ(?:hbGci|0eXAi|raWQi|qa3Ui)/.test(value))) ||
      /^\.eyJ|^rO0AB|^BAh[7bJIT]/.test(value),
  },
  {
    id: "address",
    rejects: ({ value }) =>
      /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) ||
      /^(?:urn|magnet|mailto|data|tel|classpath|file|jdbc|env):/i.test(value) ||
      /^[\w.+-]+@[\w-]+\.[\w.]+$/.test(value) ||
      /^(?:[\w-]+\.)+(?:com|org|net|io|dev|local|internal|svc|cloud|app|co|de|uk|ru|cn|edu|gov)(?::\d+)?(?:\/|$)/i
        .test(value) ||
      /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$/.test(value),
  },
  {
    id: "path",
    rejects: ({ value }) =>
      /^(?:~|\.{1,2})?\/[\w.-]*(?:\/|$)|^\.{1,2}\/|^[A-Za-z]:\\|^\\\\|^@[\w-]+\//.test(value) ||
      (/[\/\\]/.test(value) && wordShare(value) > 0.45) ||
      /\.(?:json|ya?ml|txt|key|pem|crt|cer|p12|jks|env|xml|html?|jsx?|tsx?|py|rb|go|java|php|conf|cfg|ini|md|sh|properties|png|svg|css|log|db|csv|pub|vue|dll|exe|so|cs|kt)$/i
        .test(value),
  },
  {
    id: "number",
    rejects: ({ name, value, quoted }) =>
      // People do choose numbers for passwords; six digits and more may be one.
      !(/^\d{6,}$/.test(value) && (quoted || /[a-z]/i.test(name)) &&
        nameKind(name) === "password") &&
      (/^[-+]?[\d_,]*\.?\d+(?:e[-+]?\d+)?(?:[a-z]{1,3}|%)?$/i.test(value) && value.length < 12 ||
        /^0x(?:[0-9a-f]{1,16}|[0-9a-f]{40})$/i.test(value) ||
        /^v?\d+(?:\.\d+)+(?:[-+.]\w+){0,8}$/.test(value) ||
        /^\d{4}-\d\d-\d\d/.test(value) || /^#[0-9a-f]{3,8}$/i.test(value)),
  },
  {
    id: "code",
    rejects: (one) => isCode(one),
  },
  {
    id: "algorithm",
    rejects: ({ value }) =>
      /^(?:(?:HS|RS|ES|PS)(?:256|384|512)K?|(?:AES|SHA|MD|RSA|3?DES|ECDSA|Ed|PBKDF|HMAC|bcrypt|argon|scrypt|scram-sha|TLS|SSL|UTF|ISO)[-_]?(?:with)?\d[\w-]{0,24})$/i
        .test(value) || /^X(?:-[A-Z][A-Za-z]*)+$/.test(value),
  },
  {
    id: "pattern",
    rejects: ({ value }) =>
      /\\[dwsSWDb.](?![a-z])|\[\^|\(\?[:=!<]|\[[a-z0]-[z9]|^\^.*\$$|\.\*|\{\d+,\d*\}/i.test(value),
  },
  {
    // What forms demand of a value, in the words of several frameworks.
    id: "demand",
    rejects: ({ value }) =>
      /^(?:[\w-]+(?::[\w,.-]+)?\|)+[\w-]+(?::[\w,.-]+)?$/.test(value) &&
        wordShare(value) > 0.3 ||
      /^(?:[a-z]{1,8}\|){3,}|^(?:required|nullable|sometimes|confirmed)\|/.test(value) ||
      /^(?:min|max|size|same|between|in|lt|lte|gt|gte|eq|neq|regex|required_\w+):/.test(value),
  },
  {
    id: "markup",
    rejects: ({ value }) =>
      /^<\/?\w|<\/|\/>|&(?:lt|gt|amp|nbsp|quot);|^\s|^[#.][a-z][\w-]+ /i.test(value),
  },
  {
    // Translations of the word itself; a password in other letters is rarer by far.
    id: "other-letters",
    rejects: ({ value }) => /[\x80-\xff]|\\u\{?(?!00[0-7])[0-9a-fA-F]{4}/.test(value),
  },
  {
    id: "sentence",
    rejects: ({ value }) => isSentence(value),
  },
  {
    id: "name-again",
    rejects: ({ name, value }) => {
      const own = bare(name);
      const other = bare(value);
      return other !== "" &&
        (own.endsWith(other) || (other.length > 5 && other.endsWith(own) && own !== ""));
    },
  },
  {
    id: "uuid-of-a-thing",
    rejects: ({ name, value }) =>
      UUID.test(value) &&
      !/secret|token|api.?key|apikey|passw|access.?key|auth.?key|license|credential/i.test(name),
  },
  {
    id: "hash-of-a-thing",
    rejects: ({ name }) =>
      /hash|sha\d|md5|checksum|digest|integrity|fingerprint|etag|commit|revision|thumbprint|signature$/i
        .test(name),
  },
];

/** The first filter that rejects a value, or null. `without` leaves filters out, for the bench. */
export function rejectedBy(one: NamedValue, without?: ReadonlySet<string>): string | null {
  for (const filter of FILTERS) {
    if (without?.has(filter.id) !== true && filter.rejects(one)) return filter.id;
  }
  return null;
}

/**
 * `random`: a generator made it; `chosen`: a person made up a password; `weak`: unlike a word, but
 * little more; `phrase`: words and a name or number among them; else words or names.
 */
export type Likeness = "random" | "chosen" | "weak" | "phrase" | "words";

/** What a value looks like that no filter rejected. */
export function likenessOf(value: string): Likeness {
  if (UUID.test(value)) return "random";
  const chance = randomness(value);
  const kinds = kindsOf(value);
  if (value.length >= 16 && chance >= 0.85) return "random";
  if (value.length >= 10 && chance >= 0.9 && kinds >= 2) return "random";
  if (value.length >= 8 && chance >= 0.97 && kinds >= 2) return "random";
  const words = wordShare(value);
  const core = value.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (isWord(core)) return "words";
  if (value.length >= 6 && kinds >= 3 && /[^A-Za-z_. -]/.test(core + value.slice(0, 1))) {
    return words > 0.75 && !/[^\w.\- ]/.test(value) ? "weak" : "chosen";
  }
  if (value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value)) {
    return /^[a-z]+[-_.]?\d{1,4}$/i.test(value) && words > 0.4 ? "weak" : "chosen";
  }
  if (value.length >= 8 && chance >= 0.7 && words < 0.5) return "chosen";
  if (value.length >= 5 && words < 0.3 && !isWord(value) && /^[\x21-\x7e]+$/.test(value)) {
    return "weak";
  }
  if (/^\d{6,}$/.test(value)) return "weak";
  return isPhrase(value) ? "phrase" : "words";
}

/** Several words, one of which is in no dictionary: how people write a key for signing. */
function isPhrase(value: string): boolean {
  if (value.length < 16 || !/^[\w!@#$%&*.-]+$/.test(value)) return false;
  const parts = value.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().match(/[a-z]+/g) ?? [];
  const unknown = parts.filter((part) =>
    part.length >= 4 && !isWord(part) && wordShare(part) < 0.8
  );
  return unknown.length > 0 && (parts.length === 1 || parts.length >= 4);
}

/** How many of small letters, capitals, digits and other signs a value has. */
export function kindsOf(value: string): number {
  return Number(/[a-z]/.test(value)) + Number(/[A-Z]/.test(value)) + Number(/\d/.test(value)) +
    Number(/[^A-Za-z0-9]/.test(value));
}

/** Whether little of a value is left without what the pattern finds. */
function isMostly(value: string, pattern: RegExp): boolean {
  const rest = value.replace(pattern, "");
  return rest !== value && (rest.length < 6 || rest.length < value.length / 2);
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Whether a value is an expression, a reference or a name rather than a literal. */
function isCode({ value, quoted }: NamedValue): boolean {
  if (
    /^(?:true|false|yes|no|on|off|null|none|nil|undefined|void|string|str|int|bool|boolean|any|bytes|object|self|this)$/i
      .test(value)
  ) return true;
  if (
    /^(?:process\.env|os\.environ|os\.getenv|getenv|env\.|ENV\[|System\.getenv|config\.|settings\.|secrets?\.|vault\.|var\.|local\.|data\.|module\.|self\.|this\.|params?\.|args\.|options?\.|opts\.|req\.|request\.|input\.|steps\.|github\.|values\.|import\.meta)/i
      .test(value)
  ) {
    return true;
  }
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|::\w+|->\w+)*\(.*\)?;?$/.test(value)) return true;
  if (
    /=>|::|->|\|\||&&|\+ ?["'$]|^new |^await |^function\b|^lambda\b|^fn\b|\bnull\)|\(\)$| \?\? /
      .test(
        value,
      )
  ) return true;
  if (/^[A-Za-z_][\w.]*\[["'\w]+\]?/.test(value)) return true;
  // What stands between two texts that are joined.
  if (/^\s*[)\]]*\s*[.+,;]\s*\w[\w.]*\(/.test(value)) return true;
  if (/^[a-z_]\w*(?:\.\w+)+[:#][A-Za-z_]\w*$/.test(value)) return true;
  if (
    /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value) && (!quoted || wordShare(value) > 0.5)
  ) {
    return randomness(value) < 0.9;
  }
  return !quoted && /^[({\[<"'`*&]|[({\[]$|[;,]$/.test(value);
}

function isSentence(value: string): boolean {
  const parts = value.trim().split(/\s+/);
  if (parts.length < 2) return false;
  return parts.length >= 3 || parts.some((part) => /^[A-Za-z][a-z']*[.,:;!?]?$/.test(part));
}
