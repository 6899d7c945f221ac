/** Banks, cards and exchanges for money. */
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

export const rules: readonly Rule[] = [
  prefixed({
    id: "brex-api-token",
    name: "Brex API token",
    vendor: "Brex",
    severity: "critical",
    prefix: "bxt_",
    body: "[A-Za-z0-9]{40,60}",
    help: "Reads, and by its scopes moves, the company's money. Revoke it under Developer.",
    revokeUrl: "https://dashboard.brex.com/settings/developer",
    docsUrl: "https://developer.brex.com/docs/authentication/",
    samples: () => ["bxt_" + alnum(44)],
  }),
  prefixed({
    id: "mercury-api-token",
    name: "Mercury API token",
    vendor: "Mercury",
    severity: "critical",
    prefix: ["mercury_production_", "mercury_sandbox_"],
    body: "(?:wma|rma|cma)_[A-Za-z0-9_]{40,80}",
    edge: "A-Za-z0-9_",
    check: (secret) =>
      secret.includes("sandbox") ? kept("test key", { severity: "low" }) : { keep: true },
    help:
      "Reads, and by its scopes moves, the company's money. Revoke it under Settings, API tokens.",
    revokeUrl: "https://app.mercury.com/settings/tokens",
    docsUrl: "https://docs.mercury.com/reference/getting-started-with-your-api",
    samples: () => [`mercury_production_wma_${alnum(48)}`],
  }),
  named({
    id: "kraken-private-key",
    name: "Kraken private key",
    vendor: "Kraken",
    severity: "critical",
    word: "kraken",
    noun: "private|secret|api_?sec",
    variable: "KRAKEN_PRIVATE_KEY",
    value: "[A-Za-z0-9+/]{86}==",
    confidence: "high",
    help: "Trades or withdraws from the account by its rights. Delete it under Settings, API.",
    revokeUrl: "https://pro.kraken.com/app/settings/api",
    docsUrl: "https://docs.kraken.com/api/docs/guides/spot-rest-auth/",
    samples: () => [base64(85) + "A=="],
  }),
  named({
    id: "kucoin-secret",
    name: "KuCoin API secret",
    vendor: "KuCoin",
    severity: "critical",
    word: "kucoin",
    noun: "secret",
    variable: "KUCOIN_API_SECRET",
    value: UUID,
    help: "Trades or withdraws from the account by its rights. Delete it under API management.",
    revokeUrl: "https://www.kucoin.com/account/api",
    samples: () => [uuid()],
  }),
];
