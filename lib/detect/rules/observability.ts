/** Metrics, logs, errors and alarms. */
import { jsonFromBase64, toBase64 } from "../checks/base64.ts";
import { crc32Bytes } from "../checks/crc32.ts";
import { byChecksum, kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base32, base64, base64url, hex, lower, pick, upper, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const newRelic = {
  vendor: "New Relic",
  revokeUrl: "https://one.newrelic.com/api-keys",
  docsUrl: "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
};
const grafana = {
  vendor: "Grafana",
  docsUrl: "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
};
const sentry = {
  vendor: "Sentry",
  docsUrl: "https://docs.sentry.io/account/auth-tokens/",
};

/** Service account tokens end in the CRC-32 of what precedes the last underscore, low byte first. */
function grafanaSum(text: string): string {
  return Array.from(crc32Bytes(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const rules: readonly Rule[] = [
  named({
    id: "datadog-api-key",
    name: "Datadog API key",
    vendor: "Datadog",
    severity: "medium",
    word: "datadog|dd|ddog",
    noun: "api_?key|client_?token|key",
    variable: "DATADOG_API_KEY",
    keywords: ["datadog", "dd_api", "dd-api", "ddapi", "dd_app"],
    value: "[0-9a-f]{32}",
    help:
      "Sends metrics and logs into the organisation. Revoke it under Organization settings, API keys.",
    revokeUrl: "https://app.datadoghq.com/organization-settings/api-keys",
    docsUrl: "https://docs.datadoghq.com/account_management/api-app-keys/",
    samples: () => [hex(32)],
  }),
  named({
    id: "datadog-application-key",
    name: "Datadog application key",
    vendor: "Datadog",
    severity: "high",
    word: "datadog|dd|ddog",
    noun: "app\\w{0,8}_?key|application_?key|key",
    variable: "DATADOG_APP_KEY",
    keywords: ["datadog", "dd_app", "dd-app", "ddapp", "dd_api"],
    value: "(?:[0-9a-f]{40}|ddapp_[A-Za-z0-9]{34,40})",
    help:
      "With an API key it reads and changes monitors, dashboards and logs as its owner. Revoke it under Application keys.",
    revokeUrl: "https://app.datadoghq.com/organization-settings/application-keys",
    docsUrl: "https://docs.datadoghq.com/account_management/api-app-keys/",
    samples: () => [hex(40)],
  }),
  prefixed({
    ...newRelic,
    id: "new-relic-user-key",
    name: "New Relic user key",
    prefix: "NRAK-",
    body: "[A-Z0-9]{27}",
    help: "Reads and changes what its owner may. Delete it under API keys.",
    samples: () => ["NRAK-" + upper(27)],
  }),
  prefixed({
    ...newRelic,
    id: "new-relic-insights-key",
    name: "New Relic Insights query or insert key",
    severity: "medium",
    prefix: ["NRIQ-", "NRII-"],
    body: "[A-Za-z0-9_-]{32}",
    edge: "A-Za-z0-9_-",
    help: "Reads, or sends, events of the account. Delete it under API keys, Insights.",
    samples: () => ["NRIQ-" + base64url(32), "NRII-" + base64url(32)],
  }),
  prefixed({
    ...newRelic,
    id: "new-relic-admin-or-rest-key",
    name: "New Relic admin or REST API key (old)",
    prefix: ["NRAA-", "NRRA-"],
    body: "[0-9a-f]{27,42}",
    help: "Reads and changes the account's data. Delete it under API keys.",
    samples: () => ["NRAA-" + hex(27), "NRRA-" + hex(42)],
  }),
  {
    id: "new-relic-license-key",
    name: "New Relic licence key",
    ...newRelic,
    severity: "medium",
    confidence: "high",
    keywords: ["nral"],
    pattern: /(?<![A-Za-z0-9])((?:eu01xx|us01xx)?[0-9a-fA-F]{30,36}NRAL)(?![A-Za-z0-9])/,
    check: (secret) => ({ keep: secret.length === 40 && new Set(secret).size > 8 }),
    help: "Sends telemetry into the account. Delete it under API keys, Ingest - license.",
    version: 1,
    matches: () => [`NEW_RELIC_LICENSE_KEY=${hex(36)}NRAL`, `license: "eu01xx${hex(30)}NRAL"`],
    ignores: () => [`license: "${hex(30)}NRAL"`, `license: "${"x".repeat(36)}NRAL"`],
  },
  prefixed({
    ...grafana,
    id: "grafana-service-account-token",
    name: "Grafana service account token",
    prefix: "glsa_",
    body: "[A-Za-z0-9]{32}_[0-9a-f]{8}",
    check: (secret) => byChecksum(grafanaSum(secret.slice(0, -9)) === secret.slice(-8)),
    help:
      "Reads and changes dashboards and data sources, by its role. Delete it under Administration, Service accounts.",
    samples: () => {
      const head = "glsa_" + alnum(32);
      return [`${head}_${grafanaSum(head)}`];
    },
  }),
  prefixed({
    ...grafana,
    id: "grafana-cloud-token",
    name: "Grafana Cloud access policy token",
    severity: "critical",
    prefix: "glc_eyJ",
    body: "[A-Za-z0-9+/]{60,380}={0,2}",
    edge: "A-Za-z0-9+/=",
    check: (secret) => {
      const inside = jsonFromBase64(secret.slice(4));
      return inside === null
        ? { keep: true, confidence: "medium" }
        : kept(`of organisation ${String(inside["o"])}`);
    },
    help:
      "Reads or sends telemetry and manages stacks, by its scopes. Delete it under Security, Access policies.",
    revokeUrl: "https://grafana.com/profile/org",
    samples:
      () => ["glc_" + toBase64(`{"o":"123456","n":"name","k":"${alnum(24)}","m":{"r":"eu"}}`)],
  }),
  {
    ...grafana,
    id: "grafana-legacy-api-key",
    name: "Grafana API key (old)",
    severity: "high",
    confidence: "high",
    // {"k":" in base64.
    keywords: ["eyjrijoi"],
    anchor: "keyword",
    pattern: /(?<![A-Za-z0-9+/])(eyJrIjoi[A-Za-z0-9+/]{60,380}={0,2})(?![A-Za-z0-9+/=])/,
    check: (secret) => {
      const inside = jsonFromBase64(secret);
      return { keep: inside !== null && "k" in inside && "n" in inside && "id" in inside };
    },
    help: "Reads and changes dashboards, by its role. Delete it under Administration, API keys.",
    version: 1,
    matches: () => {
      const key = toBase64(`{"k":"${alnum(32)}","n":"name","id":1}`);
      return [`GRAFANA_API_KEY=${key}`, `Authorization: Bearer ${key}`];
    },
    ignores:
      () => [`GRAFANA_API_KEY=eyJrIjoi${alnum(70)}`, `x = "${toBase64(`{"k":"${alnum(60)}"}`)}"`],
  },
  prefixed({
    ...sentry,
    id: "sentry-organization-token",
    name: "Sentry organisation token",
    prefix: "sntrys_eyJ",
    body: "[A-Za-z0-9+/]{80,300}={0,2}_[A-Za-z0-9+/]{43}",
    edge: "A-Za-z0-9+/=",
    check: (secret) => {
      const inside = jsonFromBase64(secret.slice(7, secret.lastIndexOf("_")));
      return inside === null
        ? { keep: true, confidence: "medium" }
        : kept(`of organisation ${String(inside["org"])}`);
    },
    help: "Uploads releases and source maps. Revoke it under Organization settings, Auth tokens.",
    revokeUrl: "https://sentry.io/settings/auth-tokens/",
    samples: () => [
      `sntrys_${
        toBase64(
          '{"iat":1700000000.1,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"acme"}',
        )
      }_${base64(43)}`,
    ],
    ignores: () => [`https://${hex(32)}@o1.ingest.sentry.io/2`],
  }),
  prefixed({
    ...sentry,
    id: "sentry-user-token",
    name: "Sentry user token",
    prefix: "sntryu_",
    body: "[0-9a-f]{64}",
    help: "Acts as its owner, by its scopes. Revoke it under User settings, Personal tokens.",
    revokeUrl: "https://sentry.io/settings/account/api/auth-tokens/",
    samples: () => ["sntryu_" + hex(64)],
  }),
  prefixed({
    ...sentry,
    id: "sentry-integration-token",
    name: "Sentry internal integration or application token",
    prefix: ["sntryi_", "sntrya_"],
    body: "[0-9a-f]{64}",
    help:
      "Acts as an integration, by its permissions. Revoke it under Settings, Custom integrations.",
    revokeUrl: "https://sentry.io/settings/developer-settings/",
    samples: () => ["sntryi_" + hex(64)],
  }),
  named({
    ...sentry,
    id: "sentry-legacy-token",
    name: "Sentry auth token of 64 digits",
    word: "sentry",
    noun: "token|auth|api_?key",
    variable: "SENTRY_AUTH_TOKEN",
    value: "[0-9a-f]{64}",
    help: "Acts as its owner, by its scopes. Revoke it under User settings, Personal tokens.",
    revokeUrl: "https://sentry.io/settings/account/api/auth-tokens/",
    samples: () => [hex(64)],
  }),
  prefixed({
    id: "honeycomb-ingest-key",
    name: "Honeycomb ingest key",
    vendor: "Honeycomb",
    severity: "medium",
    prefix: ["hcaik_", "hcbik_", "hceik_"],
    body: "[a-z0-9]{58}",
    help: "Sends events into an environment. Disable it under Environment settings, API keys.",
    revokeUrl: "https://ui.honeycomb.io/",
    docsUrl: "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
    samples: () => ["hcaik_01" + lower(56)],
  }),
  prefixed({
    id: "honeycomb-management-key",
    name: "Honeycomb management key",
    vendor: "Honeycomb",
    prefix: ["hcamk_", "hcxmk_"],
    body: "[a-z0-9]{26}:[A-Za-z0-9]{32}",
    help: "Manages a team's environments and keys. Delete it under Team settings, API keys.",
    revokeUrl: "https://ui.honeycomb.io/",
    docsUrl: "https://docs.honeycomb.io/configure/teams/manage-api-keys/",
    samples: () => [`hcamk_01${lower(24)}:${alnum(32)}`],
  }),
  named({
    id: "honeycomb-classic-key",
    name: "Honeycomb configuration key",
    vendor: "Honeycomb",
    severity: "medium",
    word: "honeycomb",
    noun: "key|team|token",
    variable: "HONEYCOMB_API_KEY",
    value: "(?:[0-9a-f]{32}|[A-Za-z0-9]{22})",
    help:
      "Sends events and perhaps changes boards. Disable it under Environment settings, API keys.",
    revokeUrl: "https://ui.honeycomb.io/",
    docsUrl: "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
    samples: () => [hex(32), alnum(22)],
  }),
  prefixed({
    id: "dynatrace-api-token",
    name: "Dynatrace access token",
    vendor: "Dynatrace",
    prefix: ["dt0c01.", "dt0s01.", "dt0s02.", "dt0s03.", "dt0s04.", "dt0s08.", "dt0s16."],
    body: "[A-Z2-7]{8,24}\\.[A-Z2-7]{64}",
    help:
      "Reads and changes an environment or account, by its scopes. Delete it under Access tokens.",
    docsUrl:
      "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    samples: () => [`dt0c01.${base32(24)}.${base32(64)}`],
  }),
  named({
    id: "rollbar-access-token",
    name: "Rollbar access token",
    vendor: "Rollbar",
    severity: "medium",
    word: "rollbar",
    noun: "token|key|secret",
    variable: "ROLLBAR_ACCESS_TOKEN",
    value: "[0-9a-f]{32}",
    help:
      "Sends, or with more scopes reads, errors. Delete it under Project settings, Access tokens.",
    revokeUrl: "https://app.rollbar.com/",
    docsUrl: "https://docs.rollbar.com/docs/access-tokens",
    samples: () => [hex(32, 2)],
    ignores: () => [`ROLLBAR_POST_CLIENT_ITEM_HASH=${hex(32, 2)}`],
  }),
  named({
    id: "bugsnag-api-key",
    name: "Bugsnag API key",
    vendor: "Bugsnag",
    severity: "low",
    word: "bugsnag",
    noun: "api_?key|key",
    variable: "BUGSNAG_API_KEY",
    value: "[0-9a-f]{32}",
    help:
      "Sends errors into the project; apps carry it by design. Regenerate it under Project settings when it is abused.",
    docsUrl: "https://docs.bugsnag.com/api/error-reporting/",
    samples: () => [hex(32, 3)],
  }),
  named({
    id: "splunk-hec-token",
    name: "Splunk HTTP event collector token",
    vendor: "Splunk",
    severity: "medium",
    word: "splunk|\\bhec",
    noun: "token|authorization|hec|key",
    variable: "SPLUNK_HEC_TOKEN",
    keywords: ["splunk", "hec_token", "hec-token"],
    value: UUID,
    help: "Sends events into indexes. Delete it under Data inputs, HTTP Event Collector.",
    docsUrl: "https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector",
    samples: () => [uuid()],
  }),
  named({
    id: "splunk-observability-token",
    name: "Splunk Observability (SignalFx) access token",
    vendor: "Splunk",
    severity: "medium",
    word: "signalfx|sfx|splunk_access",
    noun: "token|key",
    variable: "SIGNALFX_ACCESS_TOKEN",
    keywords: ["signalfx", "sfx_", "splunk_access"],
    value: "[A-Za-z0-9_-]{22}",
    help: "Sends, or with more scopes reads, metrics. Rotate it under Settings, Access tokens.",
    docsUrl: "https://help.splunk.com/en/splunk-observability-cloud",
    samples: () => [alnum(22)],
  }),
  named({
    id: "sumo-logic-access-key",
    name: "Sumo Logic access key",
    vendor: "Sumo Logic",
    word: "sumo",
    noun: "access_?key|secret|key",
    variable: "SUMOLOGIC_ACCESS_KEY",
    keywords: ["sumo"],
    value: "[A-Za-z0-9]{64}",
    help:
      "With its id it reads and changes what its owner may. Delete it under Preferences, My access keys.",
    docsUrl: "https://help.sumologic.com/docs/manage/security/access-keys/",
    samples: () => [alnum(64)],
    ignores: () => [`SUMO_ACCESS_ID=su${alnum(12)}`],
  }),
  prefixed({
    id: "sumo-logic-collector-url",
    name: "Sumo Logic collector address",
    vendor: "Sumo Logic",
    severity: "medium",
    prefix: "sumologic.com/receiver/v1/http/",
    body: "[A-Za-z0-9+/_-]{80,180}={0,2}",
    edge: "A-Za-z0-9+/=_-",
    help: "Sends logs into the account. Regenerate the address of the source.",
    docsUrl: "https://help.sumologic.com/docs/send-data/hosted-collectors/http-source/",
    samples: () => ["sumologic.com/receiver/v1/http/" + base64(100) + "=="],
    surroundings: (secret) => [
      `https://endpoint4.collection.${secret}`,
      `url = "https://collectors.de.${secret}"`,
    ],
  }),
  named({
    id: "logz-shipping-token",
    name: "Logz.io token",
    vendor: "Logz.io",
    severity: "medium",
    word: "logz",
    noun: "token|key",
    variable: "LOGZIO_TOKEN",
    keywords: ["logz.io", "logzio", "logz_io"],
    value: `(?:[A-Za-z]{32}|${UUID})`,
    mixed: false,
    check: (secret) => ({ keep: secret.includes("-") || /[a-z][A-Z]/.test(secret) }),
    help: "Sends logs, or as an API token reads them. Delete it under Settings, Manage tokens.",
    revokeUrl: "https://app.logz.io/#/dashboard/settings/manage-tokens",
    docsUrl: "https://docs.logz.io/docs/user-guide/admin/authentication-tokens/",
    samples: () => [pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 32), uuid()],
  }),
  named({
    id: "loggly-token",
    name: "Loggly customer token",
    vendor: "SolarWinds",
    severity: "medium",
    word: "loggly",
    noun: "token|inputs",
    variable: "LOGGLY_TOKEN",
    value: UUID,
    help: "Sends logs into the account. Retire it under Source setup, Customer tokens.",
    docsUrl:
      "https://documentation.solarwinds.com/en/success_center/loggly/content/admin/customer-token-authentication-token.htm",
    samples: () => [uuid(3)],
  }),
  prefixed({
    id: "axiom-token",
    name: "Axiom API or personal token",
    vendor: "Axiom",
    prefix: ["xaat-", "xapt-"],
    body: UUID,
    help: "Reads or sends events, by its rights. Delete it under Settings, API tokens or Profile.",
    revokeUrl: "https://app.axiom.co/settings/api-tokens",
    docsUrl: "https://axiom.co/docs/reference/tokens",
    samples: () => ["xaat-" + uuid(), "xapt-" + uuid(2)],
  }),
  prefixed({
    id: "logfire-token",
    name: "Pydantic Logfire token",
    vendor: "Pydantic",
    severity: "medium",
    prefix: ["pylf_v1_us_", "pylf_v1_eu_", "pylf_v2_us_", "pylf_v2_eu_"],
    body: "[A-Za-z0-9]{40,60}",
    help: "Sends, or as a read token reads, traces. Delete it under Project settings.",
    revokeUrl: "https://logfire.pydantic.dev/",
    docsUrl: "https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/",
    samples: () => ["pylf_v1_eu_" + alnum(43)],
  }),
  named({
    id: "pagerduty-api-key",
    name: "PagerDuty API key",
    vendor: "PagerDuty",
    word: "pagerduty|pager_duty|\\bpd_",
    noun: "token|key|secret",
    variable: "PAGERDUTY_API_KEY",
    keywords: ["pagerduty", "pager_duty", "pd_api"],
    value: "(?:[A-Za-z0-9_+-]{20}|[0-9a-f]{32})",
    help:
      "Reads and changes incidents and schedules. Delete it under Integrations, API access keys.",
    docsUrl: "https://support.pagerduty.com/main/docs/api-access-keys",
    check: (secret) => ({ keep: secret.length === 32 || /[A-Z]/.test(secret) }),
    samples: () => [alnum(20), hex(32, 6)],
  }),
];
