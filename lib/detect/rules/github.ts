/** GitHub: personal, OAuth, app and refresh tokens, which end in a CRC-32. */
import { endsInBase62Crc32, withBase62Crc32 } from "../checks/base62.ts";
import { byChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, digits, hex } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const vendor = "GitHub";
const docsUrl =
  "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats";
const revokeUrl = "https://github.com/settings/tokens";
const check = (secret: string) => byChecksum(endsInBase62Crc32(secret.slice(4)));

export const rules: readonly Rule[] = [
  prefixed({
    id: "github-personal-token",
    name: "GitHub personal access token (classic)",
    vendor,
    severity: "critical",
    prefix: "ghp_",
    body: "[A-Za-z0-9]{36}",
    check,
    help:
      "Acts as its owner on every repository and organisation its scopes reach. Delete it under Settings, Developer settings, Tokens (classic).",
    revokeUrl,
    docsUrl,
    samples: () => ["ghp_" + withBase62Crc32(alnum(30)), "ghp_" + withBase62Crc32(alnum(30, 5))],
    ignores: () => ["ghp_" + alnum(40), "the prefix ghp_ marks a classic token"],
  }),
  prefixed({
    id: "github-fine-grained-token",
    name: "GitHub fine-grained personal access token",
    vendor,
    severity: "critical",
    prefix: "github_pat_",
    body: "[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    help:
      "Acts as its owner within the repositories and permissions it was given. Delete it under Settings, Developer settings, Fine-grained tokens.",
    revokeUrl: "https://github.com/settings/personal-access-tokens",
    docsUrl,
    samples: () => [`github_pat_${alnum(22)}_${alnum(59)}`],
  }),
  prefixed({
    id: "github-oauth-token",
    name: "GitHub OAuth access token",
    vendor,
    severity: "critical",
    prefix: "gho_",
    body: "[A-Za-z0-9]{36}",
    check,
    help:
      "Acts for the user who authorised an OAuth app. The user revokes the app under Settings, Applications; its owner can reset all tokens.",
    revokeUrl: "https://github.com/settings/applications",
    docsUrl,
    samples: () => ["gho_" + withBase62Crc32(alnum(30, 2))],
  }),
  prefixed({
    id: "github-app-user-token",
    name: "GitHub App user access token",
    vendor,
    severity: "high",
    prefix: "ghu_",
    body: "[A-Za-z0-9]{36}",
    check,
    help:
      "Acts for a user within a GitHub App's permissions, usually for eight hours. Revoke the app's authorisation under Settings, Applications.",
    revokeUrl: "https://github.com/settings/apps/authorizations",
    docsUrl,
    samples: () => ["ghu_" + withBase62Crc32(alnum(30, 3))],
  }),
  prefixed({
    id: "github-app-installation-token",
    name: "GitHub App installation token",
    vendor,
    severity: "high",
    prefix: "ghs_",
    body:
      "(?:[A-Za-z0-9]{36}|\\d{1,10}_eyJ[A-Za-z0-9_-]{10,300}\\.eyJ[A-Za-z0-9_-]{10,400}\\.[A-Za-z0-9_-]{20,400})",
    window: { before: 100, after: 1300 },
    check: (secret) => secret.length === 40 ? check(secret) : { keep: true },
    help:
      "Acts as a GitHub App in the repositories it is installed in; it ends an hour after it was made. Revoke it with DELETE /installation/token.",
    docsUrl,
    samples: () => [
      "ghs_" + withBase62Crc32(alnum(30, 4)),
      `ghs_${digits(7)}_eyJ${base64url(40)}.eyJ${base64url(120)}.${base64url(86)}`,
    ],
  }),
  prefixed({
    id: "github-refresh-token",
    name: "GitHub App refresh token",
    vendor,
    severity: "critical",
    prefix: "ghr_",
    body: "[A-Za-z0-9]{36,76}",
    check,
    help:
      "Gives new user access tokens of a GitHub App for six months. Revoke the app's authorisation under Settings, Applications.",
    revokeUrl: "https://github.com/settings/apps/authorizations",
    docsUrl,
    samples: () => ["ghr_" + withBase62Crc32(alnum(70, 6)), "ghr_" + withBase62Crc32(alnum(30, 7))],
  }),
  named({
    id: "github-legacy-token",
    name: "GitHub token or client secret of 40 hexadecimal digits",
    vendor,
    severity: "high",
    word: "github|\\bgh",
    noun: "token|secret|oauth|passw|api_?key|_pat",
    variable: "GITHUB_TOKEN",
    keywords: [
      "github_token",
      "githubtoken",
      "github-token",
      "gh_token",
      "github_secret",
      "github_client_secret",
      "githubclientsecret",
      "github_api",
      "github_oauth",
      "github_access",
      "githubaccesstoken",
      "github_pat",
      "github_key",
    ],
    value: "[0-9a-f]{40}",
    help:
      "Tokens of before April 2021 and secrets of OAuth apps have this form. Delete the token, or the app's client secret, under Settings, Developer settings.",
    revokeUrl,
    docsUrl,
    samples: () => [hex(40)],
    ignores: () => [`github.com/actions/checkout@${hex(40)}`, `"github_sha": "${hex(40)}"`],
  }),
];
