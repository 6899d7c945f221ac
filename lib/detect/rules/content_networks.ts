/** Content networks and domain names: what answers before a site does. */
import { crc32Hex } from "../checks/crc32.ts";
import { byObservedChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, hex, lower, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const cloudflare = {
  vendor: "Cloudflare",
  revokeUrl: "https://dash.cloudflare.com/profile/api-tokens",
  docsUrl: "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/",
};

/** The last eight characters are the CRC-32 of the forty between them and the prefix. */
const isCloudflare = (secret: string) =>
  byObservedChecksum(crc32Hex(secret.slice(-48, -8)) === secret.slice(-8));

function cloudflareToken(prefix: string, seed: number): string {
  const body = alnum(40, seed);
  return prefix + body + crc32Hex(body);
}

export const rules: readonly Rule[] = [
  prefixed({
    ...cloudflare,
    id: "cloudflare-user-token",
    name: "Cloudflare user API token",
    severity: "critical",
    prefix: "cfut_",
    body: "[A-Za-z0-9]{40}[0-9a-f]{8}",
    check: isCloudflare,
    help:
      "Changes DNS, caches, workers and more, by its permissions. Roll or delete it under My profile, API tokens.",
    samples: () => [cloudflareToken("cfut_", 1)],
  }),
  prefixed({
    ...cloudflare,
    id: "cloudflare-account-token",
    name: "Cloudflare account API token",
    severity: "critical",
    prefix: "cfat_",
    body: "[A-Za-z0-9]{40}[0-9a-f]{8}",
    check: isCloudflare,
    help:
      "Changes what the account owns, by its permissions. Roll or delete it under Manage account, API tokens.",
    samples: () => [cloudflareToken("cfat_", 2)],
  }),
  prefixed({
    ...cloudflare,
    id: "cloudflare-global-key",
    name: "Cloudflare global API key",
    severity: "critical",
    prefix: "cfk_",
    body: "[A-Za-z0-9]{40}[0-9a-f]{8}",
    check: isCloudflare,
    help: "Does all that its user may. Change it under My profile, API tokens, Global API key.",
    samples: () => [cloudflareToken("cfk_", 3)],
  }),
  named({
    ...cloudflare,
    id: "cloudflare-legacy-token",
    name: "Cloudflare API token of 40 characters",
    severity: "critical",
    word: "cloudflare|cf_|\\bcf",
    noun: "token|api_?key|secret|auth",
    variable: "CLOUDFLARE_API_TOKEN",
    keywords: ["cloudflare", "cf_api", "cf_token", "cf-api", "cfapitoken"],
    value: "[A-Za-z0-9_-]{40}",
    help:
      "Changes DNS, caches, workers and more, by its permissions. Roll or delete it under My profile, API tokens.",
    check: (secret) => ({
      keep: /\d/.test(secret) && /[A-Z]/.test(secret) && !/[a-z]{9}/.test(secret),
    }),
    samples: () => [base64url(40)],
    ignores: () => [`cloudflare_token_name = "terraform-managed-dns-token-for-prod-00x"`],
  }),
  named({
    ...cloudflare,
    id: "cloudflare-legacy-global-key",
    name: "Cloudflare global API key of 37 digits",
    severity: "critical",
    word: "cloudflare|cf_|x-auth",
    noun: "key",
    variable: "CLOUDFLARE_API_KEY",
    keywords: ["cloudflare", "cf_api_key", "cf_key", "x-auth-key"],
    value: "[0-9a-f]{37}",
    help: "Does all that its user may. Change it under My profile, API tokens, Global API key.",
    samples: () => [hex(37)],
  }),
  prefixed({
    ...cloudflare,
    id: "cloudflare-origin-ca-key",
    name: "Cloudflare origin CA key",
    severity: "high",
    prefix: "v1.0-",
    body: "[0-9a-f]{24}-[0-9a-f]{146}",
    help:
      "Issues origin certificates for the account's domains. Change it under My profile, API tokens.",
    samples: () => [`v1.0-${hex(24)}-${hex(146)}`],
  }),
  named({
    id: "fastly-api-token",
    name: "Fastly API token",
    vendor: "Fastly",
    word: "fastly",
    variable: "FASTLY_API_TOKEN",
    value: "[A-Za-z0-9_-]{32}",
    help: "Changes and purges services, by its scope. Delete it under Account, API tokens.",
    revokeUrl: "https://manage.fastly.com/account/personal/tokens",
    docsUrl: "https://docs.fastly.com/en/guides/using-api-tokens",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => [base64url(32)],
  }),
  prefixed({
    id: "akamai-edgegrid-token",
    name: "Akamai EdgeGrid access or client token",
    vendor: "Akamai",
    severity: "medium",
    prefix: "akab-",
    body: "[a-z0-9]{16}-[a-z0-9]{16}",
    help:
      "With its secret it changes what the account delivers. Deactivate it in Control Center, Identity and access.",
    revokeUrl: "https://control.akamai.com/apps/identity-management/",
    docsUrl: "https://techdocs.akamai.com/developer/docs/edgegrid",
    samples: () => [`akab-${lower(16)}-${lower(16, 2)}`],
    ignores: () => [`host = akab-${lower(16)}-${lower(15)}.luna.akamaiapis.net`],
    check: (_, { after }) => ({ keep: !/^\.[a-z.]*akamaiapis/.test(after) }),
  }),
  prefixed({
    id: "dnsimple-token",
    name: "DNSimple API token",
    vendor: "DNSimple",
    prefix: ["dnsimple_a_", "dnsimple_u_"],
    body: "[A-Za-z0-9]{32}",
    help: "Changes DNS records and domains. Delete it under Account, Access tokens.",
    revokeUrl: "https://dnsimple.com/user",
    docsUrl: "https://support.dnsimple.com/articles/api-access-token/",
    samples: () => ["dnsimple_a_" + alnum(32)],
  }),
  named({
    id: "godaddy-api-secret",
    name: "GoDaddy API key or secret",
    vendor: "GoDaddy",
    word: "godaddy|sso-key",
    noun: "key|secret|sso",
    variable: "GODADDY_API_KEY",
    keywords: ["godaddy", "sso-key"],
    value: "[A-Za-z0-9]{8,14}_[A-Za-z0-9]{21,22}",
    help: "Changes DNS records and buys domains. Delete it in the developer portal, API keys.",
    revokeUrl: "https://developer.godaddy.com/keys",
    docsUrl: "https://developer.godaddy.com/getstarted",
    samples: () => [`${alnum(12)}_${alnum(22)}`],
  }),
  named({
    id: "bunny-api-key",
    name: "bunny.net API key",
    vendor: "bunny.net",
    word: "bunny",
    noun: "key|token|passw",
    variable: "BUNNY_API_KEY",
    keywords: ["bunny_", "bunnycdn", "bunny-", "bunny.net", "bunnynet"],
    value:
      `(?:${UUID}|${UUID}${UUID}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4})`,
    help: "Changes pull zones, storage and DNS. Reset it under Account, API key.",
    revokeUrl: "https://dash.bunny.net/account/api-key",
    docsUrl: "https://docs.bunny.net/reference/bunnynet-api-overview",
    samples: () => [uuid(), uuid() + uuid(2)],
  }),
];
