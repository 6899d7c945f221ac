/** Atlassian: API tokens, access tokens and app passwords of Bitbucket, Jira, Confluence, Trello. */
import { textFromBase64, toBase64 } from "../checks/base64.ts";
import { crc32Hex } from "../checks/crc32.ts";
import { byChecksum, byObservedChecksum, kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, bytes, digits, hex, uuid } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const vendor = "Atlassian";

/** The last eight characters are the CRC-32 of all before them, `=` and prefix included. */
function endsInCrc32(secret: string): boolean {
  return crc32Hex(secret.slice(0, -8)).toUpperCase() === secret.slice(-8).toUpperCase();
}

function withCrc32(head: string): string {
  return head + crc32Hex(head).toUpperCase();
}

/** Data Center tokens are base64 of a number, a colon and random bytes. */
function isDataCenterToken(base64: string): boolean {
  return /^\d{8,20}:/.test(textFromBase64(base64) ?? "");
}

function dataCenterToken(seed: number): string {
  const raw = String.fromCharCode(...bytes(20, seed)).replace(":", ";");
  return toBase64(digits(12, seed) + ":" + raw);
}

export const rules: readonly Rule[] = [
  prefixed({
    id: "atlassian-api-token",
    name: "Atlassian API token",
    vendor,
    severity: "critical",
    prefix: "ATATT3",
    body: "[A-Za-z0-9_-]{20,250}(?:=|%3[Dd])[A-F0-9]{8}",
    check: (secret) => byChecksum(endsInCrc32(secret.replace(/%3d/i, "="))),
    help:
      "Acts as its owner in Jira, Confluence or Bitbucket Cloud. Revoke it under Atlassian account, Security, API tokens.",
    revokeUrl: "https://id.atlassian.com/manage-profile/security/api-tokens",
    docsUrl: "https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/",
    samples: () => [withCrc32(`ATATT3xFfGF0${base64url(171)}=`)],
  }),
  prefixed({
    id: "atlassian-access-token",
    name: "Bitbucket access token or Atlassian organisation key",
    vendor,
    severity: "critical",
    prefix: "ATCTT3",
    body: "[A-Za-z0-9_-]{20,250}(?:=|%3[Dd])[A-F0-9]{8}",
    check: (secret) => byChecksum(endsInCrc32(secret.replace(/%3d/i, "="))),
    help:
      "Opens a Bitbucket repository, project or workspace, or administers an organisation. Revoke it where it was made: Settings, Access tokens; or admin.atlassian.com, API keys.",
    docsUrl: "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
    samples: () => [withCrc32(`ATCTT3xFfGN0${base64url(171, 2)}=`)],
  }),
  prefixed({
    id: "bitbucket-app-password",
    name: "Bitbucket app password",
    vendor,
    severity: "low",
    prefix: "ATBB",
    body: "[A-Za-z0-9]{24}[A-F0-9]{8}",
    check: (secret) =>
      endsInCrc32(secret)
        ? kept("checksum is right; Bitbucket Cloud no longer accepts app passwords", {
          confidence: "high",
        })
        : { keep: true, confidence: "low", severity: "low", reason: "checksum is wrong" },
    help:
      "Bitbucket Cloud no longer accepts app passwords, so it opens nothing there. Make sure that it is used nowhere else as a password.",
    docsUrl: "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/",
    samples: () => [withCrc32("ATBB" + alnum(24))],
  }),
  prefixed({
    id: "bitbucket-data-center-token",
    name: "Bitbucket Data Center HTTP access token",
    vendor,
    severity: "high",
    prefix: "BBDC-",
    body: "[MNO][A-Za-z0-9+/@_-]{43}",
    edge: "A-Za-z0-9+/=",
    check: (secret) => byObservedChecksum(isDataCenterToken(secret.slice(5))),
    help:
      "Acts on a Bitbucket Data Center server as a user, project or repository. Revoke it under HTTP access tokens.",
    docsUrl: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
    samples: () => ["BBDC-" + dataCenterToken(1)],
  }),
  named({
    id: "atlassian-data-center-token",
    name: "Jira or Confluence Data Center personal access token",
    vendor,
    word: "jira|confluence|atlassian",
    noun: "token|pat\\b|bearer|passw",
    variable: "JIRA_PAT_TOKEN",
    keywords: ["jira", "confluence", "atlassian"],
    value: "[MNO][A-Za-z0-9+/]{43}",
    check: (secret) => isDataCenterToken(secret) ? kept("decodes as it should") : { keep: false },
    help:
      "Acts as its owner on a Jira or Confluence server. Revoke it in the profile, Personal access tokens.",
    docsUrl:
      "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
    samples: () => [dataCenterToken(2)],
  }),
  named({
    id: "atlassian-legacy-api-token",
    name: "Atlassian API token of 24 characters",
    vendor,
    word: "jira|confluence|atlassian",
    noun: "token|api_?key|passw|secret",
    variable: "JIRA_API_TOKEN",
    keywords: ["jira", "confluence", "atlassian"],
    value: "[A-Za-z0-9]{24}",
    help:
      "Acted as its owner in Jira and Confluence Cloud; tokens of this form were made before 2023. Revoke it under Atlassian account, Security.",
    revokeUrl: "https://id.atlassian.com/manage-profile/security/api-tokens",
    docsUrl:
      "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    samples: () => [alnum(24)],
    ignores: () => ['jira_token_name = "deploymentServiceAccount"'],
  }),
  named({
    id: "bitbucket-oauth-secret",
    name: "Bitbucket OAuth consumer secret",
    vendor,
    word: "bitbucket",
    noun: "secret",
    variable: "BITBUCKET_CLIENT_SECRET",
    value: "[A-Za-z0-9]{32}",
    help:
      "With the consumer's key it makes access tokens for the workspace. Delete the consumer, or reset its secret, under Workspace settings, OAuth consumers.",
    docsUrl: "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
    samples: () => [alnum(32)],
  }),
  prefixed({
    id: "trello-token",
    name: "Trello token",
    vendor,
    prefix: "ATTA",
    body: "[a-f0-9]{64}[A-F0-9]{8}",
    check: (secret) => byObservedChecksum(endsInCrc32(secret)),
    help:
      "Reads and writes its owner's boards. Revoke it in the Trello account settings, Applications.",
    revokeUrl: "https://trello.com/my/account",
    docsUrl: "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/",
    samples: () => [withCrc32("ATTA" + hex(64))],
  }),
  named({
    id: "opsgenie-api-key",
    name: "Opsgenie API key",
    vendor,
    word: "opsgenie|genie_?key",
    variable: "OPSGENIE_API_KEY",
    keywords: ["opsgenie", "geniekey"],
    value: "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
    help:
      "Creates and closes alerts, and more by its rights. Delete it under Settings, API key management.",
    docsUrl: "https://support.atlassian.com/opsgenie/docs/api-key-management/",
    samples: () => [uuid()],
  }),
];
