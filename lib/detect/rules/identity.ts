/** Sign-in services, password managers and keepers of secrets. */
import { jsonFromBase64, toBase64 } from "../checks/base64.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64, base64url, hex, lower, upper, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const poses = (where: string) =>
  `Lets anyone pose as the application or manage its users. Rotate it under ${where}.`;

const doppler = {
  vendor: "Doppler",
  revokeUrl: "https://dashboard.doppler.com/workplace/tokens",
  docsUrl: "https://docs.doppler.com/docs/service-tokens",
};

function dopplerToken(kind: string, name: string, prefix: string, optional = ""): Rule {
  return prefixed({
    ...doppler,
    id: `doppler-${kind}-token`,
    name: `Doppler ${name} token`,
    severity: "critical",
    prefix,
    body: `${optional}[A-Za-z0-9]{40,44}`,
    help:
      "Reads, and perhaps changes, the secrets of its projects. Revoke it where it was made: workplace, project or configuration, Access.",
    samples: () => [prefix + alnum(43)],
  });
}

export const rules: readonly Rule[] = [
  named({
    id: "okta-api-token",
    name: "Okta API token",
    vendor: "Okta",
    severity: "critical",
    word: "okta|ssws",
    noun: "",
    variable: "OKTA_API_TOKEN",
    value: "00[A-Za-z0-9_-]{39}[A-Za-z0-9_]",
    confidence: "high",
    help:
      "Manages users and applications as the administrator who made it. Revoke it under Security, API, Tokens.",
    docsUrl: "https://developer.okta.com/docs/guides/create-an-api-token/main/",
    check: (secret) => ({ keep: /[A-Z]/.test(secret) && /[a-z]/.test(secret) }),
    samples: () => ["00" + base64url(40)],
  }),
  named({
    id: "okta-client-secret",
    name: "Okta client secret",
    vendor: "Okta",
    word: "okta",
    noun: "secret",
    variable: "OKTA_CLIENT_SECRET",
    value: "[A-Za-z0-9_-]{40}(?:[A-Za-z0-9_-]{24})?",
    help: poses("Applications, the application, General"),
    docsUrl: "https://developer.okta.com/docs/guides/client-secret-rotation-key/main/",
    check: (secret) => ({ keep: /[A-Z]/.test(secret) && /\d/.test(secret) }),
    samples: () => [base64url(40), base64url(64)],
  }),
  named({
    id: "auth0-client-secret",
    name: "Auth0 client secret",
    vendor: "Auth0",
    word: "auth0",
    noun: "secret",
    variable: "AUTH0_CLIENT_SECRET",
    value: "[A-Za-z0-9_-]{64}",
    help: poses("Applications, the application, Settings"),
    revokeUrl: "https://manage.auth0.com/",
    docsUrl: "https://auth0.com/docs/get-started/applications/rotate-client-secret",
    samples: () => [base64url(64)],
  }),
  named({
    id: "onelogin-client-secret",
    name: "OneLogin API secret",
    vendor: "OneLogin",
    severity: "critical",
    word: "onelogin|one_login",
    noun: "secret",
    variable: "ONELOGIN_CLIENT_SECRET",
    value: "[0-9a-f]{64}",
    help: "Manages users and applications. Delete it under Developers, API credentials.",
    docsUrl:
      "https://developers.onelogin.com/api-docs/1/getting-started/working-with-api-credentials",
    samples: () => [hex(64)],
  }),
  prefixed({
    id: "jumpcloud-api-key-v2",
    name: "JumpCloud API key",
    vendor: "JumpCloud",
    severity: "critical",
    prefix: "jca_",
    body: "[A-Za-z0-9]{36}",
    help:
      "Manages users and devices as the administrator who owns it. Regenerate it under My API key.",
    revokeUrl: "https://console.jumpcloud.com/",
    docsUrl: "https://docs.jumpcloud.com/api/2.0/index.html",
    samples: () => ["jca_" + alnum(36)],
  }),
  named({
    id: "jumpcloud-api-key",
    name: "JumpCloud API key (old)",
    vendor: "JumpCloud",
    severity: "critical",
    word: "jumpcloud",
    variable: "JUMPCLOUD_API_KEY",
    value: "[0-9a-f]{40}",
    help:
      "Manages users and devices as the administrator who owns it. Regenerate it under My API key.",
    revokeUrl: "https://console.jumpcloud.com/",
    docsUrl: "https://docs.jumpcloud.com/api/2.0/index.html",
    samples: () => [hex(40)],
  }),
  named({
    id: "duo-secret-key",
    name: "Duo secret key",
    vendor: "Duo",
    severity: "critical",
    word: "duo",
    noun: "skey|secret",
    variable: "DUO_SKEY",
    keywords: ["duo_", "duo-", "duosecurity", "skey"],
    value: "[A-Za-z0-9]{40}",
    help:
      "With the integration key it answers, or manages, second factors. Reset it under Applications.",
    revokeUrl: "https://admin.duosecurity.com/",
    docsUrl: "https://duo.com/docs/protecting-applications",
    samples: () => [alnum(40)],
    ignores: () => [`DUO_IKEY=DI${upper(18)}`],
  }),
  prefixed({
    id: "clerk-secret-key",
    name: "Clerk secret key",
    vendor: "Clerk",
    severity: "critical",
    prefix: ["sk_live_", "sk_test_"],
    keywords: ["clerk"],
    body: "[A-Za-z0-9]{42}",
    confidence: "high",
    check: (secret, { before }) =>
      !/clerk/i.test(before)
        ? { keep: false }
        : secret.startsWith("sk_test_")
        ? kept("test key", { severity: "low" })
        : { keep: true },
    help: poses("API keys"),
    revokeUrl: "https://dashboard.clerk.com/last-active?path=api-keys",
    docsUrl: "https://clerk.com/docs/deployments/clerk-environment-variables",
    samples: () => ["sk_live_" + alnum(42)],
    surroundings: (secret) => [`CLERK_SECRET_KEY=${secret}`, `clerk: { secretKey: "${secret}" }`],
    ignores: () => [`CLERK_PUBLISHABLE_KEY=pk_live_${alnum(42)}`],
  }),
  named({
    id: "workos-api-key",
    name: "WorkOS API key",
    vendor: "WorkOS",
    severity: "critical",
    word: "workos",
    noun: "",
    variable: "WORKOS_API_KEY",
    value: "sk_(?:test_|live_)?[A-Za-z0-9]{40,120}",
    confidence: "high",
    check: (secret) =>
      secret.startsWith("sk_test_") ? kept("test key", { severity: "low" }) : { keep: true },
    help: poses("API keys"),
    revokeUrl: "https://dashboard.workos.com/api-keys",
    docsUrl: "https://workos.com/docs/reference/api-keys",
    samples: () => ["sk_live_" + alnum(60)],
    ignores: () => [`WORKOS_CLIENT_ID=client_${upper(26)}`],
  }),
  prefixed({
    id: "stytch-secret",
    name: "Stytch secret",
    vendor: "Stytch",
    severity: "critical",
    prefix: ["secret-live-", "secret-test-"],
    body: "[A-Za-z0-9_-]{35}=",
    edge: "A-Za-z0-9_=-",
    check: (secret) =>
      secret.startsWith("secret-test-") ? kept("test key", { severity: "low" }) : { keep: true },
    help: poses("Project settings, Secrets"),
    revokeUrl: "https://stytch.com/dashboard/api-keys",
    docsUrl: "https://stytch.com/docs/workspace-management/stytch-cli/overview",
    samples: () => [`secret-live-${base64url(35)}=`],
    ignores: () => [`public-token-live-${uuid()}`],
  }),
  {
    id: "onepassword-service-account-token",
    name: "1Password service account token",
    vendor: "1Password",
    severity: "critical",
    confidence: "high",
    keywords: ["ops_eyj"],
    anchor: "keyword",
    marker: "ops_eyJ",
    window: { before: 0, after: 1600 },
    pattern: /(?<![A-Za-z0-9])ops_eyJ[A-Za-z0-9+/_-]{240,1500}={0,2}(?![A-Za-z0-9+/=_-])/,
    check: (secret) => {
      const inside = jsonFromBase64(secret.slice(4));
      if (inside === null) return { keep: true, confidence: "medium" };
      return kept(`signs in at ${String(inside["signInAddress"])}`);
    },
    help:
      "Reads, and perhaps changes, the vaults given to it. Revoke it under Developer, Service accounts.",
    revokeUrl: "https://my.1password.com/developer-tools/active/service-accounts",
    docsUrl: "https://developer.1password.com/docs/service-accounts/",
    version: 1,
    matches: () => {
      const key = "ops_" + toBase64(JSON.stringify({
        signInAddress: "my.1password.com",
        secretKey: `A3-${upper(6)}-${upper(6, 2)}`,
        srpX: hex(64),
        muk: { k: base64url(43) },
        throttleSecret: { seed: hex(64) },
      }));
      return [`OP_SERVICE_ACCOUNT_TOKEN=${key}`, `token: "${key}"`];
    },
    ignores: () => [`OP_SERVICE_ACCOUNT_TOKEN=ops_eyJ${alnum(50)}`, `x = "ops_eyJ..."`],
  },
  prefixed({
    id: "onepassword-secret-key",
    name: "1Password secret key",
    vendor: "1Password",
    severity: "critical",
    prefix: "A3-",
    body:
      "[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
    edge: "A-Za-z0-9-",
    help: "With the account password it opens all vaults. Regenerate it in the account settings.",
    revokeUrl: "https://my.1password.com/profile",
    docsUrl: "https://support.1password.com/secret-key-security/",
    samples: () => [
      `A3-${upper(6)}-${upper(11)}-${upper(5)}-${upper(5, 2)}-${upper(5, 3)}`,
      `A3-${upper(6)}-${upper(6, 2)}-${upper(5)}-${upper(5, 2)}-${upper(5, 3)}-${upper(5, 4)}`,
    ],
  }),
  named({
    id: "bitwarden-client-secret",
    name: "Bitwarden API client secret",
    vendor: "Bitwarden",
    severity: "critical",
    word: "bitwarden|bw_client",
    noun: "secret",
    variable: "BW_CLIENTSECRET",
    keywords: ["bitwarden", "bw_client"],
    value: "[A-Za-z0-9]{30}",
    help:
      "Signs in to the vault, which its master password then opens. Rotate it under Security, Keys.",
    revokeUrl: "https://vault.bitwarden.com/#/settings/security/security-keys",
    docsUrl: "https://bitwarden.com/help/personal-api-key/",
    samples: () => [alnum(30)],
  }),
  {
    id: "bitwarden-access-token",
    name: "Bitwarden Secrets Manager access token",
    vendor: "Bitwarden",
    severity: "critical",
    confidence: "high",
    keywords: ["bws_access_token", "bitwarden", "bws "],
    pattern: new RegExp(`(?<![A-Za-z0-9.])(0\\.${UUID}\\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==)`),
    help:
      "Reads, and perhaps changes, secrets of its projects. Revoke it under Machine accounts, Access tokens.",
    docsUrl: "https://bitwarden.com/help/access-tokens/",
    version: 1,
    matches: () => [
      `BWS_ACCESS_TOKEN=0.${uuid()}.${alnum(30)}:${base64(22)}==`,
      `bws secret list --access-token 0.${uuid(2)}.${alnum(30)}:${base64(22)}==`,
    ],
    ignores: () => [
      `BWS_ACCESS_TOKEN=0.${uuid()}.${alnum(20)}:${base64(22)}==`,
      "BWS_ACCESS_TOKEN=0.x.y:z==",
    ],
  },
  dopplerToken("personal", "personal", "dp.pt."),
  dopplerToken("service", "service", "dp.st.", "(?:[a-z0-9_-]{2,35}\\.)?"),
  dopplerToken("cli", "CLI", "dp.ct."),
  dopplerToken("service-account", "service account", "dp.sa."),
  dopplerToken("scim", "SCIM", "dp.scim."),
  dopplerToken("audit", "audit", "dp.audit."),
  prefixed({
    id: "infisical-service-token",
    name: "Infisical service token",
    vendor: "Infisical",
    severity: "critical",
    prefix: "st.",
    keywords: ["infisical"],
    body: "[0-9a-f]{24}\\.[0-9a-f]{32}\\.[0-9a-f]{32}",
    help:
      "Reads, and perhaps changes, a project's secrets. Delete it under Project settings, Service tokens.",
    docsUrl: "https://infisical.com/docs/documentation/platform/token",
    samples: () => [`st.${hex(24)}.${hex(32)}.${hex(32, 2)}`],
    surroundings: (secret) => [`INFISICAL_TOKEN=${secret}`, `infisical --token="${secret}"`],
  }),
  named({
    id: "infisical-client-secret",
    name: "Infisical machine identity secret",
    vendor: "Infisical",
    severity: "critical",
    word: "infisical",
    noun: "client_?secret|secret|universal_auth",
    variable: "INFISICAL_CLIENT_SECRET",
    value: "[0-9a-f]{64}",
    help:
      "Signs in as a machine identity and reads its secrets. Revoke it under Identities, Universal auth.",
    docsUrl: "https://infisical.com/docs/documentation/platform/identities/universal-auth",
    samples: () => [hex(64)],
  }),
  prefixed({
    id: "akeyless-access-key",
    name: "Akeyless access key beside its id",
    vendor: "Akeyless",
    severity: "critical",
    prefix: "p-",
    keywords: ["akeyless"],
    body: "[a-z0-9]{12,14}[a-z]{2}[\\s\\S]{1,60}?[\"'= :][A-Za-z0-9+/]{43}=",
    edge: "A-Za-z0-9+/=",
    help:
      "Reads, and perhaps changes, secrets by its role. Reset it under Users and authentication methods.",
    docsUrl: "https://docs.akeyless.io/docs/auth-with-api-key",
    samples: () => [`p-${lower(12)}am --access-key ${base64(43)}=`],
    surroundings: (secret) => [`akeyless auth --access-id ${secret}\n`, `akeyless: "${secret}"`],
  }),
  named({
    id: "lastpass-provisioning-hash",
    name: "LastPass provisioning hash",
    vendor: "LastPass",
    severity: "critical",
    word: "lastpass",
    noun: "hash|secret|provisioning",
    variable: "LASTPASS_PROVISIONING_HASH",
    value: "[0-9a-f]{64}",
    help:
      "Creates and removes users of the company's vaults. Reset it in the Admin Console, Enterprise API.",
    docsUrl:
      "https://support.lastpass.com/s/document-item?bundleId=lastpass&topicId=LastPass/api.html",
    samples: () => [hex(64, 2)],
  }),
  prefixed({
    id: "authress-service-key",
    name: "Authress service client access key",
    vendor: "Authress",
    prefix: ["sc_", "ext_", "scauth_", "authress_"],
    keywords: ["authress", ".acc_", ".acc-"],
    body: "[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
    edge: "A-Za-z0-9+/=_-",
    help: poses("Service clients"),
    revokeUrl: "https://authress.io/app/#/settings?focus=clients",
    docsUrl:
      "https://authress.io/knowledge-base/docs/authorization/service-clients/secrets-scanning",
    samples: () => [`sc_${lower(12)}.${lower(4)}.acc_${lower(12)}.${base64url(60)}`],
  }),
  named({
    id: "descope-management-key",
    name: "Descope management key",
    vendor: "Descope",
    severity: "critical",
    word: "descope",
    noun: "key|token|secret",
    variable: "DESCOPE_MANAGEMENT_KEY",
    value: "K[23][A-Za-z0-9]{50,80}",
    help: poses("Company, Management keys"),
    revokeUrl: "https://app.descope.com/settings/company/managementkeys",
    docsUrl: "https://docs.descope.com/",
    samples: () => ["K2" + alnum(60)],
  }),
  named({
    id: "keycloak-client-secret",
    name: "Keycloak client secret",
    vendor: "Keycloak",
    word: "keycloak|kc_",
    noun: "secret",
    variable: "KEYCLOAK_CLIENT_SECRET",
    value: `(?:${UUID}|[A-Za-z0-9]{32})`,
    help: poses("the client's Credentials"),
    docsUrl: "https://www.keycloak.org/docs/latest/server_admin/#_client-credentials",
    samples: () => [uuid(), alnum(32)],
  }),
];
