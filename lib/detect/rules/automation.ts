/** Tokens of services that join others and run small jobs. */
import type { Rule } from "../rule.ts";
import { alnum, base64url, digits, lower } from "./samples.ts";
import { prefixed } from "./shapes.ts";

const acts = (what: string, where: string) =>
  `Reads and changes ${what}, by its rights. Delete it under ${where}.`;

export const rules: readonly Rule[] = [
  prefixed({
    id: "zapier-webhook",
    name: "Zapier webhook",
    vendor: "Zapier",
    severity: "low",
    prefix: "hooks.zapier.com/hooks/catch/",
    body: "\\d{5,9}/(?:[a-z0-9]{2,6}/)?[a-z0-9]{6,8}",
    edge: "A-Za-z0-9",
    confidence: "medium",
    help: "Starts one Zap. Make a new trigger in it.",
    docsUrl: "https://help.zapier.com/hc/en-us/articles/8496288690317",
    check: (secret) => ({ keep: !/\/(?:123456|abcde)/.test(secret) }),
    samples: () => [`hooks.zapier.com/hooks/catch/${digits(8)}/${lower(7)}`],
    ignores: () => ["https://hooks.zapier.com/hooks/catch/" + "123456/" + "abcde"],
  }),
  prefixed({
    id: "ifttt-webhook-key",
    name: "IFTTT webhook key",
    vendor: "IFTTT",
    severity: "medium",
    prefix: "maker.ifttt.com/trigger/",
    body: "[A-Za-z0-9_{}-]{1,60}/(?:json/)?with/key/[A-Za-z0-9_-]{21,43}",
    edge: "A-Za-z0-9_-",
    help: "Starts its owner's applets. Regenerate it under Webhooks, Settings.",
    revokeUrl: "https://ifttt.com/maker_webhooks/settings",
    docsUrl: "https://help.ifttt.com/hc/en-us/articles/115010230347",
    samples: () => [`maker.ifttt.com/trigger/door/with/key/${base64url(22)}`],
  }),
  prefixed({
    id: "adafruit-io-key",
    name: "Adafruit IO key",
    vendor: "Adafruit",
    severity: "medium",
    prefix: "aio_",
    body: "[A-Za-z0-9]{28}",
    help: acts("feeds and dashboards", "My key"),
    revokeUrl: "https://io.adafruit.com/",
    docsUrl: "https://learn.adafruit.com/welcome-to-adafruit-io/securing-your-io-account",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["aio_" + alnum(28)],
  }),
  prefixed({
    id: "scalingo-token",
    name: "Scalingo API token",
    vendor: "Scalingo",
    prefix: "tk-us-",
    body: "[A-Za-z0-9_-]{48}",
    edge: "A-Za-z0-9_-",
    help: acts("applications", "Account, API tokens"),
    revokeUrl: "https://dashboard.scalingo.com/account/tokens",
    docsUrl: "https://developers.scalingo.com/tokens",
    samples: () => ["tk-us-" + base64url(48)],
  }),
  prefixed({
    id: "apify-api-token",
    name: "Apify API token",
    vendor: "Apify",
    prefix: "apify_api_",
    body: "[A-Za-z0-9]{34,36}",
    help: acts("actors and their data, on the owner's bill,", "Settings, API and integrations"),
    revokeUrl: "https://console.apify.com/settings/integrations",
    docsUrl: "https://docs.apify.com/platform/integrations/api",
    samples: () => ["apify_api_" + alnum(36)],
  }),
];
