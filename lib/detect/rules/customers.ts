/** Tokens of services about customers: sales, support and surveys. */
import { textFromBase64 } from "../checks/base64.ts";
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, base64, hex, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const hubspot = {
  vendor: "HubSpot",
  docsUrl: "https://developers.hubspot.com/docs/guides/apps/private-apps/overview",
};

export const rules: readonly Rule[] = [
  prefixed({
    ...hubspot,
    id: "hubspot-private-app-token",
    name: "HubSpot private app token",
    prefix: ["pat-na1-", "pat-na2-", "pat-na3-", "pat-eu1-", "pat-ap1-"],
    body: UUID,
    help: readsAndChanges("contacts and deals", "Settings, Integrations, Private apps"),
    samples: () => ["pat-na1-" + uuid(), "pat-eu1-" + uuid(2)],
  }),
  named({
    ...hubspot,
    id: "hubspot-api-key",
    name: "HubSpot API key (ended in November 2022)",
    severity: "low",
    word: "hubspot|hapikey",
    noun: "",
    variable: "HUBSPOT_API_KEY",
    value: UUID,
    help: "HubSpot no longer accepts keys of this form, so it opens nothing there. Remove it.",
    samples: () => [uuid(3)],
  }),
  {
    id: "salesforce-session-id",
    name: "Salesforce access token",
    vendor: "Salesforce",
    severity: "medium",
    confidence: "high",
    keywords: ["00d"],
    anchor: "keyword",
    pattern:
      /(?<![A-Za-z0-9])00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?!A[QR][A-Za-z0-9_.]{85,110}(?![A-Za-z0-9_])/,
    help: "Acts as a user until its session ends. End the session under Setup, Session management.",
    docsUrl: "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_access_tokens.htm",
    version: 1,
    matches: () => [
      `Authorization: Bearer 00D${alnum(12)}!AQ${alnum(94)}`,
      `session = "00D${alnum(15)}!AR${alnum(94, 2)}"`,
    ],
    ignores: () => [`org = "00D${alnum(15)}"`, `x = "00D${alnum(12)}!AQ${alnum(20)}"`],
  },
  prefixed({
    id: "salesforce-refresh-token",
    name: "Salesforce refresh token",
    vendor: "Salesforce",
    prefix: "5Aep861",
    body: "[A-Za-z0-9._]{70,90}",
    edge: "A-Za-z0-9_",
    help:
      "Makes access tokens until it is revoked. Revoke it under Setup, Connected apps OAuth usage.",
    docsUrl:
      "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm",
    samples: () => ["5Aep861" + alnum(80)],
  }),
  named({
    id: "salesforce-consumer-secret",
    name: "Salesforce consumer secret",
    vendor: "Salesforce",
    word: "salesforce|sfdc|\\bsf",
    noun: "secret",
    variable: "SALESFORCE_CLIENT_SECRET",
    keywords: ["salesforce", "sfdc", "sf_client", "sf_consumer"],
    value: "[0-9A-F]{64}",
    help:
      "Lets anyone pose as the connected app. Rotate it under App Manager, Manage consumer details.",
    docsUrl:
      "https://help.salesforce.com/s/articleView?id=sf.connected_app_rotate_consumer_details.htm",
    samples: () => [hex(64).toUpperCase()],
  }),
  prefixed({
    id: "typeform-token",
    name: "Typeform personal access token",
    vendor: "Typeform",
    prefix: "tfp_",
    body: "[A-Za-z0-9_.=-]{59}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("forms and answers", "Settings, Personal tokens"),
    revokeUrl: "https://admin.typeform.com/user/tokens",
    docsUrl: "https://www.typeform.com/developers/get-started/personal-access-token/",
    samples: () => [`tfp_${alnum(44)}_${alnum(14)}`],
  }),
  prefixed({
    id: "beamer-api-token",
    name: "Beamer API token",
    vendor: "Beamer",
    severity: "medium",
    prefix: "b_",
    keywords: ["beamer"],
    body: "[A-Za-z0-9=_/+-]{44}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("announcements", "Settings, API"),
    revokeUrl: "https://app.getbeamer.com/settings#api",
    docsUrl: "https://www.getbeamer.com/api",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["b_" + base64(44)],
    surroundings: (secret) => [`BEAMER_API_KEY=${secret}`, `beamer("${secret}")`],
  }),
  named({
    id: "pipedrive-api-token",
    name: "Pipedrive API token",
    vendor: "Pipedrive",
    word: "pipedrive",
    variable: "PIPEDRIVE_API_TOKEN",
    value: "[0-9a-f]{40}",
    help: readsAndChanges("deals and contacts as its owner", "Personal preferences, API"),
    revokeUrl: "https://app.pipedrive.com/settings/api",
    docsUrl: "https://developers.pipedrive.com/docs/api/v1",
    samples: () => [hex(40, 3)],
  }),
  {
    id: "intercom-access-token",
    name: "Intercom access token",
    vendor: "Intercom",
    severity: "high",
    confidence: "high",
    keywords: ["dg9ro"],
    anchor: "keyword",
    pattern: /(?<![A-Za-z0-9])(dG9rO[A-Za-z0-9+/]{50,70}={0,2})(?![A-Za-z0-9+/=])/,
    check: (secret) => ({ keep: /^tok:[0-9a-f_]{30,45}/.test(textFromBase64(secret) ?? "") }),
    help:
      "Reads and writes conversations and contacts. Delete it in the developer hub, Authentication.",
    revokeUrl: "https://app.intercom.com/a/apps/_/developer-hub",
    docsUrl: "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
    version: 1,
    matches: () => {
      const whole = btoa(`tok:${hex(8)}_${hex(4)}_${hex(4)}_${hex(4)}_${hex(12)}:1:0`);
      return [`INTERCOM_TOKEN=${whole}`, `"accessToken": "${whole}"`];
    },
    ignores: () => [`INTERCOM_TOKEN=dG9rO${alnum(55)}`, `"dG9rOm${alnum(20)}"`],
  },
  named({
    id: "zendesk-api-token",
    name: "Zendesk API token",
    vendor: "Zendesk",
    word: "zendesk",
    variable: "ZENDESK_API_TOKEN",
    value: "[A-Za-z0-9]{40}",
    help:
      "Acts as an agent or administrator of the help desk. Deactivate it in the Admin Center, Zendesk API.",
    docsUrl: "https://support.zendesk.com/hc/en-us/articles/4408889192858",
    samples: () => [alnum(40, 2)],
  }),
];
