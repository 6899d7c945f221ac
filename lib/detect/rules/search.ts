/** Search engines, hosted or one's own. */
import { fromBase64, toBase64 } from "../checks/base64.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { base64, base64url, hex } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

export const rules: readonly Rule[] = [
  named({
    id: "algolia-admin-key",
    name: "Algolia admin or write key",
    vendor: "Algolia",
    word: "algolia",
    noun: "admin\\w{0,8}key|write\\w{0,8}key|secret|api_?key",
    variable: "ALGOLIA_ADMIN_API_KEY",
    value: "[0-9a-f]{32}",
    help:
      "Changes and deletes search indexes; a search-only key is public. Regenerate it under Settings, API keys.",
    revokeUrl: "https://dashboard.algolia.com/account/api-keys",
    docsUrl: "https://www.algolia.com/doc/guides/security/api-keys/",
    check: (_, { before }) =>
      /search|public/i.test(before)
        ? { keep: false }
        : /admin|write|secret/i.test(before)
        ? kept("named an admin key", { confidence: "high" })
        : { keep: true, severity: "low" },
    samples: () => [hex(32)],
    ignores: () => [`ALGOLIA_SEARCH_API_KEY=${hex(32)}`],
  }),
  named({
    id: "elastic-api-key",
    name: "Elastic API key",
    vendor: "Elastic",
    word: "elastic|\\bes_|kibana|authorization",
    noun: "api_?key",
    variable: "ELASTIC_API_KEY",
    keywords: ["elastic", "es_api_key", "kibana", "apikey "],
    value: "[A-Za-z0-9+/]{58,62}={0,2}",
    help:
      "Searches and changes indexes, by its privileges. Invalidate it under Stack management, API keys.",
    docsUrl:
      "https://www.elastic.co/guide/en/elasticsearch/reference/current/security-api-create-api-key.html",
    check: (secret) => {
      const bytes = fromBase64(secret);
      return {
        keep: bytes !== null &&
          /^[A-Za-z0-9_-]{20}:[A-Za-z0-9_-]{22}$/.test(String.fromCharCode(...bytes)),
      };
    },
    samples: () => [toBase64(`${base64url(20)}:${base64url(22)}`)],
    ignores: () => [`ELASTIC_API_KEY=${base64(60)}`],
  }),
  prefixed({
    id: "elastic-cloud-key",
    name: "Elastic Cloud API key",
    vendor: "Elastic",
    severity: "critical",
    prefix: "essu_",
    body: "[A-Za-z0-9+/]{60,140}={0,2}",
    edge: "A-Za-z0-9+/=",
    help: "Manages deployments of the organisation. Delete it under Organization, API keys.",
    revokeUrl: "https://cloud.elastic.co/account/keys",
    docsUrl: "https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys",
    samples: () => ["essu_" + base64(90) + "=="],
  }),
  named({
    id: "meilisearch-or-typesense-key",
    name: "Meilisearch or Typesense admin key",
    vendor: "Meilisearch",
    word: "meili|typesense",
    noun: "master_?key|admin\\w{0,6}key|api_?key",
    variable: "MEILI_MASTER_KEY",
    value: "[A-Za-z0-9_-]{32,64}",
    help: "Changes and deletes search indexes. Start the server with a new master key.",
    docsUrl: "https://www.meilisearch.com/docs/learn/security/master_api_keys",
    check: (_, { before }) => /search/i.test(before) ? { keep: false } : { keep: true },
    samples: () => [base64url(43), hex(64)],
    ignores: () => [`TYPESENSE_SEARCH_API_KEY=${base64url(32)}`],
  }),
];
