/** Credentials in HTTP headers, as code, curl and recorded requests write them. */

import { textFromBase64, toBase64 } from "@/lib/detect/checks/base64.ts";
import { judgePassword } from "@/lib/detect/passwords.ts";
import type { Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum, base64url, hex } from "@/lib/detect/rules/samples.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

function checkBasic(encoded: string): Verdict {
  const text = textFromBase64(encoded);
  const [, user, password] = /^([\x20-\x7e]{0,100}?):([\x20-\x7e]{1,200})$/.exec(text ?? "") ?? [];
  if (user === undefined || password === undefined) return { keep: false };
  // RFC 7617's own example, and its like.
  if (/^(?:aladdin|username|user)$/i.test(user) && /open ?sesame|^pass/i.test(password)) {
    return { keep: false };
  }
  return judgePassword(password, { user, reason: "user and password inside" });
}

function checkToken(token: string): Verdict {
  if (rejectedBy({ name: "token", value: token, quoted: true }) !== null) return { keep: false };
  const inner = textFromBase64(token)?.trim() ?? "";
  if (/^[\x20-\x7e]{3,}$/.test(inner) && likenessOf(inner) !== "random") return { keep: false };
  const likeness = likenessOf(token);
  if (likeness === "random") return { keep: true, reason: "a random value" };
  return { keep: false };
}

export const rules: readonly Rule[] = [
  {
    id: "basic-authorization",
    name: "User and password in an Authorization header",
    vendor: "",
    keywords: ["basic "],
    anchor: "keyword",
    pattern: /(?<![a-z])basic {1,2}([A-Za-z0-9+/_-]{8,300}={0,2})(?![A-Za-z0-9+/=_-])/i,
    severity: "high",
    confidence: "high",
    specificity: "structure",
    keepsPlaceholders: true,
    check: checkBasic,
    help:
      "Base64 hides nothing: this header holds a user and a password. Change the password where it is used.",
    docsUrl: "https://www.rfc-editor.org/rfc/rfc7617",
    version: 1,
    matches: () => [
      `Authorization: Basic ${toBase64("deploy:" + alnum(18))}`,
      `headers = {'Authorization': 'Basic ${toBase64("svc-mail:Tr0ub" + "adour&31")}'}`,
    ],
    ignores: () => [
      `Authorization: Basic ${toBase64("Aladdin:open sesame")}`,
      `Authorization: Basic ${toBase64("user:password")}`,
      "WWW-Authenticate: Basic realm=private",
      "a basic introduction for everybody",
    ],
  },
  {
    id: "bearer-token",
    name: "Bearer token in a header",
    vendor: "",
    keywords: [
      "bearer ",
      "authorization",
      "x-api-key",
      "x-auth-token",
      "private-token",
      "x-access-token",
      "api-key:",
      "apikey:",
      "x-vault-token",
      "x-token",
      "x-api-token",
      "x-auth-key",
    ],
    anchor: "keyword",
    pattern:
      /(?:(?<![a-z])bearer {1,2}|(?:authorization|x-api-key|x-auth-token|private-token|x-access-token|api-key|apikey|x-vault-token|x-token|x-api-token|x-auth-key)(?:\\?["'])?\]?\s{0,3}[:,=]{1,2}\s{0,3}(?:\\?["'])?(?:(?:token|apikey|key|bot|api-key|oauth|sso-key|genie?key)[ =:])?"?)([A-Za-z0-9._~+/:=-]{16,300})(?![A-Za-z0-9._~+/=-])/i,
    severity: "high",
    confidence: "medium",
    specificity: "generic",
    keepsPlaceholders: true,
    check: checkToken,
    help: "Whoever sends this header is let in. Revoke the token where it was issued.",
    docsUrl: "https://www.rfc-editor.org/rfc/rfc6750",
    version: 1,
    matches: () => [
      `curl -H "Authorization: Bearer ${base64url(40)}" https://api.acme.net`,
      `-H 'X-Api-Key: ${alnum(32)}'`,
      `headers["X-Auth-Token"] = "${hex(40)}"`,
      `"Authorization": "Token ${hex(40, 3)}"`,
    ],
    ignores: () => [
      "Authorization: Bearer <access_token>",
      "Authorization: Bearer ${TOKEN}",
      "Authorization: Bearer your-access-token-here",
      'headers["X-Api-Key"] = config.apiKeyForRequests',
      "the bearer authenticationHandlerFactory",
    ],
  },
  {
    id: "curl-user",
    name: "User and password for curl",
    vendor: "",
    keywords: ["curl"],
    anchor: "keyword",
    pattern:
      /curl(?:\.exe)?\b[^\n|;]{0,250}?[ '"](?:-u|--user|--proxy-user|-U)[ =]{0,2}["']?([^\s:"'$<{%]{1,80}:[^\s"'`$<{][^\s"'`]{2,120})/,
    severity: "high",
    confidence: "medium",
    specificity: "structure",
    keepsPlaceholders: true,
    check: (pair) => {
      const colon = pair.indexOf(":");
      return judgePassword(pair.slice(colon + 1), { user: pair.slice(0, colon) });
    },
    help:
      "The command signs in with this user and password. Change the password; use a netrc file.",
    docsUrl: "https://curl.se/docs/manpage.html#-u",
    version: 1,
    matches: () => [
      `curl -s -u deploy:${alnum(16)} https://ci.acme.net/job`,
      `curl --user "jenkins:${hex(34, 2)}" -X POST https://ci.acme.net/build`,
    ],
    ignores: () => [
      "curl -u user:password https://example.com",
      'curl -u "$USER:$PASS" https://example.com',
      "curl -u admin:admin http://localhost:8080",
    ],
  },
];
