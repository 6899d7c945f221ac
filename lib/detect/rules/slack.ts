/** Slack: tokens of every kind and webhooks. */
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, digits, hex, upper } from "./samples.ts";
import { prefixed } from "./shapes.ts";

const vendor = "Slack";
const revokeUrl = "https://api.slack.com/apps";
const docsUrl = "https://docs.slack.dev/authentication/tokens/";

/** The second part of a token is the number of its workspace. */
const ofWorkspace = (secret: string) => {
  const number = /^xox\w-(\d{9,13})-/.exec(secret)?.[1];
  return number === undefined ? { keep: true } : kept(`of workspace number ${number}`);
};

export const rules: readonly Rule[] = [
  prefixed({
    id: "slack-bot-token",
    name: "Slack bot token",
    vendor,
    severity: "high",
    prefix: "xoxb-",
    body: "(?:\\d{9,13}-\\d{9,13}-[A-Za-z0-9]{18,32}|\\d{8,14}-[A-Za-z0-9]{18,26})",
    edge: "A-Za-z0-9-",
    check: ofWorkspace,
    help:
      "Reads and writes as the app's bot in a workspace, by its scopes. Revoke it under the app's OAuth and permissions, or with auth.revoke.",
    revokeUrl,
    docsUrl,
    samples:
      () => [`xoxb-${digits(12)}-${digits(13)}-${alnum(24)}`, `xoxb-${digits(12)}-${alnum(24)}`],
    ignores: () => ["xoxb-not-a-real-token-at-all"],
  }),
  prefixed({
    id: "slack-user-token",
    name: "Slack user token",
    vendor,
    severity: "critical",
    prefix: ["xoxp-", "xoxe-", "xoxo-"],
    body: "\\d{9,13}-\\d{9,13}-(?:\\d{9,13}-)?[A-Za-z0-9]{18,34}",
    edge: "A-Za-z0-9-",
    check: ofWorkspace,
    help:
      "Acts as a person in a workspace, by its scopes. Revoke it under the app's OAuth and permissions, or with auth.revoke.",
    revokeUrl,
    docsUrl,
    samples: () => [
      `xoxp-${digits(12)}-${digits(12, 2)}-${digits(13)}-${hex(32)}`,
      `xoxp-${digits(10)}-${digits(10, 2)}-${digits(11)}-${hex(24)}`,
    ],
  }),
  prefixed({
    id: "slack-legacy-workspace-token",
    name: "Slack workspace token (old)",
    vendor,
    prefix: ["xoxa-", "xoxr-"],
    body: "(?:\\d-)?[0-9A-Za-z]{8,48}(?:-[0-9A-Za-z]{8,48}){0,4}",
    edge: "A-Za-z0-9-",
    confidence: "medium",
    check: (secret) => ({ keep: /\d{6}/.test(secret) && secret.length > 20 }),
    help: "Acts as an app in a workspace, or renews its token. Revoke it with auth.revoke.",
    revokeUrl,
    docsUrl,
    samples: () => [`xoxa-2-${digits(12)}-${digits(12, 2)}-${hex(32)}`],
  }),
  prefixed({
    id: "slack-legacy-token",
    name: "Slack tester's token (old)",
    vendor,
    severity: "critical",
    prefix: "xoxs-",
    body: "\\d{9,13}-\\d{9,13}-\\d{9,13}-[0-9a-fA-F]{10,64}",
    edge: "A-Za-z0-9-",
    help: "Acts as a person with all their rights. Revoke it with auth.revoke.",
    revokeUrl: "https://api.slack.com/legacy/custom-integrations/legacy-tokens",
    docsUrl,
    samples: () => [`xoxs-${digits(11)}-${digits(11, 2)}-${digits(11, 3)}-${hex(10)}`],
  }),
  prefixed({
    id: "slack-client-token",
    name: "Slack client token",
    vendor,
    severity: "high",
    prefix: "xoxc-",
    body: "\\d{9,13}-\\d{9,13}-\\d{9,13}-[0-9a-f]{64}",
    edge: "A-Za-z0-9-",
    help:
      "With the cookie beside it, it acts as a signed-in person. Sign out of all sessions in the account settings.",
    revokeUrl: "https://my.slack.com/account/settings",
    docsUrl,
    samples: () => [`xoxc-${digits(12)}-${digits(12, 2)}-${digits(13)}-${hex(64)}`],
  }),
  prefixed({
    id: "slack-app-token",
    name: "Slack app-level token",
    vendor,
    prefix: "xapp-",
    body: "\\d-[A-Z0-9]{9,13}-\\d{9,14}-[0-9a-fA-F]{60,70}",
    help:
      "Opens the app's events over a socket. Revoke it under Basic information, App-level tokens.",
    revokeUrl,
    docsUrl,
    samples: () => [`xapp-1-A${upper(10)}-${digits(13)}-${hex(64)}`],
  }),
  prefixed({
    id: "slack-configuration-token",
    name: "Slack app configuration token",
    vendor,
    severity: "high",
    prefix: ["xoxe.xoxp-", "xoxe.xoxb-", "xoxe-1-"],
    body: "(?:\\d-)?[A-Za-z0-9]{140,180}",
    help:
      "Creates and changes the owner's apps, or renews such a token. Revoke it under Your apps, App configuration tokens.",
    revokeUrl,
    docsUrl: "https://docs.slack.dev/authentication/using-token-rotation/",
    samples: () => [`xoxe.xoxp-1-${alnum(166)}`, `xoxe-1-${alnum(146)}`],
  }),
  prefixed({
    id: "slack-webhook",
    name: "Slack incoming webhook",
    vendor,
    severity: "medium",
    prefix: "hooks.slack.com/services/",
    body: "T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{23,25}",
    help: "Posts messages into one channel. Remove it under the app's Incoming webhooks.",
    revokeUrl,
    docsUrl: "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/",
    check: (secret) => ({ keep: !/T0{6,}|B0{6,}/.test(secret) }),
    samples: () => [`hooks.slack.com/services/T${upper(10)}/B${upper(10)}/${alnum(24)}`],
    ignores: () => [
      "https://hooks.slack.com/services/T00000000/B00000000/" + "X".repeat(24),
      "https://hooks.slack.com/services/TEAM/BOT/token",
    ],
  }),
  prefixed({
    id: "slack-workflow-webhook",
    name: "Slack workflow webhook",
    vendor,
    severity: "medium",
    prefix: ["hooks.slack.com/workflows/", "hooks.slack.com/triggers/"],
    body: "[TE][A-Z0-9]{7,12}/(?:A[A-Z0-9]{7,12}/)?\\d{9,20}/[A-Za-z0-9]{23,36}",
    help: "Starts a workflow. Make a new address in the Workflow Builder.",
    revokeUrl: "https://slack.com/help/articles/360041352714",
    docsUrl: "https://slack.com/help/articles/360041352714",
    samples: () => [
      `hooks.slack.com/workflows/T${upper(10)}/A${upper(10)}/${digits(18)}/${alnum(24)}`,
      `hooks.slack.com/triggers/T${upper(10)}/${digits(13)}/${hex(32)}`,
    ],
  }),
];
