/** Google: API keys, OAuth secrets and tokens, service accounts, Firebase. */
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64, base64url, digits, hex, upper } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const vendor = "Google";
const console = "https://console.cloud.google.com/apis/credentials";

/** Keys of Firebase web apps and maps stand in pages by design; others cost money. */
function readApiKey(around: string) {
  return /firebase|authDomain|messagingSenderId|google-services|maps\.google|maps\/api\/js/i.test(
      around,
    )
    ? kept("a browser key, public by design when it is restricted", {
      severity: "low" as const,
    })
    : { keep: true };
}

export const rules: readonly Rule[] = [
  prefixed({
    id: "google-api-key",
    name: "Google API key",
    vendor,
    severity: "medium",
    prefix: "AIza",
    body: "[0-9A-Za-z_-]{35}",
    edge: "A-Za-z0-9_-",
    check: (_, { before, after, above }) => readApiKey(above + before + after),
    help:
      "Calls the Google APIs it is allowed to on the project's bill; without restrictions that may be all, Gemini included. Restrict or delete it under APIs and services, Credentials.",
    revokeUrl: console,
    docsUrl: "https://cloud.google.com/docs/authentication/api-keys",
    samples: () => ["AIza" + base64url(35), "AIza" + base64url(35, 4)],
    ignores: () => ["AIza" + base64url(36)],
  }),
  prefixed({
    id: "google-gemini-key",
    name: "Google Gemini API key (bound to a service account)",
    vendor,
    prefix: "AQ.Ab8RN6",
    body: "[0-9A-Za-z_-]{40,60}",
    edge: "A-Za-z0-9_-",
    help: "Calls Gemini on the project's bill. Delete it in AI Studio, API keys.",
    revokeUrl: "https://aistudio.google.com/app/apikey",
    docsUrl: "https://cloud.google.com/docs/authentication/api-keys",
    samples: () => ["AQ.Ab8RN6" + base64url(44)],
  }),
  prefixed({
    id: "google-oauth-client-secret",
    name: "Google OAuth client secret",
    vendor,
    prefix: "GOCSPX-",
    body: "[0-9A-Za-z_-]{28}",
    edge: "A-Za-z0-9_-",
    help:
      "Lets anyone pose as the application; for installed apps Google does not hold it to be secret. Add a new secret and delete this one under Credentials.",
    revokeUrl: console,
    docsUrl: "https://developers.google.com/identity/protocols/oauth2",
    samples: () => ["GOCSPX-" + base64url(28)],
    ignores: () => [`${digits(12)}-${alnum(32)}.apps.googleusercontent.com`],
  }),
  prefixed({
    id: "google-oauth-access-token",
    name: "Google OAuth access token",
    vendor,
    severity: "low",
    prefix: "ya29.",
    body: "(?:[a-z]\\.)?[0-9A-Za-z_-]{40,1200}",
    window: { before: 0, after: 1400 },
    edge: "A-Za-z0-9_-",
    help: "Acts for a user or service account for an hour. It has most likely ended already.",
    revokeUrl: "https://myaccount.google.com/connections",
    docsUrl: "https://developers.google.com/identity/protocols/oauth2#expiration",
    samples: () => ["ya29." + base64url(180)],
  }),
  prefixed({
    id: "google-oauth-refresh-token",
    name: "Google OAuth refresh token",
    vendor,
    prefix: "1//0",
    body: "[0-9a-h][0-9A-Za-z_-]{40,200}",
    edge: "A-Za-z0-9_-",
    help:
      "With the client's secret it gives access tokens until it is revoked. Remove the application under Third-party connections.",
    revokeUrl: "https://myaccount.google.com/connections",
    docsUrl:
      "https://developers.google.com/identity/protocols/oauth2#5.-refresh-the-access-token,-if-necessary.",
    samples: () => ["1//0g" + base64url(98)],
    ignores: () => ["https://host/v1//0gallery-of-pictures-and-such/with/a/path"],
    check: (secret) => ({ keep: /\d.*\d/.test(secret.slice(5)) && /[A-Z].*[A-Z]/.test(secret) }),
  }),
  {
    id: "google-service-account-key",
    name: "Google service account key",
    vendor,
    keywords: ['"private_key_id"'],
    pattern: new RegExp(
      '"private_key_id"\\s{0,4}:\\s{0,4}"[0-9a-f]{40}"\\s{0,8},\\s{0,20}"private_key"\\s{0,4}:\\s{0,4}"(-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\\\\\\n ]{800,3400}-----END PRIVATE KEY-----)',
    ),
    marker: '"private_key_id"',
    window: { before: 0, after: 4000 },
    severity: "critical",
    confidence: "high",
    check: (_, { match }) =>
      kept(`key id ${/"([0-9a-f]{40})"/.exec(match)?.[1]?.slice(0, 8) ?? "unknown"}…`),
    help:
      "Signs in as the service account, with all its roles. Delete the key under IAM, Service accounts, Keys.",
    revokeUrl: "https://console.cloud.google.com/iam-admin/serviceaccounts",
    docsUrl: "https://cloud.google.com/iam/docs/keys-create-delete",
    version: 1,
    matches: () => {
      const key = `-----BEGIN PRIVATE KEY-----\\n${base64(1600)}\\n-----END PRIVATE KEY-----`;
      return [
        `{"type": "service_account",\n  "private_key_id": "${
          hex(40)
        }",\n  "private_key": "${key}\\n"}`,
        `{"private_key_id":"${hex(40)}","private_key":"${key}"}`,
      ];
    },
    ignores: () => [
      `{"private_key_id": "${hex(40)}", "private_key": "-----BEGIN PRIVATE KEY-----\\n...\\n"}`,
      `{"private_key_id": "${hex(40)}", "client_id": "${digits(21)}"}`,
    ],
  },
  prefixed({
    id: "google-storage-hmac-id",
    name: "Google Cloud Storage HMAC key id of a service account",
    vendor,
    severity: "medium",
    prefix: "GOOG1E",
    body: "[A-Z0-9]{55}",
    help:
      "With its secret it reads and writes buckets. Deactivate and delete it under Cloud Storage, Settings, Interoperability.",
    revokeUrl: "https://console.cloud.google.com/storage/settings;tab=interoperability",
    docsUrl: "https://cloud.google.com/storage/docs/authentication/hmackeys",
    samples: () => ["GOOG1E" + upper(55)],
  }),
  prefixed({
    id: "firebase-cloud-messaging-key",
    name: "Firebase Cloud Messaging server key (legacy)",
    vendor,
    severity: "medium",
    prefix: "AAAA",
    keywords: [":apa91b"],
    body: "[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}",
    edge: "A-Za-z0-9_-",
    help:
      "Sent messages to all devices of the app; the legacy interface ended in 2024. Delete it under Firebase, Project settings, Cloud Messaging.",
    revokeUrl: "https://console.firebase.google.com/",
    docsUrl: "https://firebase.google.com/docs/cloud-messaging/migrate-v1",
    samples: () => [`AAAA${base64url(7)}:APA91b${base64url(134)}`],
  }),
  named({
    id: "google-recaptcha-secret",
    name: "reCAPTCHA secret key",
    vendor,
    severity: "medium",
    word: "captcha",
    noun: "secret|private_?key",
    variable: "RECAPTCHA_SECRET_KEY",
    keywords: ["captcha"],
    value: "6[LM][0-9A-Za-z_-]{38}",
    help:
      "Verifies answers in the site's name. Make a new pair of keys in the reCAPTCHA console; the site key is public.",
    revokeUrl: "https://www.google.com/recaptcha/admin",
    docsUrl: "https://developers.google.com/recaptcha/docs/verify",
    samples: () => ["6Le" + base64url(37)],
    ignores: () => [`RECAPTCHA_SITE_KEY=6Le${base64url(37)}`, `data-sitekey="6Le${base64url(37)}"`],
  }),
];
