/** Known formats inside base64, hexadecimal and percent encoding. */

import { textFromBase64, toBase64 } from "@/lib/detect/checks/base64.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { alnum, base64, digits, hex } from "@/lib/detect/rules/samples.ts";

/** How the formats begin that are worth a look inside; each begins nowhere else. */
const BEGINNINGS = [
  "ghp_",
  "gho_",
  "ghs_",
  "github_pat_",
  "glpat-",
  "AKIA",
  "xoxb-",
  "xoxp-",
  "sk_live_",
  "sk-ant-",
  "sk-proj-",
  "AIzaSy",
  "npm_",
  "dop_v1_",
  "ATATT3",
  "-----BEGIN",
  "postgres://",
  "postgresql://",
  "mysql://",
  "mongodb://",
  "mongodb+srv://",
  "redis://",
  "amqp://",
];

/** The characters of base64 that a text always gives when it begins at one of three offsets. */
export function base64Beginnings(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bits = (offset + text.length) * 8;
    const first = Math.ceil(offset * 8 / 6);
    return toBase64("\0".repeat(offset) + text).slice(first, Math.floor(bits / 6));
  });
}

const hexOf = (text: string) =>
  [...text].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
const lowered = (texts: string[]) => [...new Set(texts.map((text) => text.toLowerCase()))];

const common = {
  vendor: "",
  severity: "high",
  confidence: "medium",
  keepsPlaceholders: true,
  help: "An encoding hides nothing. What is inside decides what to do; see the reasons.",
  version: 1,
} as const;

/** Text alone: what decodes to anything else was no text. */
function readable(text: string | null): string | null {
  return text !== null && /^[\t\r\n\x20-\x7e]+$/.test(text) ? text : null;
}

function fromHex(text: string): string | null {
  if (text.length % 2 !== 0) return null;
  return text.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

function fromPercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // Not UTF-8 inside: no text.
  }
}

export const rules: readonly Rule[] = [
  {
    ...common,
    id: "inside-base64",
    name: "inside base64",
    keywords: lowered(BEGINNINGS.flatMap(base64Beginnings).filter((text) => text.length >= 5)),
    pattern: /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,480}={0,2}(?![A-Za-z0-9+/_=-])/,
    window: { before: 300, after: 490 },
    unwrap: (secret) => readable(textFromBase64(secret)),
    matches: () => [
      `url: ${toBase64(`postgres://shop:${alnum(16)}@pg.acme.net/shop`)}\n`,
      `blob = "${toBase64(`{"bot":"xo` + `xb-${digits(12)}-${digits(13)}-${alnum(24)}"}`)}"`,
    ],
    ignores: () => [`blob = "${toBase64("postgres://localhost/shop without a password")}"`],
  },
  {
    ...common,
    id: "inside-base64-key",
    name: "inside base64",
    keywords: ["ls0tls1crudjti"],
    marker: "LS0tLS1CRUdJTi",
    window: { before: 0, after: 8100 },
    pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/]{100,8000}={0,2}(?![A-Za-z0-9+/=])/,
    unwrap: (secret) => readable(textFromBase64(secret)),
    matches: () => [
      `tls.key: ${
        toBase64(
          `-----BEGIN RSA PRIVATE` +
            ` KEY-----\n${base64(600).match(/.{1,64}/g)!.join("\n")}\n-----END RSA ` +
            "PRIVATE KEY-----\n",
        )
      }`,
    ],
    ignores: () => [
      `tls.crt: ${
        toBase64(`-----BEGIN CERTIFICATE-----\n${base64(600)}\n-----END CERTIFICATE-----`)
      }`,
    ],
  },
  {
    ...common,
    id: "inside-hex",
    name: "inside hexadecimal",
    keywords: lowered(BEGINNINGS.map(hexOf)),
    pattern: /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){12,240}(?![0-9A-Fa-f])/,
    window: { before: 300, after: 490 },
    unwrap: (secret) => readable(fromHex(secret)),
    matches: () => [`X'${hexOf(`redis://:${alnum(18)}@cache.acme.net:6379/0`)}'`],
    ignores: () => [`X'${hexOf("redis://cache.acme.net:6379/0 and more")}'`, `"${hex(64)}"`],
  },
  {
    ...common,
    id: "inside-percent-encoding",
    name: "inside percent encoding",
    keywords: ["%3a%2f%2f"],
    pattern: /[A-Za-z][A-Za-z0-9+.-]{1,20}%3[Aa]%2[Ff]%2[Ff][\w.~%+*!-]{8,300}/,
    window: { before: 30, after: 400 },
    unwrap: (secret) => readable(fromPercent(secret)),
    matches: () => [`dsn=postgres%3A%2F%2Fshop%3A${alnum(16)}%40pg.acme.net%2Fshop&x=1`],
    ignores: () => ["redirect=https%3A%2F%2Facme.net%2Flogin%3Fnext%3D%252F"],
  },
];
