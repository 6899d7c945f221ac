/** Tokens of services that publish pages and documentation. */
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, hex, lower } from "./samples.ts";
import { prefixed } from "./shapes.ts";

export const rules: readonly Rule[] = [
  prefixed({
    id: "readme-api-key",
    name: "ReadMe API key",
    vendor: "ReadMe",
    severity: "medium",
    prefix: "rdme_",
    body: "[a-z0-9]{70}",
    help: readsAndChanges("a project's documentation", "Configuration, API keys"),
    revokeUrl: "https://dash.readme.com/",
    docsUrl: "https://docs.readme.com/main/reference/authentication",
    samples: () => ["rdme_xn8s9h" + lower(64)],
  }),
  prefixed({
    id: "gitbook-token",
    name: "GitBook API token",
    vendor: "GitBook",
    severity: "medium",
    prefix: "gb_api_",
    body: "[A-Za-z0-9]{40}",
    help: readsAndChanges("documentation as its owner", "Settings, Developer"),
    revokeUrl: "https://app.gitbook.com/account/developer",
    docsUrl: "https://gitbook.com/docs/developers/gitbook-api/authentication",
    samples: () => ["gb_api_" + alnum(40)],
  }),
  prefixed({
    id: "webflow-site-token",
    name: "Webflow site token",
    vendor: "Webflow",
    prefix: "ws-",
    keywords: ["webflow"],
    body: "[0-9a-f]{64}",
    help: readsAndChanges("a site's content", "Site settings, Apps and integrations"),
    revokeUrl: "https://webflow.com/dashboard",
    docsUrl: "https://developers.webflow.com/data/reference/authentication/site-token",
    samples: () => ["ws-" + hex(64)],
    surroundings: (secret) => [`WEBFLOW_TOKEN=${secret}`, `webflow("${secret}")`],
  }),
  {
    id: "ghost-admin-key",
    name: "Ghost admin API key",
    vendor: "Ghost",
    severity: "high",
    confidence: "medium",
    keywords: ["ghost"],
    pattern: /ghost[^\n]{0,60}?["'= :]([0-9a-f]{24}:[0-9a-f]{64})(?![A-Za-z0-9])/i,
    help: readsAndChanges("a site's posts and members", "Settings, Integrations"),
    docsUrl: "https://docs.ghost.org/admin-api/#token-authentication",
    version: 1,
    matches: () => [
      `GHOST_ADMIN_API_KEY=${hex(24)}:${hex(64)}`,
      `ghost: { key: "${hex(24, 2)}:${hex(64, 2)}" }`,
    ],
    ignores: () => [`ghost = "${hex(24)}:${hex(32)}"`, `GHOST_CONTENT_API_KEY=${hex(26)}`],
  },
];
