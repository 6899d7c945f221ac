/** Tokens of tools for planning, designing and meeting. */
import { textFromBase64, toBase64Url } from "../checks/base64.ts";
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, base64url, digits, hex, upper, uuid } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const linear = {
  vendor: "Linear",
  revokeUrl: "https://linear.app/settings/account/security",
  docsUrl: "https://linear.app/developers/graphql",
};

export const rules: readonly Rule[] = [
  prefixed({
    id: "figma-token",
    name: "Figma personal access token",
    vendor: "Figma",
    severity: "medium",
    prefix: ["figd_", "figo_", "figu_"],
    body: "[A-Za-z0-9_-]{40,52}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("files and comments", "Settings, Security, Personal access tokens"),
    revokeUrl: "https://www.figma.com/settings",
    docsUrl: "https://developers.figma.com/docs/rest-api/authentication/",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["figd_" + base64url(40)],
  }),
  prefixed({
    ...linear,
    id: "linear-api-key",
    name: "Linear API key",
    prefix: "lin_api_",
    body: "[A-Za-z0-9]{40}",
    help: readsAndChanges("issues and projects as its owner", "Settings, Security and access"),
    samples: () => ["lin_api_" + alnum(40)],
  }),
  prefixed({
    ...linear,
    id: "linear-oauth-token",
    name: "Linear OAuth token",
    prefix: "lin_oauth_",
    body: "[0-9a-f]{64}",
    help: readsAndChanges("issues and projects for a person", "Settings, Applications"),
    samples: () => ["lin_oauth_" + hex(64)],
  }),
  prefixed({
    ...linear,
    id: "linear-webhook-secret",
    name: "Linear webhook secret",
    severity: "medium",
    prefix: "lin_wh_",
    body: "[A-Za-z0-9]{40}",
    help: "Lets anyone forge events to the webhook. Make the webhook anew under Settings, API.",
    samples: () => ["lin_wh_" + alnum(40)],
  }),
  {
    id: "asana-token",
    name: "Asana personal access token",
    vendor: "Asana",
    severity: "high",
    confidence: "high",
    keywords: ["asana"],
    pattern:
      /asana[^\n]{0,60}?["'= :]([0-2]\/\d{13,17}(?:\/\d{13,17})?:[0-9a-f]{32})(?![A-Za-z0-9])/i,
    help: readsAndChanges("tasks and projects as its owner", "Settings, Apps, Developer apps"),
    revokeUrl: "https://app.asana.com/0/my-apps",
    docsUrl: "https://developers.asana.com/docs/personal-access-token",
    version: 1,
    matches: () => [
      `ASANA_TOKEN=2/${digits(16)}/${digits(16, 2)}:${hex(32)}`,
      `asana: { token: "1/${digits(16)}:${hex(32)}" }`,
    ],
    ignores: () => [
      `asana https://app.asana.com/0/${digits(16)}/${digits(16)}`,
      `asana = "1/${digits(16)}:${hex(12)}"`,
    ],
  },
  named({
    id: "asana-client-secret",
    name: "Asana client secret",
    vendor: "Asana",
    word: "asana",
    noun: "secret",
    variable: "ASANA_CLIENT_SECRET",
    value: "[0-9a-f]{32}",
    help: "Lets anyone pose as the application. Reset it in the developer console.",
    revokeUrl: "https://app.asana.com/0/my-apps",
    docsUrl: "https://developers.asana.com/docs/oauth",
    samples: () => [hex(32)],
  }),
  prefixed({
    id: "clickup-token",
    name: "ClickUp personal API token",
    vendor: "ClickUp",
    prefix: "pk_",
    body: "\\d{6,9}_[A-Z0-9]{32}",
    help: readsAndChanges("tasks as its owner", "Settings, Apps"),
    revokeUrl: "https://app.clickup.com/settings/apps",
    docsUrl: "https://developer.clickup.com/docs/authentication",
    samples: () => [`pk_${digits(8)}_${upper(32)}`],
  }),
  {
    id: "monday-token",
    name: "monday.com API token",
    vendor: "monday.com",
    severity: "high",
    confidence: "high",
    keywords: ["eyjhbgcioijiuzi1nij9.eyj0awqi"],
    anchor: "keyword",
    pattern:
      /(?<![A-Za-z0-9_-])eyJhbGciOiJIUzI1NiJ9\.eyJ0aWQi[A-Za-z0-9_-]{60,250}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/,
    check: (secret) => ({
      keep: /"uid":\d+.*"actid":\d+/.test(textFromBase64(secret.split(".")[1]!) ?? ""),
    }),
    help: readsAndChanges("boards as its owner", "Developers, My access tokens"),
    docsUrl: "https://developer.monday.com/api-reference/docs/authentication",
    version: 1,
    matches: () => {
      const head = toBase64Url('{"alg":"HS256"}');
      const body = toBase64Url(
        '{"tid":123456789,"aai":11,"uid":12345678,"iad":"2024-01-01T00:00:00.000Z","per":"me:write","actid":1234567,"rgn":"use1"}',
      );
      return [
        `MONDAY_TOKEN=${head}.${body}.${base64url(43)}`,
        `token: "${head}.${body}.${base64url(43, 2)}"`,
      ];
    },
    ignores: () => [
      `token: "${toBase64Url('{"alg":"HS256"}')}.eyJ0aWQi${alnum(80)}.${base64url(43)}"`,
      `token: "${toBase64Url('{"alg":"HS256"}')}.${toBase64Url('{"sub":"1"}')}.${base64url(43)}"`,
    ],
  },
  prefixed({
    id: "cal-com-api-key",
    name: "Cal.com API key",
    vendor: "Cal.com",
    prefix: "cal_live_",
    body: "[0-9a-f]{32}",
    help: readsAndChanges("its owner's bookings", "Settings, Developer, API keys"),
    revokeUrl: "https://app.cal.com/settings/developer/api-keys",
    docsUrl: "https://cal.com/docs/api-reference/v1/introduction",
    samples: () => ["cal_live_" + hex(32)],
  }),
  {
    id: "calendly-token",
    name: "Calendly personal access token",
    vendor: "Calendly",
    severity: "medium",
    confidence: "high",
    keywords: ["eyjrawqioi"],
    marker: "eyJraWQiOi",
    window: { before: 0, after: 700 },
    pattern:
      /(?<![A-Za-z0-9_-])eyJraWQiOi[A-Za-z0-9_-]{60,150}\.eyJ[A-Za-z0-9_-]{80,240}\.[A-Za-z0-9_-]{86}(?![A-Za-z0-9_-])/,
    check: (secret) => ({
      keep: /"iss":"https:\/\/auth\.calendly\.com"/.test(
        textFromBase64(secret.split(".")[1]!) ?? "",
      ),
    }),
    help: readsAndChanges("its owner's events", "Integrations, API and webhooks"),
    revokeUrl: "https://calendly.com/integrations/api_webhooks",
    docsUrl: "https://developer.calendly.com/how-to-authenticate-with-personal-access-tokens",
    version: 1,
    matches: () => {
      const head = toBase64Url(`{"kid":"${hex(64)}","typ":"PAT","alg":"ES256"}`);
      const body = toBase64Url(
        `{"iss":"https://auth.calendly.com","iat":1700000000,"jti":"${uuid()}","user_uuid":"${
          uuid(2)
        }"}`,
      );
      return [`CALENDLY=${head}.${body}.${base64url(86)}`, `"${head}.${body}.${base64url(86, 2)}"`];
    },
    ignores: () => {
      const head = toBase64Url(`{"kid":"${hex(64)}","typ":"PAT","alg":"ES256"}`);
      const body = toBase64Url(
        `{"iss":"https://accounts.other.com","iat":1700000000,"jti":"${uuid()}","u":"${uuid(2)}"}`,
      );
      return [`"${head}.${body}.${base64url(86)}"`, `"${head}.${body}.short"`];
    },
  },
];
