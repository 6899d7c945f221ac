/** Realtime channels between the parts of an application, and the rooms and chats on them. */
import { textFromBase64, toBase64 } from "../checks/base64.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, base64url, hex, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

export const rules: readonly Rule[] = [
  {
    id: "pubnub-secret-key",
    name: "PubNub secret key",
    vendor: "PubNub",
    severity: "high",
    confidence: "high",
    keywords: ["sec-c-"],
    anchor: "keyword",
    pattern: /(?<![A-Za-z0-9-])sec-c-[A-Za-z0-9+/]{48}(?![A-Za-z0-9+/=])/,
    check: (secret) => ({
      keep: new RegExp(`^${UUID}$`).test(textFromBase64(secret.slice(6)) ?? ""),
    }),
    help: "Administers the application's channels. Make a new key set in the admin portal.",
    revokeUrl: "https://admin.pubnub.com/",
    docsUrl: "https://www.pubnub.com/docs/general/setup/account-setup",
    version: 1,
    matches:
      () => [`PUBNUB_SECRET=sec-c-${toBase64(uuid())}`, `secretKey: "sec-c-${toBase64(uuid(2))}"`],
    ignores: () => [`subscribeKey: "sub-c-${uuid()}"`, `secretKey: "sec-c-${alnum(48)}"`],
  },
  {
    id: "ably-api-key",
    name: "Ably API key",
    vendor: "Ably",
    severity: "high",
    confidence: "medium",
    keywords: ["ably"],
    pattern:
      /(?<![A-Za-z0-9_.-])([A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/,
    help: readsAndChanges("messages on the application's channels", "the application's API keys"),
    revokeUrl: "https://ably.com/accounts",
    docsUrl: "https://ably.com/docs/auth/basic",
    version: 1,
    matches: () => [
      `ABLY_API_KEY=${alnum(6)}.${alnum(6, 2)}:${base64url(43)}`,
      `new Ably.Realtime("${alnum(6, 3)}.${alnum(6, 4)}:${base64url(43, 2)}")`,
    ],
    ignores: () => [`ABLY_API_KEY=${alnum(6)}.${alnum(6)}:${alnum(20)}`, "probably a.b:c"],
  },
  named({
    id: "pusher-secret",
    name: "Pusher app secret",
    vendor: "Pusher",
    severity: "medium",
    word: "pusher",
    noun: "secret",
    variable: "PUSHER_APP_SECRET",
    value: "[0-9a-f]{20}",
    help: "Sends events to the application's channels. Make a new key under App keys.",
    revokeUrl: "https://dashboard.pusher.com/",
    docsUrl: "https://pusher.com/docs/channels/library_auth_reference/rest-api/",
    samples: () => [hex(20)],
    ignores: () => [`PUSHER_APP_KEY=${hex(20)}`],
  }),
  named({
    id: "sendbird-api-token",
    name: "Sendbird API token",
    vendor: "Sendbird",
    word: "sendbird",
    noun: "token|secret|api_?key",
    variable: "SENDBIRD_API_TOKEN",
    value: "[0-9a-f]{40}",
    help: readsAndChanges("chats and users", "Settings, Application, API tokens"),
    revokeUrl: "https://dashboard.sendbird.com/",
    docsUrl: "https://sendbird.com/docs/chat/platform-api/v3/prepare-to-use-api",
    samples: () => [hex(40)],
  }),
  prefixed({
    id: "liveblocks-secret-key",
    name: "Liveblocks secret key",
    vendor: "Liveblocks",
    prefix: ["sk_prod_", "sk_dev_"],
    keywords: ["liveblocks"],
    body: "[A-Za-z0-9_-]{60,70}",
    edge: "A-Za-z0-9_-",
    check: (secret) =>
      secret.startsWith("sk_dev_") ? kept("development key", { severity: "low" }) : { keep: true },
    help: readsAndChanges("rooms and their documents", "the project's API keys"),
    revokeUrl: "https://liveblocks.io/dashboard/apikeys",
    docsUrl: "https://liveblocks.io/docs/rooms/authentication",
    samples: () => ["sk_prod_" + base64url(64)],
    surroundings: (
      secret,
    ) => [`LIVEBLOCKS_SECRET_KEY=${secret}`, `new Liveblocks({ secret: "${secret}" })`],
  }),
];
