/** Private keys in every usual form: PEM, OpenSSH, PGP, PuTTY, age, JWK, and key bytes without a frame. */

import { Buffer } from "node:buffer";
import type { MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";
import { base64, pick } from "@/lib/detect/rules/samples.ts";

const WIDE = { before: 0, after: 8192 };
const HELP =
  "Whoever holds this key can sign, sign in or decrypt in its owner's name. Replace the key pair and withdraw the public half wherever it is trusted.";

/** Key material without line breaks, headers, quotes and indentation. */
function material(body: string): string {
  return body
    .replace(/\\[nrt]/g, "\n")
    .replace(
      /^.{0,40}?(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID|X-[\w-]+): .*$/gm,
      "",
    )
    .replace(/[^A-Za-z0-9+/=]/g, "");
}

function checkPem(key: string, { match }: MatchContext): Verdict {
  if (/\.{3}|\u2026|<[a-z_ ]+>|\$\{|\{\{|example|redacted|your[ _-]/i.test(match)) {
    return { keep: false };
  }
  if (key.length < 60 || new Set(key).size < 20 || /(.)\1{9}/.test(key.replace(/A{10,}/g, ""))) {
    return { keep: false };
  }
  const head = Buffer.from(key.slice(0, 64), "base64");
  const opened = head.subarray(0, 14).toString("latin1") === "openssh-key-v1";
  if (/ENCRYPTED/.test(match) || (opened && head.subarray(19, 23).toString("latin1") !== "none")) {
    return { keep: true, severity: "medium", reason: "encrypted with a passphrase" };
  }
  if (opened) return { keep: true, reason: "an OpenSSH key without a passphrase" };
  if (/PGP/.test(match)) return { keep: true, confidence: "medium", severity: "high" };
  const size = derLength(head);
  if (size === null) {
    return { keep: true, confidence: "low", severity: "medium", reason: "not DER inside" };
  }
  const bytes = Math.floor(key.replace(/=+$/, "").length * 3 / 4);
  return Math.abs(bytes - size) <= 3
    ? { keep: true, confidence: "high", reason: "structure is right" }
    : { keep: true, confidence: "medium", reason: "cut short or altered" };
}

/** The whole length that a DER sequence claims, or null when it is none. */
function derLength(head: Buffer): number | null {
  if (head[0] !== 0x30) return null;
  const first = head[1]!;
  if (first < 0x80) return first + 2;
  const count = first & 0x7f;
  if (count > 3) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + head[2 + i]!;
  return length + 2 + count;
}

/** A PKCS#1-like DER key for examples: the right frame around random bytes. */
function sampleKey(length = 600): string {
  const bytes = Buffer.from(base64(Math.ceil((length + 4) * 4 / 3), 9), "base64").subarray(
    0,
    length + 4,
  );
  bytes.set([0x30, 0x82, length >> 8, length & 255, 2, 1, 0, 2, 0x81, 0x81]);
  return bytes.toString("base64");
}

const frame = (label: string, body: string, newline = "\n") =>
  [`-----BEGIN ${label}-----`, ...body.match(/.{1,64}/g)!, `-----END ${label}-----`].join(newline);

export const rules: readonly Rule[] = [
  {
    id: "private-key",
    name: "Private key",
    vendor: "",
    keywords: ["-----begin"],
    marker: "-----BEGIN",
    window: WIDE,
    pattern:
      /-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----((?:[^-]|-(?!----)){60,7900}?)-----END/,
    severity: "critical",
    confidence: "high",
    keepsPlaceholders: true,
    canonical: material,
    check: checkPem,
    help: HELP,
    docsUrl: "https://www.rfc-editor.org/rfc/rfc7468",
    version: 1,
    matches: () => [
      frame("RSA " + "PRIVATE KEY", sampleKey()),
      `key = "${frame("PRIVATE" + " KEY", sampleKey(), "\\n")}"`,
      frame("EC " + "PRIVATE KEY", sampleKey(119)).replaceAll("\n", "\n    "),
      frame("PGP " + "PRIVATE KEY BLOCK", "Version: GnuPG v2\n\n" + base64(700, 3)),
    ],
    ignores: () => [
      frame("PUBLIC KEY", sampleKey()),
      frame("CERTIFICATE", sampleKey()),
      "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----",
      "-----BEGIN " + "PRIVATE KEY-----\n<your key>\n-----END PRIVATE KEY-----",
      'if (text.includes("-----BEGIN ' + 'PRIVATE KEY-----")) return',
    ],
  },
  {
    id: "private-key-without-frame",
    name: "RSA private key without its frame",
    vendor: "",
    keywords: ["mii"],
    marker: "MII",
    window: WIDE,
    // The fixed bytes of PKCS#8 and PKCS#1 at sizes of 1024, 2048 and 4096 bits, in base64.
    pattern:
      /(?<![A-Za-z0-9+/])MII[A-Za-z0-9+/]{3}(?:IBADANBgkqhkiG9w0BAQEFAASC|IBAAKC(?:AQ|Ag)EA|IBAAKBgQ)(?:[A-Za-z0-9+/]|\\[nr]){300,7000}={0,2}/,
    severity: "critical",
    confidence: "high",
    keepsPlaceholders: true,
    canonical: material,
    help: HELP,
    docsUrl: "https://www.rfc-editor.org/rfc/rfc8017",
    version: 1,
    matches: () => [
      `signing: MIIEo${"g" + "IBAAKCAQEA"}${base64(700)}==`,
      `"key": "MIICd${"g" + "IBADANBgkqhkiG9w0BAQEFAASC"}${base64(600)}"`,
    ],
    ignores: () => [`cert: MIIDdzCCAl+gAwIBAgIE${base64(600)}`],
  },
  {
    id: "putty-private-key",
    name: "PuTTY private key",
    vendor: "PuTTY",
    keywords: ["putty-user-key-file-"],
    marker: "PuTTY-User-Key-File-",
    window: WIDE,
    pattern:
      /PuTTY-User-Key-File-[23]: [\w-]{5,40}\s{1,4}Encryption: [\w-]{4,20}[\s\S]{20,4000}?Private-Lines: \d{1,3}((?:\s{1,4}[A-Za-z0-9+/=]{1,64}){1,80})/,
    severity: "critical",
    confidence: "high",
    keepsPlaceholders: true,
    canonical: material,
    check: (_, { match }) =>
      /Encryption: none/.test(match)
        ? { keep: true, reason: "without a passphrase" }
        : { keep: true, severity: "medium", reason: "encrypted with a passphrase" },
    help: HELP,
    docsUrl: "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html",
    version: 1,
    matches: () => [
      `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: a\nPublic-Lines: 1\n${
        base64(64)
      }\nPrivate-Lines: 2\n${base64(64, 5)}\n${base64(40, 6)}\nPrivate-MAC: 00\n`,
    ],
    ignores: () => ["PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: a\n"],
  },
  {
    id: "age-secret-key",
    name: "age secret key",
    vendor: "age",
    keywords: ["age-secret-key-1"],
    pattern: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?![A-Z0-9])/,
    severity: "critical",
    confidence: "high",
    help:
      "Decrypts every file encrypted for its recipient. Make a new key and encrypt the files again.",
    docsUrl: "https://age-encryption.org/v1",
    version: 1,
    matches: () => ["AGE-SECRET-KEY-1" + pick("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)],
    ignores: () => ["AGE-SECRET-KEY-1QQQQ", "AGE-SECRET-KEY-1" + "Q".repeat(58)],
  },
  {
    id: "jwk-private-key",
    name: "Private key as a JSON Web Key",
    vendor: "",
    keywords: ['"d"'],
    // 43, 64 and 88 characters are the sizes of the curves, 171, 342 and 683 those of RSA.
    pattern:
      /"d"\s{0,4}:\s{0,4}"([A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{64}|[A-Za-z0-9_-]{88}|[A-Za-z0-9_-]{171}|[A-Za-z0-9_-]{34[0-3]}|[A-Za-z0-9_-]{68[0-3]})"/,
    anchor: "keyword",
    window: { before: 0, after: 800 },
    check: (_, { lead = "", after, above }) => ({
      keep: /"(?:kty|crv|kid|alg|use|ext|key_ops|[xyenpq]|d[pq]|qi)"\s{0,4}:|-----/.test(
        lead + above + after,
      ) || /"$/.test(lead.trimEnd().replace(/,$/, "")),
    }),
    severity: "critical",
    confidence: "high",
    help: HELP,
    docsUrl: "https://www.rfc-editor.org/rfc/rfc7517",
    version: 1,
    matches: () => [
      `{"kty":"EC","crv":"P-256","x":"${base64(43).replace(/[+/]/g, "x")}","d":"${
        base64(43, 4).replace(/[+/]/g, "y")
      }"}`,
    ],
    ignores: () => [
      `{"kty":"EC","crv":"P-256","x":"${base64(43).replace(/[+/]/g, "x")}"}`,
    ],
  },
];
