/** Tokens of maps, weather and travel, and of what is shipped. */
import { toBase64Url } from "../checks/base64.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, base64url, hex, lower } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const testKey = () => kept("test key", { severity: "low" as const });

export const rules: readonly Rule[] = [
  prefixed({
    id: "mapbox-secret-token",
    name: "Mapbox secret token",
    vendor: "Mapbox",
    prefix: "sk.eyJ1Ijoi",
    body: "[A-Za-z0-9_-]{30,150}\\.[A-Za-z0-9_-]{22}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("maps and tokens", "Account, Tokens"),
    revokeUrl: "https://console.mapbox.com/account/access-tokens/",
    docsUrl: "https://docs.mapbox.com/help/getting-started/access-tokens/",
    samples:
      () => ["sk." + toBase64Url(`{"u":"someone","a":"c${lower(24)}"}`) + "." + base64url(22)],
    ignores:
      () => ["pk." + toBase64Url(`{"u":"someone","a":"c${lower(24)}"}`) + "." + base64url(22)],
  }),
  prefixed({
    id: "duffel-token",
    name: "Duffel API token",
    vendor: "Duffel",
    prefix: ["duffel_live_", "duffel_test_"],
    body: "[A-Za-z0-9_=-]{43}",
    edge: "A-Za-z0-9_-",
    check: (secret) => secret.startsWith("duffel_test_") ? testKey() : { keep: true },
    help: "Books flights on the owner's bill. Revoke it under Developers, Access tokens.",
    revokeUrl: "https://app.duffel.com/",
    docsUrl: "https://duffel.com/docs/api/overview/making-requests/authentication",
    samples: () => ["duffel_live_" + base64url(43)],
  }),
  prefixed({
    id: "easypost-api-key",
    name: "EasyPost API key",
    vendor: "EasyPost",
    prefix: ["EZAK", "EZTK"],
    body: "[A-Za-z0-9]{54}",
    check: (secret) => secret.startsWith("EZTK") ? testKey() : { keep: true },
    help: "Buys postage on the owner's bill. Disable it under API keys.",
    revokeUrl: "https://app.easypost.com/account/api-keys",
    docsUrl: "https://docs.easypost.com/docs/authentication",
    samples: () => ["EZAK" + alnum(54), "EZTK" + alnum(54)],
  }),
  prefixed({
    id: "shippo-api-token",
    name: "Shippo API token",
    vendor: "Shippo",
    prefix: ["shippo_live_", "shippo_test_"],
    body: "[0-9a-f]{40}",
    check: (secret) => secret.startsWith("shippo_test_") ? testKey() : { keep: true },
    help: "Buys postage on the owner's bill. Revoke it under Settings, API.",
    revokeUrl: "https://apps.goshippo.com/settings/api",
    docsUrl: "https://docs.goshippo.com/docs/guides_general/authentication/",
    samples: () => ["shippo_live_" + hex(40)],
  }),
  named({
    id: "openweather-api-key",
    name: "OpenWeather API key",
    vendor: "OpenWeather",
    severity: "low",
    word: "openweather|api\\.openweathermap",
    noun: "key|appid|token",
    variable: "OPENWEATHER_API_KEY",
    keywords: ["openweather"],
    value: "[0-9a-f]{32}",
    help: "Asks for weather on the owner's quota. Delete it under My API keys.",
    revokeUrl: "https://home.openweathermap.org/api_keys",
    docsUrl: "https://openweathermap.org/appid",
    samples: () => [hex(32)],
  }),
  named({
    id: "maxmind-license-key",
    name: "MaxMind licence key",
    vendor: "MaxMind",
    severity: "medium",
    word: "maxmind|geoip|license",
    noun: "key",
    variable: "MAXMIND_LICENSE_KEY",
    keywords: ["_mmk", "maxmind"],
    value: "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
    confidence: "high",
    help: "Downloads databases on the owner's licence. Remove it under Manage license keys.",
    revokeUrl: "https://www.maxmind.com/en/accounts/current/license-key",
    docsUrl: "https://dev.maxmind.com/license-key/",
    samples: () => [`${alnum(6)}_${alnum(29)}_mmk`],
  }),
];
