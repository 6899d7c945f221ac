/** Private networks and tunnels. */
import type { Rule } from "../rule.ts";
import { alnum } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const tailscale = {
  vendor: "Tailscale",
  revokeUrl: "https://login.tailscale.com/admin/settings/keys",
  docsUrl: "https://tailscale.com/kb/1277/key-prefixes",
};

function tailscaleKey(kind: string, name: string, help: string): Rule {
  const prefix = `tskey-${kind}-`;
  return prefixed({
    ...tailscale,
    id: `tailscale-${kind}-key`,
    name: `Tailscale ${name}`,
    severity: kind === "webhook" ? "medium" : "critical",
    prefix,
    body: "[A-Za-z0-9]{11,20}(?:CNTRL)?-[A-Za-z0-9]{31,34}",
    help,
    samples: () => [`${prefix}k${alnum(10)}CNTRL-${alnum(32)}`],
  });
}

export const rules: readonly Rule[] = [
  tailscaleKey("auth", "auth key", "Adds machines to the network. Revoke it under Settings, Keys."),
  tailscaleKey(
    "api",
    "API key",
    "Manages the network as its owner. Revoke it under Settings, Keys.",
  ),
  tailscaleKey(
    "client",
    "OAuth client secret",
    "Makes access tokens for the network. Revoke it under Settings, OAuth clients.",
  ),
  tailscaleKey(
    "scim",
    "SCIM key",
    "Creates and removes users. Regenerate it under User management.",
  ),
  tailscaleKey(
    "webhook",
    "webhook secret",
    "Lets anyone forge events. Rotate it under Settings, Webhooks.",
  ),
  named({
    id: "ngrok-authtoken",
    name: "ngrok authtoken",
    vendor: "ngrok",
    word: "ngrok|authtoken",
    noun: "token|key|add-authtoken",
    variable: "NGROK_AUTHTOKEN",
    value: "(?:[12][A-Za-z0-9]{26}_[A-Za-z0-9]{21}|cr_[A-Za-z0-9]{27})",
    confidence: "high",
    help: "Opens tunnels in the account's name. Delete it under Your authtoken.",
    revokeUrl: "https://dashboard.ngrok.com/get-started/your-authtoken",
    docsUrl: "https://ngrok.com/docs/agent/#authtokens",
    samples: () => [`2${alnum(26)}_${alnum(21)}`],
  }),
  prefixed({
    id: "ngrok-api-key",
    name: "ngrok API key",
    vendor: "ngrok",
    prefix: "ak_",
    keywords: ["ngrok"],
    body: "[A-Za-z0-9]{27}",
    help: "Manages the account's tunnels and addresses. Delete it under API.",
    revokeUrl: "https://dashboard.ngrok.com/api-keys",
    docsUrl: "https://ngrok.com/docs/api/",
    samples: () => ["ak_" + alnum(27)],
    surroundings: (secret) => [`NGROK_API_KEY=${secret}`, `ngrok("${secret}")`],
  }),
];
